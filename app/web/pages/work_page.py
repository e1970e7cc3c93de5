"""The page of all open work: the tasks with their holders, and what each person has in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.tasks.list_all_work import PAGE_SIZE, AllWork, Load, WorkLine, WorkQuery
from app.web.page_models import Chip, Choice, Empty, Link, Pager, Tag, Timing
from app.web.pages.shared import pager, timing
from app.web.texts import language

FILTERS = {
    "": (Text("全部", "All"), ""),
    "late": (Text("已超时", "Late"), "red"),
    "today": (Text("今天到期", "Due today"), "amber"),
    "unclaimed": (Text("没人领取", "Unclaimed"), ""),
}
UNCLAIMED = Text("没人领取", "Unclaimed")
MOST_SHOWN = 15


@dataclass(frozen=True)
class WorkRow:
    """`value` is what a ticked box sends: the task and the holder that is shown."""

    value: str
    task: Text
    case_number: str
    case_url: str
    company: str
    holder: str | None
    place: str
    role: str
    entered_at: datetime
    timing: Timing
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class LoadRow:
    """A bar: `late`, `today` and `rest` add up to `open`; the widths are percent of the longest bar."""

    name: Text
    open: int
    late: int
    widths: tuple[int, int, int]
    url: str
    move_url: str | None
    selected: bool


@dataclass(frozen=True)
class WorkPage:
    chips: tuple[Chip, ...]
    people: tuple[Choice, ...]
    organisations: tuple[Choice, ...]
    roles: tuple[Choice, ...]
    processes: tuple[Choice, ...]
    steps: tuple[Choice, ...]
    query: WorkQuery
    rows: tuple[WorkRow, ...]
    loads: tuple[LoadRow, ...]
    more_people: int
    pager: Pager
    empty: Empty | None


def work_page(found: AllWork) -> WorkPage:
    """The page of a list."""
    query = found.query
    longest = max((one.open for one in found.loads if one.person_id is not None), default=1)
    people = [one for one in found.loads if one.person_id is not None]
    shown = [one for one in found.loads if one.person_id is None] + people[:MOST_SHOWN]
    return WorkPage(
        chips=tuple(
            Chip(key, name, found.counts[key], key == query.filter, _address(query, filter=key, page=1), tone)
            for key, (name, tone) in FILTERS.items()
        ),
        people=_choices(
            Text("全部处理人", "All people"),
            [(str(one.person_id), one.name or UNCLAIMED) for one in people],
            str(query.person_id or ""),
        ),
        organisations=_choices(
            Text("全部机构", "All organisations"),
            [(str(key), name) for key, name in found.organisations],
            str(query.organisation_id or ""),
        ),
        roles=_choices(Text("全部角色", "All roles"), list(found.roles), query.role),
        processes=_choices(Text("全部流程", "All processes"), list(found.processes), query.process),
        steps=_choices(Text("全部环节", "All steps"), list(found.steps), query.step),
        query=query,
        rows=tuple(_row(line) for line in found.lines),
        loads=tuple(_load(one, longest, query) for one in shown),
        more_people=max(0, len(people) - MOST_SHOWN),
        pager=pager(query.page, PAGE_SIZE, found.total, lambda page: _address(query, page=page)),
        empty=None if found.lines else _empty(query),
    )


def _address(query: WorkQuery, **changes: Any) -> str:
    values: dict[str, Any] = {
        "filter": query.filter,
        "person": query.person_id,
        "role": query.role,
        "organisation": query.organisation_id,
        "process": query.process,
        "step": query.step,
        "q": query.words,
        "page": query.page,
    } | changes
    if values["page"] == 1:
        values.pop("page")
    return url_for("work.index", **{key: value for key, value in values.items() if value})


def _choices(first: Text, offered: list[tuple[str, Text]], selected: str) -> tuple[Choice, ...]:
    return (Choice("", first, not selected), *(Choice(key, name, key == selected) for key, name in offered))


def _row(line: WorkLine) -> WorkRow:
    task, case, here = line.task, line.case, language()
    tags = (Tag("violet", Text(f"第 {task.round} 轮", f"Round {task.round}")),) if task.round > 1 else ()
    return WorkRow(
        value=f"{task.id}:{task.claimed_by or ''}",
        task=task.name,
        case_number=case.number,
        case_url=url_for("cases.show", case_number=case.number),
        company=case.applicant_name,
        holder=line.holder.of(here) if line.holder else None,
        place=_said(line.places),
        role=_said(line.roles),
        entered_at=task.created_at,
        timing=timing(task.created_at, task.due_at),
        tags=tags,
    )


def _said(texts: tuple[Text, ...]) -> str:
    here = language()
    return (", " if here == "en" else "、").join(one.of(here) for one in texts)


def _load(one: Load, longest: int, query: WorkQuery) -> LoadRow:
    """The bar of what nobody has claimed has no length of its own: it would make everybody else's a dot."""
    rest = one.open - one.late - one.today
    scale = longest if one.person_id is not None else max(one.open, 1)
    widths = (100 * one.late // scale, 100 * one.today // scale, 100 * rest // scale)
    if one.person_id is None:
        url, move, selected = _address(query, filter="unclaimed", person=None, page=1), None, False
    else:
        selected = one.person_id == query.person_id
        url = _address(query, person=None if selected else one.person_id, page=1)
        move = url_for("work.move", person_id=one.person_id)
    return LoadRow(one.name or UNCLAIMED, one.open, one.late, widths, url, move, selected)


def _empty(query: WorkQuery) -> Empty:
    plain = WorkQuery()
    if query == plain:
        return Empty(
            Text("现在没有打开的任务", "There are no open tasks"),
            Text("所有机构的人都办完了手上的事。", "Everybody in every organisation has done their work."),
        )
    return Empty(
        Text("没有符合筛选的任务", "No task fits these filters"),
        Text("去掉一部分筛选再看。", "Drop some of them."),
        Link(Text("清除全部筛选", "Clear all filters"), url_for("work.index")),
    )
