"""A person's inbox: her open tasks and those her roles may take, filtered and sorted, with their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.gateways import clock
from app.storage import people, releases, user_tasks
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.count_inbox import OTHERS, counted, doable, in_scope, matches, offered

PAGE_SIZE = 50
NEIGHBOURS = 500
SORTS: dict[str, Any] = {
    "due": (UserTask.due_at.is_(None), UserTask.due_at, UserTask.id),
    "entered": (UserTask.created_at.desc(), UserTask.id.desc()),
    "amount": (LoanCase.amount.is_(None), LoanCase.amount.desc(), UserTask.id),
    "priority": (UserTask.priority.desc(), UserTask.due_at, UserTask.id),
}


@dataclass(frozen=True)
class InboxQuery:
    """What to show; unknown words fall back to the default."""

    scope: str = "all"
    filter: str = ""
    step: str = ""
    product: str = ""
    sort: str = "due"
    words: str = ""
    page: int = 1


@dataclass(frozen=True)
class InboxLine:
    """A task with its case and who claimed it; `barred` where four eyes ask for another person than the actor."""

    task: UserTask
    case: LoanCase
    product: Text
    assignee: Text | None
    barred: bool = False


@dataclass(frozen=True)
class Inbox:
    """A page of tasks; `counts` by filter key over the scope, `scopes` by scope."""

    lines: tuple[InboxLine, ...]
    total: int
    counts: Mapping[str, int]
    scopes: Mapping[str, int]
    steps: tuple[tuple[str, Text], ...]
    products: tuple[tuple[str, Text], ...]
    query: InboxQuery
    stamp: str


def list_inbox(actor: Actor, query: InboxQuery) -> Inbox:
    """The page that was asked for; raises Forbidden for people without tasks."""
    require("work_on_tasks", actor)
    now = clock.moment().now
    with reading() as session:
        wanted = _narrowed(_of_filter(actor, query.filter, now).where(in_scope(query.scope, actor)), query)
        rows = _page(session, wanted, query)
        counts = counted(session, actor, query.scope, now)
        total = counts.filters.get(query.filter, counts.filters[""])
        if query.step or query.product or query.words.strip():
            total = session.scalar(wanted.with_only_columns(func.count())) or 0
        claimers = people.names(session, {task.claimed_by for task, _ in rows if task.claimed_by})
        products = {key: Text(p.name_zh, p.name_en) for key, p in releases.products(session).items()}
        watched = {task.case_id for task, _ in rows if task.apart_from}
        performed = user_tasks.done_with_duty(session, watched, actor.person_id) if watched else []
    lines = tuple(
        InboxLine(
            task,
            case,
            products.get(case.product_key, Text(case.product_key)),
            Text(claimers[task.claimed_by].name_zh, claimers[task.claimed_by].name_en)
            if task.claimed_by in claimers
            else None,
            _is_barred(actor, task, case, performed),
        )
        for task, case in rows
    )
    return Inbox(
        lines, total, counts.filters, counts.scopes, counts.steps, tuple(products.items()), query, counts.stamp
    )


def _of_filter(actor: Actor, key: str, now: datetime) -> Any:
    if key == OTHERS:
        return offered(actor).where(user_tasks.barred_for(actor.person_id))
    return doable(actor).where(matches(key, now))


def _is_barred(actor: Actor, task: UserTask, case: LoanCase, performed: Sequence[UserTask]) -> bool:
    if not task.apart_from:
        return False
    did = any(task.clashes_with(one) for one in performed if one.case_id == case.id)
    return did or case.created_by == actor.person_id


def openable(actor: Actor, task_ids: list[int]) -> frozenset[int]:
    """Which of these open tasks stand in the actor's inbox."""
    with reading() as session:
        query = offered(actor).with_only_columns(UserTask.id).where(UserTask.id.in_(task_ids))
        return frozenset(session.scalars(query))


def neighbours(actor: Actor, task_id: int) -> tuple[int, int, int | None, int | None]:
    """(position from 1 or 0, total, previous id, next id) of a task among the actor's work by due date."""
    with reading() as session:
        query = doable(actor).with_only_columns(UserTask.id).order_by(*SORTS["due"])
        ids = list(session.scalars(query.limit(NEIGHBOURS)))
    if task_id not in ids:
        return 0, len(ids), None, ids[0] if ids else None
    at = ids.index(task_id)
    return at + 1, len(ids), ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None


def _page(session: Session, wanted: Any, query: InboxQuery) -> list[tuple[UserTask, LoanCase]]:
    """The page's rows: only ids are sorted, the wide rows are read for the page alone."""
    order = SORTS.get(query.sort, SORTS["due"])
    if query.sort == "amount" and not _asks_cases(query):
        wanted = wanted.join(LoanCase, LoanCase.id == UserTask.case_id)
    ids = wanted.with_only_columns(UserTask.id).order_by(*order)
    shown = ids.limit(PAGE_SIZE).offset((max(query.page, 1) - 1) * PAGE_SIZE)
    rows = select(UserTask, LoanCase).join(LoanCase, LoanCase.id == UserTask.case_id)
    return list(session.execute(rows.where(UserTask.id.in_(shown)).order_by(*order)))


def _asks_cases(query: InboxQuery) -> bool:
    return bool(query.product or query.words.strip())


def _narrowed(base: Any, query: InboxQuery) -> Any:
    found = base.where(UserTask.element_id == query.step) if query.step else base
    if not _asks_cases(query):
        return found
    found = found.join(LoanCase, LoanCase.id == UserTask.case_id)
    if query.product:
        found = found.where(LoanCase.product_key == query.product)
    words = query.words.strip()
    if words:
        found = found.where(
            or_(
                LoanCase.number.icontains(words, autoescape=True),
                LoanCase.applicant_name.icontains(words, autoescape=True),
            )
        )
    return found
