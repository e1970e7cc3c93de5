"""Shows operators the business date, how far the daily closes are, and what each of them did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.errors import NotFound
from app.gateways import clock
from app.moment import Moment
from app.storage import business_clock, closes
from app.storage.business_clock import BusinessClock
from app.storage.closes import CloseFailure, DailyClose
from app.storage.database import reading
from app.storage.people import Person
from app.texts import Text
from app.use_cases.permissions import Actor, require

PAGE_SIZE = 30


@dataclass(frozen=True)
class Failure:
    """A loan that could not be closed that day."""

    loan_no: str
    cause: Text
    failed_at: datetime
    times: int


@dataclass(frozen=True)
class CloseLine:
    """One day's close; `counts` as in `counts.py`, `trial_balance` by currency once it is done."""

    on: date
    is_done: bool
    is_at_work: bool
    loans: int
    closed: int
    counts: Mapping[str, Any]
    trial_balance: Mapping[str, Decimal]
    started_at: datetime
    finished_at: datetime | None
    worked_in_ms: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Move:
    """The last move of the date, at real time."""

    before: date
    to: date
    at: datetime
    by: Text


@dataclass(frozen=True)
class BusinessDates:
    """`days_done` of `days_due` days are closed since the last move (or the last closed day)."""

    business_on: date
    real_on: date
    move: Move | None
    days_done: int
    days_due: int
    lines: tuple[CloseLine, ...]
    total: int


def show_business_date(actor: Actor, page: int = 1) -> BusinessDates:
    """The page for operators, closes newest first; raises NotFound in production, where the clock is sealed."""
    if clock.is_sealed():
        raise NotFound
    require("move_business_date", actor)
    business_on = clock.moment().business_on
    with reading() as session:
        found = closes.newest(session, skip=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        failed = closes.failures(session, [one.id for one in found])
        last = closes.last_done(session)
        moved = business_clock.last_move(session)
        move = None if moved is None else _move(moved, session.get_one(Person, moved.moved_by))
        total = closes.count(session)
    done, due = _progress(business_on, last, move)
    real_on = Moment.at(clock.unmoved_now()).business_on
    return BusinessDates(business_on, real_on, move, done, due, tuple(close_line(one, failed) for one in found), total)


def _progress(business_on: date, last: date | None, move: Move | None) -> tuple[int, int]:
    """Days closed, and days to close, of the stretch that is caught up with now."""
    if last is None:
        return 0, 1
    begun = min(last, move.before) if move is not None and last < move.to <= business_on else last
    return max(0, (last - begun).days), max(0, (business_on - begun).days)


def _move(row: BusinessClock, by: Person) -> Move:
    return Move(row.moved_from, row.moved_to, row.moved_at, Text(by.name_zh, by.name_en or by.name_zh))


def close_line(row: DailyClose, failed: list[tuple[CloseFailure, str]]) -> CloseLine:
    """A close with those of the failures that are its own."""
    own = (
        Failure(number, Text(one.cause_zh, one.cause_en), one.failed_at, one.times)
        for one, number in failed
        if one.close_id == row.id
    )
    at_work = row.lease_until is not None and row.lease_until >= clock.unmoved_now()
    return CloseLine(
        on=row.business_on,
        is_done=row.state == closes.DONE,
        is_at_work=at_work,
        loans=row.loans,
        closed=row.closed,
        counts=row.counts,
        trial_balance=row.trial_balance,
        started_at=row.started_at,
        finished_at=row.finished_at,
        worked_in_ms=row.worked_in_ms,
        failures=tuple(own),
    )
