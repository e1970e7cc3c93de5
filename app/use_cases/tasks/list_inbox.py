"""A person's inbox: her open tasks and those her roles may take, counted, filtered and sorted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.gateways import clock
from app.moment import BUSINESS_ZONE
from app.storage import people, releases, user_tasks
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.permissions import Actor, require

PAGE_SIZE = 50
SOON = timedelta(hours=2)
SCOPES = ("mine", "unclaimed", "all")
FILTERS = ("", "late", "soon", "today", "again")
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
    """A task with its case and who claimed it."""

    task: UserTask
    case: LoanCase
    product: Text
    assignee: Text | None


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
        base = _scoped(actor, query.scope)
        narrowed = _narrowed(base, query, now)
        total = session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
        order = SORTS.get(query.sort, SORTS["due"])
        rows = session.execute(
            narrowed.order_by(*order).limit(PAGE_SIZE).offset((max(query.page, 1) - 1) * PAGE_SIZE)
        ).all()
        claimers = people.names(session, {row[0].claimed_by for row in rows if row[0].claimed_by})
        products = {key: Text(p.name_zh, p.name_en) for key, p in releases.products(session).items()}
        lines = tuple(
            InboxLine(
                task,
                case,
                products.get(case.product_key, Text(case.product_key)),
                Text(claimers[task.claimed_by].name_zh, claimers[task.claimed_by].name_en)
                if task.claimed_by in claimers
                else None,
            )
            for task, case in rows
        )
        counts = _counts(session, base, now)
        scopes = {scope: _count(session, _scoped(actor, scope)) for scope in SCOPES}
        steps = _steps(session, base)
    stamp = f"{counts['']}-{max((line.task.id for line in lines), default=0)}-{counts['late']}"
    return Inbox(lines, total, counts, scopes, steps, tuple(products.items()), query, stamp)


def count_scopes(session: Session, actor: Actor) -> dict[str, int]:
    """How many tasks stand in the scopes mine and unclaimed."""
    return {scope: _count(session, _scoped(actor, scope)) for scope in ("mine", "unclaimed")}


def openable(actor: Actor, task_ids: list[int]) -> frozenset[int]:
    """Which of these open tasks stand in the actor's inbox."""
    with reading() as session:
        query = _scoped(actor, "all").with_only_columns(UserTask.id).where(UserTask.id.in_(task_ids))
        return frozenset(session.scalars(query))


def neighbours(actor: Actor, task_id: int) -> tuple[int, int, int | None, int | None]:
    """(position from 1 or 0, total, previous id, next id) of a task among the actor's work by due date."""
    with reading() as session:
        ids = list(
            session.scalars(_scoped(actor, "all").with_only_columns(UserTask.id).order_by(*SORTS["due"]).limit(500))
        )
    if task_id not in ids:
        return 0, len(ids), None, ids[0] if ids else None
    at = ids.index(task_id)
    return at + 1, len(ids), ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None


def _scoped(actor: Actor, scope: str) -> Any:
    base = user_tasks.inbox(actor.organisation_id, actor.roles, actor.person_id, mine=scope == "mine")
    return base.where(UserTask.claimed_by.is_(None)) if scope == "unclaimed" else base


def _narrowed(base: Any, query: InboxQuery, now: datetime) -> Any:
    found = _filtered(base, query.filter, now)
    if query.step:
        found = found.where(UserTask.element_id == query.step)
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


def _filtered(base: Any, key: str, now: datetime) -> Any:
    if key == "late":
        return base.where(UserTask.due_at < now)
    if key == "soon":
        return base.where(UserTask.due_at >= now, UserTask.due_at < now + SOON)
    if key == "today":
        local = now.astimezone(BUSINESS_ZONE)
        midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return base.where(UserTask.due_at >= now, UserTask.due_at < midnight)
    return base.where(UserTask.round > 1) if key == "again" else base


def _count(session: Session, query: Any) -> int:
    return session.scalar(select(func.count()).select_from(query.with_only_columns(UserTask.id).subquery())) or 0


def _counts(session: Session, base: Any, now: datetime) -> dict[str, int]:
    return {key: _count(session, _filtered(base, key, now)) for key in FILTERS}


def _steps(session: Session, base: Any) -> tuple[tuple[str, Text], ...]:
    query = base.with_only_columns(UserTask.element_id, UserTask.name_zh, UserTask.name_en).distinct()
    return tuple((element, Text(zh, en)) for element, zh, en in session.execute(query))
