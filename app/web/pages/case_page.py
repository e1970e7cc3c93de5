"""The case page: where it stands, what happened, what changed, what was decided, who is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.applications.milestones import milestone
from app.use_cases.assessment.show_ratios import show_ratios
from app.use_cases.cases.case_file import CaseFile
from app.use_cases.cases.explain_decisions import Summary, summarise_decisions
from app.use_cases.cases.waiting_steps import waiting_steps
from app.use_cases.firms.firm_scope import NO_FIRMS
from app.use_cases.permissions import Actor, may
from app.web.page_models import CaseHead, Change, Chip, DocumentRow, Entry, Fact, FactGroup, Link, Party, Step, Timing
from app.web.pages.collateral_facts import collateral_groups
from app.web.pages.ratio_pane import Finances, finances
from app.web.pages.shared import case_head, document_rows, entries, person, stations, timeline_chips, timing
from app.web.pages.waiting_line import waiting_line
from app.web.texts import language

ROWS_NAMED = 3
CAPACITIES = {
    "borrower": Text("借款人", "Borrower"),
    "funder": Text("资金方", "Funder"),
    "core_enterprise": Text("核心企业", "Core enterprise"),
    "guarantor": Text("担保人", "Guarantor"),
    "custodian": Text("监管方", "Custodian"),
    "appraiser": Text("评估公司", "Appraiser"),
    "law_firm": Text("律师事务所", "Law firm"),
    "disposal_company": Text("处置公司", "Disposal company"),
}


@dataclass(frozen=True)
class OpenTask:
    name: Text
    assignee: str | None
    due_at: datetime | None
    url: str | None


@dataclass(frozen=True)
class NowLine:
    title: Text
    text: Text
    right: Text


@dataclass(frozen=True)
class RoundChanges:
    from_round: int
    to_round: int
    from_at: datetime
    rows: tuple[Change, ...]


@dataclass(frozen=True)
class DecisionLine:
    label: Text
    value: Text | str
    note: Text | None
    tone: str = ""


@dataclass(frozen=True)
class LimitBar:
    name: Text
    used: Decimal
    this: Decimal
    total: Decimal


@dataclass(frozen=True)
class IncidentLine:
    name: Text
    text: Text
    at: datetime
    attempts: int
    retry_url: str | None


@dataclass(frozen=True)
class CasePage:
    case: CaseHead
    timing: Timing | None
    figures: tuple[Fact, ...]
    steps: tuple[Step, ...]
    my_task: Link | None
    open_tasks: tuple[OpenTask, ...]
    entries: tuple[Entry, ...]
    chips: tuple[Chip, ...]
    total: int
    now_line: NowLine | None
    changes: RoundChanges | None
    decisions: tuple[DecisionLine, ...]
    limits: tuple[LimitBar, ...]
    parties: tuple[Party, ...]
    documents: tuple[DocumentRow, ...]
    incidents: tuple[IncidentLine, ...]
    collateral: tuple[FactGroup, ...]
    finances: Finances | None
    folds: bool


def case_page(actor: Actor, file: CaseFile, show: str, mine: frozenset[int]) -> CasePage:
    """The page; `mine` are the ids of open tasks that the actor may open."""
    waiting = file.open_tasks
    first = waiting[0] if waiting else None
    my_first = next((task for task in waiting if task.id in mine), None)
    found = entries(file, show=show)
    number = file.case.number
    return CasePage(
        case=case_head(file, with_url=False),
        timing=timing(first.created_at, first.due_at) if first and first.due_at else None,
        figures=_figures(file),
        steps=stations(file),
        my_task=Link(my_first.name, url_for("tasks.show", task_id=my_first.id)) if my_first else None,
        open_tasks=tuple(
            OpenTask(
                task.name,
                person(file.person(task.claimed_by)) or None,
                task.due_at,
                url_for("tasks.show", task_id=task.id) if task.id in mine else None,
            )
            for task in waiting
        ),
        entries=found,
        chips=timeline_chips(show, lambda key: url_for("cases.show", case_number=number, show=key)),
        total=len(found),
        now_line=_now_line(file, first),
        changes=round_changes(file),
        decisions=_decisions(file),
        limits=(),
        parties=tuple(
            Party(CAPACITIES[capacity], file.organisations[id_].name.of(language()), url=_firm_url(capacity, id_))
            for capacity, id_ in file.parties.items()
            if capacity in CAPACITIES and id_ in file.organisations
        ),
        documents=document_rows(file),
        incidents=tuple(_incident(actor, file, row) for row in file.incidents),
        collateral=collateral_groups(file),
        finances=finances(sheet) if (sheet := show_ratios(file)) else None,
        folds=show == "all",
    )


def _firm_url(capacity: str, organisation_id: int) -> str | None:
    return None if capacity in NO_FIRMS else url_for("firms.show", firm_id=organisation_id)


def _figures(file: CaseFile) -> tuple[Fact, ...]:
    case = file.case
    figures = [
        Fact(Text("申请金额", "Requested"), case.amount, "money"),
        Fact(Text("期限（月）", "Term (months)"), case.term_months, "count"),
    ]
    if case.rating:
        figures.append(
            Fact(
                Text("评级", "Rating"), case.rating, "grade", Text(str(case.score)) if case.score is not None else None
            )
        )
    if file.offers:
        offer = file.offers[-1]
        figures.append(
            Fact(Text("方案金额", "Offered"), offer.amount, "money", Text(f"{offer.rate_percent_per_year}%"))
        )
    figures.append(Fact(Text("建立", "Opened"), case.created_at, "moment"))
    return tuple(figures)


def _now_line(file: CaseFile, first: Any) -> NowLine | None:
    if file.incidents:
        return None
    if first is None:
        held_up = waiting_steps(file)
        if held_up:
            return NowLine(Text("系统会再试", "The system tries again"), waiting_line(held_up), Text(""))
        if file.pending:
            step = file.pending[0]
            return NowLine(
                Text("系统正在处理", "The system is working"), Text(step.name_zh or step.name, step.name_en), Text("")
            )
        return None
    who = file.person(first.claimed_by)
    name = (
        Text(f"{who.zh}正在办理", f"{who.of('en')} is working on it")
        if who
        else Text("等待领取", "Waiting to be claimed")
    )
    return NowLine(name, first.name, Text(""))


def round_changes(file: CaseFile) -> RoundChanges | None:
    """What the newest application changed against the one before it; None where there is one only."""
    given = file.applications()
    if len(given) < 2:
        return None
    before, after = given[-2], given[-1]
    rows = tuple(
        Change(one.label, one.before, one.after) for one in after.form.diff(before.answer.data, after.answer.data)
    )
    return RoundChanges(before.answer.round, after.answer.round, before.answer.at, rows)


def _decisions(file: CaseFile) -> tuple[DecisionLine, ...]:
    rules = [DecisionLine(one.name, one.answer, _rows(one)) for one in summarise_decisions(file.traces)]
    people = []
    for answered in file.answered:
        decision = answered.answer.data.get("decision")
        if not isinstance(decision, str) or answered.task is None:
            continue
        labels = {o.value: o.label for part in answered.form.fields if part.path == "decision" for o in part.options}
        who = person(file.person(answered.answer.person_id))
        people.append(DecisionLine(answered.task.name, labels.get(decision, Text(decision)), Text(who)))
    return (*rules, *people)


def _rows(one: Summary) -> Text | None:
    """Which rows of the table gave the result."""
    numbers = one.rows
    if not numbers:
        return None
    if len(numbers) > ROWS_NAMED:
        return Text(f"{len(numbers)} 行", f"{len(numbers)} rows")
    named = ", ".join(map(str, numbers))
    return Text(f"第 {named} 行", f"row{'s' if len(numbers) > 1 else ''} {named}")


def _incident(actor: Actor, file: CaseFile, row: Any) -> IncidentLine:
    name = next((task.name for task in file.tasks if task.element_id == row.element_id), None)
    sent = next((out for out in file.pending if out.id == row.outbox_id), None)
    shown = name or (Text(sent.name_zh, sent.name_en) if sent else Text("系统步骤", "A system step"))
    retry = (
        url_for("cases.retry", case_number=file.case.number, incident_id=row.id)
        if may("retry_incidents", actor)
        else None
    )
    return IncidentLine(shown, Text(row.cause_zh, row.cause_en), row.created_at, sent.attempts if sent else 1, retry)


def status_words(key: str) -> tuple[Text, str]:
    """A milestone's words and tone."""
    found = milestone(key)
    return found.name, found.tone
