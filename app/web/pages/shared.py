"""What several pages show of a case: its head, time left, timeline, documents and stations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from app.forms.component import walk
from app.texts import Text
from app.use_cases import clock
from app.use_cases.applications.milestones import MILESTONES, ended_badly, milestone
from app.use_cases.cases.case_file import CaseFile
from app.use_cases.cases.case_standing import CaseStanding
from app.use_cases.cases.document_names import document_names
from app.web import present
from app.web.page_models import CaseHead, Chip, DocumentRow, Entry, Fact, FactGroup, Pager, Step, Tag, Timing
from app.web.texts import language

SYSTEM_KINDS = ("service_task", "business_rule_task", "script_task", "send_task")
PERSON_KINDS = (
    "user_task",
    "claimed",
    "released",
    "reassigned",
    "offered",
    "pulled_back",
    "deleted",
    "signed",
    "stopped",
)
ACTS = {
    "claimed": Text("领取：", "claimed: "),
    "released": Text("放回：", "released: "),
    "reassigned": Text("改派：", "reassigned: "),
    "offered": Text("派发：", "offered: "),
    "stopped": Text("结束流程：", "ended the process: "),
}


def case_head(file: CaseFile, *, with_url: bool = True) -> CaseHead:
    """Company, number, product, round and where the case stands."""
    case, state = file.case, milestone(file.case.milestone)
    funder = file.party("funder")
    line: list[Text | str] = [funder.name] if funder else []
    if case.channel != "online":
        line.append(Text("代录入", "Entered by staff"))
    url = url_for("cases.show", case_number=case.number) if with_url else None
    borrower = file.party("borrower")
    firm_url = url_for("firms.show", firm_id=borrower.id) if with_url and borrower else None
    shown = (case.number, case.applicant_name, file.product_name, case.round, state.name, state.tone)
    return CaseHead(*shown, tuple(line), url, firm_url)


def timing(started_at: datetime | None, due_at: datetime | None) -> Timing:
    """Time left of a task and how much of it is used."""
    if due_at is None or started_at is None:
        return Timing(due_at, started_at, None, None)
    whole = (due_at - started_at).total_seconds()
    used = (clock.moment().now - started_at).total_seconds()
    percent = 100 if whole <= 0 else max(0, min(100, round(100 * used / whole)))
    span = due_at - started_at
    limit = Text(f"时限 {present.duration(span, 'zh')}", f"limit {present.duration(span, 'en')}")
    return Timing(due_at, started_at, percent, limit)


def person(name: Text | None) -> str:
    """A name in the page's language, "" for the system."""
    return name.of(language()) if name is not None else ""


def entries(file: CaseFile, *, show: str = "all") -> tuple[Entry, ...]:
    """The timeline, newest first; events and gateways of the drawing are left out, milestones are not."""
    found = []
    for row in reversed(file.history):
        is_person = row.kind in PERSON_KINDS
        if not is_person and row.kind not in SYSTEM_KINDS:
            continue
        if (show == "people" and not is_person) or (show == "system" and is_person):
            continue
        found.append(_entry(file, row, is_person))
    return tuple(found)


def _entry(file: CaseFile, row: Any, is_person: bool) -> Entry:
    who = file.organisations.get(row.organisation_id or 0)
    detail = row.detail if isinstance(row.detail, dict) else {}
    chosen = Text(detail["zh"], detail.get("en", "")) if "zh" in detail else None
    before = ACTS.get(row.kind, Text(""))
    text = Text(before.zh + row.name.zh, before.en + row.name.of("en"))
    kind = (
        "system"
        if not is_person
        else "decision"
        if chosen and row.kind not in ACTS
        else "borrower"
        if who and who.kind == "borrower"
        else "person"
    )
    return Entry(row.at, person(file.person(row.person_id)), who.name if who else None, text, chosen, kind)


def timeline_chips(show: str, address: Any) -> tuple[Chip, ...]:
    """All, people, system; `address(show)` gives the URL of each."""
    names = (("all", Text("全部", "All")), ("people", Text("人", "People")), ("system", Text("系统", "System")))
    return tuple(Chip(key, name, None, key == show, address(key)) for key, name in names)


def document_rows(file: CaseFile) -> tuple[DocumentRow, ...]:
    """Documents, newest first, with what they are called in the checklist they were asked by."""
    names = document_names(file)
    return tuple(
        DocumentRow(
            document_id=row.id,
            kind=names.get(row.kind, Text(row.kind or "资料", row.kind or "Document")),
            file_name=row.filename,
            size_bytes=row.size,
            uploaded_at=row.at,
            uploaded_by=person(file.person(row.person_id)),
            round=row.round,
            tag=Tag("violet", Text(f"第 {row.round} 轮", f"Round {row.round}")) if row.round > 1 else None,
            url=url_for("documents.show", document_id=row.id),
        )
        for row in reversed(file.documents)
    )


LAST_OF_A_REPAID_LOAN = 6
BEING_DONE = Text("办理中", "being worked on")


def stations(file: CaseStanding, *, own: Collection[int] | None = None) -> tuple[Step, ...]:
    """The stages of the product as stations: done, current, ahead or ended without passing.

    For a firm `own` are its tasks: what the bank does by name is not its business, nor is what comes only to loans that
    are not repaid, until it comes.
    """
    closed = ended_badly(file.case.milestone)
    found = []
    for stage in file.stages:
        status = file.stages_run.get(stage.process_key)
        if own is not None and status is None and stage.stage > LAST_OF_A_REPAID_LOAN:
            continue
        here = [task for task in file.open_tasks if task.process_key == stage.process_key]
        state = "ahead" if status is None else "current" if status == "active" else "done"
        found.append(
            Step(
                name=Text(stage.name_zh, stage.name_en),
                state=state,
                person=person(file.person(here[0].claimed_by)) if here else "",
                note=(here[0].name if own is None or here[0].id in own else BEING_DONE) if here else None,
                due_at=here[0].due_at if here else None,
                at=_ended(file, stage.process_key) if state == "done" else None,
            )
        )
    reached = [index for index, step in enumerate(found) if step.state != "ahead"]
    if closed and reached:
        last = found[reached[-1]]
        found[reached[-1]] = Step(
            last.name, "failed", at=file.case.milestone_at, note=MILESTONES[file.case.milestone].name
        )
    return tuple(found)


def _ended(file: CaseStanding, process_key: str) -> datetime | None:
    done = [task.done_at for task in file.tasks if task.process_key == process_key and task.done_at]
    return max(done) if done else None


def fact_groups(form: Any, data: dict[str, Any]) -> tuple[FactGroup, ...]:
    """A form's answers as facts to read; lists whose rows stand side by side are left to panes that set them so."""
    beside = {one.path for one in walk(form.components) if one.properties.get("layout") == "columns"}
    told = {key: value for key, value in data.items() if key not in beside}
    return tuple(
        FactGroup(title if title.zh else form.name, tuple(Fact(label, value) for label, value in facts))
        for title, facts in form.read(told, language())
        if facts
    )


def pager(page: int, size: int, total: int, address: Any) -> Pager:
    """Which rows a page shows; `address(page)` gives the URL of another one."""
    first = (page - 1) * size + 1 if total else 0
    last = min(page * size, total)
    return Pager(
        first, last, total, address(page - 1) if page > 1 else None, address(page + 1) if last < total else None
    )


def percent_of(text: str) -> Decimal:
    """A stored yearly rate as a number."""
    return Decimal(text)
