"""The panes of a reviewer's task: overview, reports, documents, earlier opinions, rules, timeline, process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import request, url_for

from app.assessment.statements import read_statements
from app.texts import Text
from app.use_cases.assessment.show_ratios import show_ratios
from app.use_cases.cases.document_names import document_names
from app.use_cases.cases.judge_case import judge_case
from app.use_cases.cases.process_drawing import process_progress
from app.use_cases.loans.loan_of_task import loan_number_of
from app.use_cases.parties.report_words import REPORT_NAMES
from app.use_cases.tasks.show_task import TaskDetail
from app.web import drawing
from app.web.page_models import Change, Judgement
from app.web.pages.case_page import RoundChanges, round_changes
from app.web.pages.collateral_facts import collateral_groups, valuation_groups, visit_groups
from app.web.pages.loan_pane import loan_pane
from app.web.pages.process_pages import process_code
from app.web.pages.ratio_pane import Finances, finances
from app.web.pages.report_facts import report_facts
from app.web.pages.rule_pane import rule_traces
from app.web.pages.shared import document_rows, entries, fact_groups, person, stations, timeline_chips
from app.web.task_models import (
    Check,
    Documents,
    Opinion,
    Overview,
    ProcessPane,
    Report,
    RuleTrace,
    TaskTab,
    TimelinePane,
)
from app.web.texts import language

TAB_NAMES = {
    "loan": Text("贷款", "Loan"),
    "overview": Text("概况", "Overview"),
    "finances": Text("财务", "Finances"),
    "changes": Text("本轮改动", "Changes"),
    "reports": Text("征信与风险报告", "Reports"),
    "documents": Text("资料", "Documents"),
    "opinions": Text("前序意见", "Earlier opinions"),
    "rules": Text("规则依据", "Rules"),
    "timeline": Text("经过", "History"),
    "process": Text("流程图", "Process"),
}
RECENT = 5
TONES = {
    "pass": "green",
    "passed": "green",
    "approve": "green",
    "agree": "green",
    "confirm": "green",
    "clear": "green",
    "changed": "amber",
    "supplement": "amber",
    "refer": "amber",
    "hold": "amber",
    "return": "amber",
    "refuse": "red",
    "oppose": "red",
    "veto": "red",
    "recuse": "grey",
    "fail": "red",
}  # any other conclusion takes no side
YES_NO = {"yes": "green", "no": "amber", "na": "grey"}


def tabs(detail: TaskDetail) -> tuple[TaskTab, ...]:
    """The tabs that hold something for this task."""
    file = detail.file
    changed = round_changes(file)
    counts: dict[str, tuple[bool, int | None, str]] = {
        "loan": (loan_number_of(detail.task) is not None, None, ""),
        "overview": (True, None, ""),
        "finances": (bool(read_statements(file.application)), None, ""),
        "changes": (changed is not None, len(changed.rows) if changed else None, "amber"),
        "reports": (bool(file.reports), len(file.reports), ""),
        "documents": (bool(file.documents), len(file.documents), ""),
        "opinions": (any(a.answer.opinion for a in file.answered), None, ""),
        "rules": (bool(file.traces), None, ""),
        "timeline": (True, None, ""),
        "process": (True, None, ""),
    }
    warned = Counter(one.tab for one in judge_case(file) if one.tab)
    counts |= {tab: (True, number, "amber") for tab, number in warned.items()}
    return tuple(TaskTab(key, TAB_NAMES[key], count, tone) for key, (shown, count, tone) in counts.items() if shown)


def pane(detail: TaskDetail, key: str) -> Any:
    """The value of one tab."""
    return PANES[key](detail)


def _overview(detail: TaskDetail) -> Overview:
    file = detail.file
    given = file.applications()
    groups = fact_groups(given[-1].form, given[-1].answer.data) if given else ()
    found = entries(file)
    recent = entries(file, show="people") or found
    judgements = tuple(
        Judgement(one.tone, one.text, one.reason, one.tab, TAB_NAMES[one.tab] if one.tab else None)
        for one in judge_case(file)
    )
    seen = detail.task.variables or {}
    checked = (*visit_groups(seen), *valuation_groups(seen), *collateral_groups(file))
    return Overview(judgements, (*checked, *groups), recent[:RECENT], len(found))


def _finances(detail: TaskDetail) -> Finances | None:
    sheet = show_ratios(detail.file)
    return finances(sheet) if sheet else None


def _reports(detail: TaskDetail) -> tuple[Report, ...]:
    return tuple(
        Report(
            name=REPORT_NAMES.get(row.kind, Text(row.kind)),
            source=Text(row.source_zh, row.source_en),
            fetched_at=row.at,
            status="arrived",
            status_text=Text("已取回", "arrived"),
            facts=report_facts(row.kind, row.data, row.reference),
            findings=(),
        )
        for row in reversed(detail.file.reports)
    )


def _documents(detail: TaskDetail) -> Documents:
    file = detail.file
    asked = document_names(file)
    given = {row.kind for row in file.documents}
    wanted = {
        item["kind"]
        for task in file.tasks
        for value in (task.variables or {}).values()
        if isinstance(value, list)
        for item in value
        if isinstance(item, dict) and item.get("mandatory") is True and "kind" in item
    }
    return Documents(document_rows(file), tuple(asked[kind] for kind in sorted(wanted - given) if kind in asked))


def _opinions(detail: TaskDetail) -> tuple[Opinion, ...]:
    found: list[Opinion] = []
    before: dict[tuple[str, str], Any] = {}
    for one in detail.file.answered:
        if one.answer.opinion and one.answer.task_id != detail.task.id:
            same = (one.task.element_id if one.task else "", one.form.key)
            found.append(_opinion(detail, one, before.get(same)))
            before[same] = one
    return tuple(reversed(found))


def _changes_since(answered: Any, before: Any) -> tuple[Change, ...] | None:
    """What somebody said otherwise than at the same step before; None the first time."""
    if before is None:
        return None
    rows = answered.form.diff(before.answer.data, answered.answer.data)
    return tuple(Change(one.label, one.before, one.after) for one in rows)


def _opinion(detail: TaskDetail, answered: Any, before: Any) -> Opinion:
    data, form, file = answered.answer.data, answered.form, detail.file
    organisation = file.organisations.get(answered.answer.organisation_id or 0)
    decision = data.get("decision")
    conclusion = Text(str(decision)) if decision else None
    checks = []
    for part in form.fields:
        value = data.get(part.path)
        labels = {option.value: option.label for option in part.options}
        if part.path == "decision" and value in labels:
            conclusion = labels[value]
        elif set(labels) & set(YES_NO) and value in labels:
            checks.append(
                Check(part.label, labels[value], YES_NO.get(value, "grey"), str(data.get(f"{part.path}_remark") or ""))
            )
    shown = {
        key: value for key, value in data.items() if key not in ("opinion", "decision") and not _is_check(form, key)
    }
    return Opinion(
        step=answered.task.name if answered.task else form.name,
        person=person(file.person(answered.answer.person_id)),
        role=organisation.name if organisation else Text(""),
        at=answered.answer.at,
        round=answered.answer.round,
        conclusion=conclusion,
        tone=TONES.get(str(decision), ""),
        checks=tuple(checks),
        text=str(data.get("opinion") or ""),
        groups=fact_groups(form, shown),
        changes=None if _is_ballot(answered) else _changes_since(answered, before),
    )


def _is_ballot(answered: Any) -> bool:
    """Ballots of one element are different people's, not rounds of one opinion."""
    return answered.task is not None and answered.task.duty in answered.task.apart_from


