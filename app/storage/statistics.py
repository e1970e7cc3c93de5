"""Statistics over cases, processes and people: each is one aggregating statement, whatever the number of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Subquery, case, cast, extract, func, literal, select, true
from sqlalchemy.orm import Session

from app.storage.cases import FIRMS_OWN, CaseParty, LoanCase
from app.storage.instances import ProcessInstance
from app.storage.loans import Loan
from app.storage.organisations import Membership, Organisation
from app.storage.people import Person
from app.storage.releases import OVERVIEW_STAGE, ProcessDefinition
from app.storage.user_tasks import UserTask

FUNDER = "funder"


@dataclass(frozen=True)
class Scope:
    """From `since` inclusive to `until`; `funder_id` None is every funder."""

    funder_id: int | None
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Times:
    """How long `many` runs took, in minutes: half of them at most `median`, nine of ten at most `ninety`."""

    key: str
    many: int
    median: int
    ninety: int


@dataclass(frozen=True)
class Done:
    """How many tasks a person finished, and the median of the minutes from taking one to finishing it."""

    name_zh: str
    name_en: str
    tasks: int
    median: int | None


def applications(session: Session, scope: Scope, starts: Sequence[datetime]) -> list[tuple[int, str, str, int]]:
    """(place of the period in `starts`, product key, milestone, cases) of what firms sent, by the day it was begun."""
    later: list[Any] = [(LoanCase.created_at >= start, place) for place, start in reversed(list(enumerate(starts)))]
    period = case(*later, else_=0).label("period")
    keys = (period, LoanCase.product_key, LoanCase.milestone)
    query = select(*keys, func.count()).where(_sent(scope))
    rows = session.execute(query.group_by(*keys).order_by(*keys))
    return [(place, product, milestone, number) for place, product, milestone, number in rows]


def reached(session: Session, scope: Scope) -> dict[int, int]:
    """Stage of the processes -> cases of the scope that came to it."""
    query = select(ProcessDefinition.stage, func.count(ProcessInstance.case_id.distinct()))
    query = query.join(ProcessInstance, ProcessInstance.process_key == ProcessDefinition.process_key)
    query = query.join(LoanCase, LoanCase.id == ProcessInstance.case_id).where(_sent(scope))
    return dict(session.execute(query.group_by(ProcessDefinition.stage)).all())


def under_way(session: Session, funder_id: int | None) -> dict[int, int]:
    """Stage of the processes -> cases that are in it now, whenever they began."""
    query = select(ProcessDefinition.stage, func.count(ProcessInstance.case_id.distinct()))
    query = query.join(ProcessInstance, ProcessInstance.process_key == ProcessDefinition.process_key)
    query = query.join(LoanCase, LoanCase.id == ProcessInstance.case_id)
    query = query.where(ProcessInstance.status == "active", LoanCase.milestone.not_in(FIRMS_OWN))
    query = query.where(_of_funder(ProcessInstance.case_id, funder_id))
    return dict(session.execute(query.group_by(ProcessDefinition.stage)).all())


def processes(session: Session) -> list[ProcessDefinition]:
    """What runs, in the order of the stages."""
    query = select(ProcessDefinition).where(ProcessDefinition.stage != OVERVIEW_STAGE)
    return list(session.scalars(query.order_by(ProcessDefinition.stage, ProcessDefinition.process_key)))


def process_times(session: Session, scope: Scope) -> list[Times]:
    """Of the runs of each process that ended in the scope."""
    table = ProcessInstance
    query = select(table.process_key.label("key"), _minutes(table.started_at, table.ended_at))
    query = query.where(table.ended_at >= scope.since, table.ended_at < scope.until)
    return _times(session, query.where(_of_funder(table.case_id, scope.funder_id)).subquery())


def times_to_payout(session: Session, scope: Scope, since: date) -> Times | None:
    """From the beginning of an application to its loan, of the loans paid out from the day `since` on."""
    lasted = _minutes(LoanCase.created_at, Loan.activated_at)
    query = select(literal("").label("key"), lasted).join(LoanCase, LoanCase.id == Loan.case_id)
    query = query.where(Loan.paid_out_on >= since)
    if scope.funder_id is not None:
        query = query.where(Loan.funder_id == scope.funder_id)
    return next(iter(_times(session, query.subquery())), None)


def busiest(session: Session, scope: Scope, limit: int) -> list[Done]:
    """Which people of funders finished most tasks in cases of the scope's funder, the busiest first."""
    people = select(Membership.person_id).join(Organisation, Organisation.id == Membership.organisation_id)
    people = people.where(Organisation.kind == FUNDER)
    if scope.funder_id is not None:
        people = people.where(Membership.organisation_id == scope.funder_id)
    query = select(UserTask.done_by.label("key"), _minutes(UserTask.claimed_at, UserTask.done_at))
    query = query.where(UserTask.done_at >= scope.since, UserTask.done_at < scope.until, UserTask.done_by.in_(people))
    found = _ranked(query.where(_of_funder(UserTask.case_id, scope.funder_id)).subquery())
    rows = select(Person.name_zh, Person.name_en, found.c.many, found.c.median).join(Person, Person.id == found.c.key)
    return [
        Done(zh, en, many, median)
        for zh, en, many, median in session.execute(rows.order_by(found.c.many.desc(), Person.id).limit(limit))
    ]


def _sent(scope: Scope) -> ColumnElement[bool]:
    """The condition on LoanCase that it was begun in the scope and is no firm's own draft."""
    begun = (LoanCase.created_at >= scope.since) & (LoanCase.created_at < scope.until)
    return begun & LoanCase.milestone.not_in(FIRMS_OWN) & _of_funder(LoanCase.id, scope.funder_id)


def _of_funder(case_id: Any, funder_id: int | None) -> ColumnElement[bool]:
    if funder_id is None:
        return true()
    own = select(CaseParty.case_id).where(CaseParty.organisation_id == funder_id, CaseParty.capacity == FUNDER)
    belongs: ColumnElement[bool] = case_id.in_(own)
    return belongs


def _minutes(since: Any, until: Any) -> Any:
    """Whole minutes between two columns of moments."""
    return (cast(extract("epoch", until) - extract("epoch", since), Integer) // literal(60, Integer)).label("minutes")


def _times(session: Session, runs: Subquery) -> list[Times]:
    return [Times(*row) for row in session.execute(select(_ranked(runs)))]


def _ranked(runs: Subquery) -> Subquery:
    """Percentiles of `minutes` by `key`, in words that both kinds of database have.

    Runs of the same length are counted first, so that what is sorted and numbered stays small.
    """
    alike = select(runs.c.key, runs.c.minutes, func.count().label("many")).where(runs.c.minutes.is_not(None))
    same = alike.group_by(runs.c.key, runs.c.minutes).subquery()
    upto = func.sum(same.c.many).over(partition_by=same.c.key, order_by=same.c.minutes).label("upto")
    every = func.sum(same.c.many).over(partition_by=same.c.key).label("many")
    each = select(same.c.key, same.c.minutes, upto, every).subquery()
    median = func.min(each.c.minutes).filter(each.c.upto * 2 >= each.c.many).label("median")
    ninety = func.min(each.c.minutes).filter(each.c.upto * 10 >= each.c.many * 9).label("ninety")
    many = cast(func.max(each.c.many), Integer).label("many")
    return select(each.c.key, many, median, ninety).group_by(each.c.key).subquery()
