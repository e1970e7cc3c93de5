"""A staff member's task: facts on the left, the decision on the right."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.administration.organisation_kinds import capacity_of
from app.use_cases.applications.milestones import GRANTED
from app.use_cases.permissions import Actor, may
from app.use_cases.tasks.show_task import TaskDetail
from app.web.page_models import Fact
from app.web.pages.collateral_facts import collateral_groups
from app.web.pages.contract_pages import contract_rows
from app.web.pages.form_part import conflict_note, form_part, task_head
from app.web.pages.panes import pane, tabs
from app.web.pages.shared import case_head, fact_groups, timing
from app.web.task_models import FourEyesNote, Overview, Queue, TaskPage

OPENS_AT = "opens_at"  # a user task's property: the tab that its page shows at first
Neighbours = tuple[int, int, int | None, int | None]


def task_page(
    actor: Actor,
    detail: TaskDetail,
    tab: str,
    neighbours: Neighbours,
    conflict: Any = None,
    password_error: Text | None = None,
) -> TaskPage:
    """The page with the chosen tab, else the one that the diagram names, else the first.

    People who see tasks only get the overview and the documents of their own.
    """
    task, file = detail.task, detail.file
    sees_case = may("view_cases", actor) or may("view_all_cases", actor)
    offered = tabs(detail) if sees_case else ()
    known = [one.key for one in offered]
    first = (task.properties or {}).get(OPENS_AT, "")
    chosen = next((key for key in (tab, first) if key in known), next(iter(known), "overview"))
    position, total, before, after = neighbours
    return TaskPage(
        task=task_head(actor.person_id, detail, has_next=after is not None),
        case=case_head(file, with_url=sees_case),
        timing=timing(task.created_at, task.due_at),
        figures=_figures(detail) if sees_case else (),
        tabs=offered,
        tab=chosen,
        pane=pane(detail, chosen) if sees_case else _task_facts(detail, capacity_of(actor.organisation_kind)),
        queue=Queue(position, total, _address(before), _address(after)) if position else None,
        form=form_part(actor, detail, password_error),
        four_eyes=_four_eyes(detail),
        note=None,
        conflict=conflict_note(conflict, detail),
        contracts=contract_rows(detail.contracts, task.id),
    )


def _address(task_id: int | None) -> str | None:
    return url_for("tasks.show", task_id=task_id) if task_id is not None else None


def _figures(detail: TaskDetail) -> tuple[Fact, ...]:
    case, seen = detail.file.case, detail.task.variables or {}
    limit, proposal = seen.get("limit"), seen.get("proposal")
    figures = [Fact(Text("申请金额", "Requested"), case.amount, "money")]
    if isinstance(limit, dict) and limit.get("max_amount") is not None:
        figures.append(Fact(Text("系统额度上限", "System limit"), limit["max_amount"], "money"))
    if isinstance(proposal, dict) and proposal.get("amount") is not None:
        figures.append(Fact(Text("初审建议", "Initial review"), proposal["amount"], "money"))
    approved = seen.get("approved")
    if case.milestone in GRANTED and isinstance(approved, dict) and approved.get("amount") is not None:
        figures.append(Fact(Text("批准金额", "Approved"), approved["amount"], "money"))
    figures.append(Fact(Text("期限（月）", "Term (months)"), case.term_months, "count"))
    if case.rating:
        figures.append(
            Fact(
                Text("评级", "Rating"), case.rating, "grade", Text(str(case.score)) if case.score is not None else None
            )
        )
    return tuple(figures)


def _four_eyes(detail: TaskDetail) -> FourEyesNote | None:
    if not detail.task.four_eyes or detail.task.state != "open":
        return None
    if detail.clash is not None:
        return FourEyesNote(
            ok=False,
            title=Text("这项任务须由另一个人办理。", "Another person must do this task."),
            text=Text(
                f"您已办理过本申请的“{detail.clash.zh}”。", f'You already did "{detail.clash.of("en")}" in this case.'
            ),
        )
    others = [task for task in detail.file.tasks if task.duty and task.duty in detail.task.four_eyes and task.done_by]
    names = [detail.file.person(task.done_by) for task in others]
    zh = "、".join(f"{task.name.zh}由{name.zh}办理" for task, name in zip(others, names, strict=True) if name)
    en = ", ".join(f"{task.name.of('en')} by {name.of('en')}" for task, name in zip(others, names, strict=True) if name)
    return FourEyesNote(
        ok=True,
        title=Text("四眼复核已满足。", "Four eyes are kept."),
        text=Text(
            f"{zh}；您没有参与这些步骤。" if zh else "您没有参与本申请的前序步骤。",
            f"{en}; you took no part in these steps." if en else "You took no part in earlier steps.",
        ),
    )


def _task_facts(detail: TaskDetail, capacity: str) -> Overview:
    """What a party that sees only its tasks learns: the application's fields that are open to it, else the goods."""
    given = detail.file.applications()
    if not given:
        return Overview((), collateral_groups(detail.file), (), 0)
    form, data = given[-1].form, given[-1].answer.data
    opened = {
        part.path.split("[", 1)[0]
        for part in form.fields
        if capacity in part.properties.get("visible_to", "").split(",")
    }
    groups = fact_groups(form, {key: value for key, value in data.items() if key in opened})
    return Overview((), groups or collateral_groups(detail.file), (), 0)