def _is_check(form: Any, key: str) -> bool:
    root = key.removesuffix("_remark")
    part = next((part for part in form.fields if part.path == root), None)
    return part is not None and bool({option.value for option in part.options} & {"yes", "na"})


def _rules(detail: TaskDetail) -> tuple[RuleTrace, ...]:
    return rule_traces(detail.file)


def _timeline(detail: TaskDetail) -> TimelinePane:
    show = request.args.get("show", "all")
    task_id = detail.task.id
    chips = timeline_chips(show, lambda key: url_for("tasks.show", task_id=task_id, tab="timeline", show=key))
    return TimelinePane(entries(detail.file, show=show), chips)


def _process(detail: TaskDetail) -> ProcessPane:
    shown = process_progress(detail.task.instance_id)
    states = {key: drawing.Progress(one.state, one.note) for key, one in shown.elements.items()}
    return ProcessPane(
        name=shown.name,
        code=process_code(shown),
        version=shown.version,
        entered_at=shown.started_at,
        steps=stations(detail.file),
        drawing=drawing.draw(shown.diagram, states, language()),
        after=(),
        records=(),
    )


def _changes(detail: TaskDetail) -> RoundChanges | None:
    return round_changes(detail.file)


PANES: dict[str, Callable[[TaskDetail], Any]] = {
    "loan": loan_pane,
    "overview": _overview,
    "finances": _finances,
    "changes": _changes,
    "reports": _reports,
    "documents": _documents,
    "opinions": _opinions,
    "rules": _rules,
    "timeline": _timeline,
    "process": _process,
}
