"""Counts a person's open tasks by scope, filter and step, all in one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, true
from sqlalchemy.orm import Session

from app.gateways import clock
from app.moment import next_midnight
from app.storage import user_tasks
from app.storage.database import reading
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.permissions import Actor, require

SOON = timedelta(hours=2)
SCOPES = ("mine", "unclaimed", "all")
FILTERS = ("", "late", "soon", "today", "again")
OTHERS = "others"  # the filter of what four eyes keep from the person: shown and counted apart from her work


@dataclass(frozen=True)
class InboxCounts:
    """`filters` by key and `steps` (element id, name) over one scope, `scopes` by scope; `stamp` changes with them.

    All count what the person may do, but for the filter OTHERS.
    """

    filters: Mapping[str, int]
    scopes: Mapping[str, int]
    steps: tuple[tuple[str, Text], ...]
    stamp: str


def count_inbox(actor: Actor, scope: str) -> InboxCounts:
    """The counters of an inbox page that polls; raises Forbidden for people without tasks."""
    require("work_on_tasks", actor)
    with reading() as session:
        return counted(session, actor, scope, clock.moment().now)


def counted(session: Session, actor: Actor, scope: str, now: datetime) -> InboxCounts:
    """Scopes are counted over all the person's work, the rest within `scope`."""
    here = in_scope(scope, actor)
    numbers = [func.count().filter(in_scope(key, actor)) for key in SCOPES]
    numbers += [func.count().filter(here, matches(key, now)) for key in FILTERS]
    step = (UserTask.element_id, UserTask.name_zh, UserTask.name_en)
    barred = user_tasks.barred_for(actor.person_id).label("barred")
    query = offered(actor).with_only_columns(*step, func.max(UserTask.id), *numbers, barred)
    every = [tuple(row) for row in session.execute(query.group_by(*step, "barred").order_by(UserTask.element_id))]
    rows = [row for row in every if not row[-1]]
    totals = [sum(row[column] for row in rows) for column in range(4, 4 + len(numbers))]
    filters = dict(zip(FILTERS, totals[len(SCOPES) :], strict=True))
    filters[OTHERS] = sum(row[4 + len(SCOPES)] for row in every if row[-1])
    return InboxCounts(
        filters,
        dict(zip(SCOPES, totals, strict=False)),
        tuple((row[0], Text(row[1], row[2])) for row in rows if row[4 + len(SCOPES)]),
        f"{filters['']}-{max((row[3] for row in every), default=0)}-{filters['late']}",
    )


def count_scopes(session: Session, actor: Actor) -> dict[str, int]:
    """How many tasks stand in each scope."""
    numbers = [func.count().filter(in_scope(key, actor)) for key in SCOPES]
    return dict(zip(SCOPES, session.execute(doable(actor).with_only_columns(*numbers)).one(), strict=True))


def offered(actor: Actor) -> Any:
    """The query of the person's open tasks, without an order."""
    return user_tasks.inbox(actor.organisation_id, actor.roles, actor.person_id)


def doable(actor: Actor) -> Any:
    """The same without what four eyes keep from the person."""
    return offered(actor).where(~user_tasks.barred_for(actor.person_id))


def in_scope(scope: str, actor: Actor) -> ColumnElement[bool]:
    """What is mine, what nobody has claimed, or both."""
    if scope == "mine":
        return UserTask.claimed_by == actor.person_id
    return UserTask.claimed_by.is_(None) if scope == "unclaimed" else true()


def matches(key: str, now: datetime) -> ColumnElement[bool]:
    """The condition of a filter; an unknown one lets everything through."""
    if key == "late":
        return UserTask.due_at < now
    if key == "soon":
        return UserTask.due_at.between(now, now + SOON)
    if key == "today":
        return (UserTask.due_at >= now) & (UserTask.due_at < next_midnight(now))
    return UserTask.round > 1 if key == "again" else true()
