"""The page that asks who shall have some tasks: the tasks, each candidate's load before and after, the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from app.texts import Text
from app.use_cases.tasks.plan_reassignment import EVENLY, UNCLAIMED, Plan, PlannedTask, Taker
from app.use_cases.tasks.reassign_tasks import LONGEST_REASON
from app.web.page_models import Timing
from app.web.pages.shared import timing
from app.web.texts import language

MOST_TASKS_SHOWN = 12


@dataclass(frozen=True)
class TaskRow:
    value: str
    case_number: str
    company: str
    name: Text
    holder: str | None
    timing: Timing


@dataclass(frozen=True)
class TakerRow:
    """`value` is what its button sends, "" where it cannot be chosen; `before` and `after` are percent of the longest
    bar, `words` say what it means where there is no bar.
    """

    value: str
    name: Text
    place: Text
    words: Text
    note: Text
    before: int
    after: int
    before_percent: int
    more_percent: int
    selected: bool


@dataclass(frozen=True)
class ReassignPage:
    title: Text
    tasks: tuple[TaskRow, ...]
    more: int
    total: int
    takers: tuple[TakerRow, ...]
    action_url: str
    cancel_url: str
    reason: str
    longest_reason: int
    error: Text | None


def reassign_page(
    plan: Plan, person_id: int | None, name: Text | None, given: Mapping[str, str], error: Text | None
) -> ReassignPage:
    """For chosen tasks, or for all of a person's (`person_id`, `name`); `given` and `error` after a refusal."""
    title = Text(f"改派 {plan.total} 项任务", f"Reassign {plan.total} tasks")
    if name is not None:
        title = Text(
            f"移交{name.zh}的 {plan.total} 项任务",
            f"Move {plan.total} {'task' if plan.total == 1 else 'tasks'} of {name.of('en')}",
        )
    chosen = given.get("to") or (EVENLY if plan.evenly else UNCLAIMED)
    return ReassignPage(
        title=title,
        tasks=tuple(_task(one) for one in plan.tasks),
        more=max(0, len(plan.tasks) - MOST_TASKS_SHOWN),
        total=plan.total,
        takers=_takers(plan, chosen, person_id is not None),
        action_url=url_for("work.reassign_now") if person_id is None else url_for("work.move_now", person_id=person_id),
        cancel_url=url_for("work.index"),
        reason=given.get("reason", ""),
        longest_reason=LONGEST_REASON,
        error=error,
    )


def _task(one: PlannedTask) -> TaskRow:
    holder = one.holder.of(language()) if one.holder else None
    value = f"{one.task_id}:{one.holder_id or ''}"
    return TaskRow(value, one.case_number, one.company, one.name, holder, timing(one.started_at, one.due_at))


def _takers(plan: Plan, chosen: str, is_move: bool) -> tuple[TakerRow, ...]:
    longest = max((one.before + one.takes for one in plan.takers), default=1) or 1
    rows = [_taker(one, longest, plan.total, chosen, is_move) for one in plan.takers]
    if plan.evenly:
        rows.insert(0, _plain(EVENLY, Text("平均分配", "Spread evenly"), SUGGESTED, _shares(plan), chosen))
    free = Text("有这个角色的人都可以领取", "everybody with the role may claim them")
    rows.append(_plain(UNCLAIMED, Text("放回待领取", "Back to unclaimed"), Text(""), free, chosen))
    return tuple(rows)


SUGGESTED = Text("系统建议", "suggested")


def _shares(plan: Plan) -> Text:
    zh = "，".join(f"{name.zh} {number} 项" for name, number in plan.evenly)
    en = ", ".join(f"{name.of('en')} {number}" for name, number in plan.evenly)
    if plan.left_over:
        zh, en = f"{zh}；{plan.left_over} 项没人能办", f"{en}; {plan.left_over} that nobody may do"
    return Text(zh, en)


def _plain(value: str, name: Text, note: Text, words: Text, chosen: str) -> TakerRow:
    return TakerRow(value, name, note, words, Text(""), 0, 0, 0, 0, value == chosen)


def _taker(one: Taker, longest: int, total: int, chosen: str, is_move: bool) -> TakerRow:
    value = str(one.person_id) if one.takes else ""
    note, words = Text(""), Text("")
    if one.barred:
        did = one.barred[0][1]
        note = Text(
            f"办过其中 {len(one.barred)} 件的“{did.zh}”，须回避",
            f'did "{did.of("en")}" in {len(one.barred)} of them and is barred',
        )
    elif one.may < total:
        left = total - one.may
        note = (
            Text(f"其余 {left} 项放回待领取", f"the other {left} become unclaimed")
            if is_move
            else Text(f"只能办其中 {one.may} 项", f"may do {one.may} of them")
        )
    if not one.takes:
        words, note = (note if one.barred else Text("已经都在手上", "has them already")), Text("")
    return TakerRow(
        value,
        one.name,
        one.organisation,
        words,
        note,
        one.before,
        one.before + one.takes,
        100 * one.before // longest,
        100 * one.takes // longest,
        value == chosen,
    )
