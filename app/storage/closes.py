"""Daily closes: one row a business date with what it did, who works on it, and the loans that could not be closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint, and_, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.errors import ProductError
from app.moment import Moment
from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model, upsert
from app.storage.loans import ACTIVE, Loan

RUNNING, DONE = "running", "done"
LOCK = 20_270_301  # the key of PostgreSQL's lock between bookings and the beginning of a close


class DaySealed(ProductError):
    """The books of that day are closed: a mistake in them is mended by an entry of today (invariant 8)."""


class DailyClose(Model):
    """The close of `business_on`; `state` is running until every loan is closed on that day, then done.

    `loans` is how many there are to close and `closed` how many are; `counts` is what that did, `trial_balance` the sum
    of all balances by currency at its end. `runner` works on it until `lease_until`; after a failure it rests until
    `retry_at`. All moments are real time; `worked_in_ms` leaves out what lay between two runs.
    """

    __tablename__ = "daily_close"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_on: Mapped[date] = mapped_column(Date, unique=True)
    state: Mapped[str] = mapped_column(String(10), default=RUNNING)
    loans: Mapped[int] = mapped_column(Integer, default=0)
    closed: Mapped[int] = mapped_column(Integer, default=0)
    counts: Mapped[Any] = mapped_column(PlainJson)
    trial_balance: Mapped[Any] = mapped_column(PlainJson)
    runner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worked_in_ms: Mapped[int] = mapped_column(Integer, default=0)


class CloseFailure(Model):
    """A loan that could not be closed on a day: `cause_*` is said to people, `trace` is for an engineer."""

    __tablename__ = "close_failure"
    __table_args__ = (UniqueConstraint("close_id", "loan_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    close_id: Mapped[int] = mapped_column(ForeignKey("daily_close.id"))
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    cause_zh: Mapped[str] = mapped_column(Text)
    cause_en: Mapped[str] = mapped_column(Text)
    trace: Mapped[str] = mapped_column(Text, default="")
    times: Mapped[int] = mapped_column(Integer, default=1)
    failed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    mended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def begin(session: Session, on: date, at: datetime) -> None:
    """Writes the row of a day unless it is there; from then on every earlier day is sealed (see `require_open`)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))  # no booking of an earlier day is under way
    new = upsert(session, DailyClose).values(
        business_on=on, state=RUNNING, loans=0, closed=0, counts={}, trial_balance={}, started_at=at, worked_in_ms=0
    )
    session.execute(new.on_conflict_do_nothing(index_elements=["business_on"]))


def take(session: Session, on: date, runner: str, now: datetime, until: datetime) -> DailyClose | None:
    """Takes a running close for this runner alone; None where another one has it, or it is done."""
    free = or_(DailyClose.lease_until.is_(None), DailyClose.lease_until < now)
    taken = session.execute(
        update(DailyClose)
        .where(DailyClose.business_on == on, DailyClose.state == RUNNING, free)
        .values(runner=runner, lease_until=until, retry_at=None)
        .execution_options(synchronize_session=False)
    )
    return by_day(session, on) if taken.rowcount == 1 else None  # type: ignore[attr-defined]


def held(session: Session, close_id: int, runner: str, until: datetime) -> DailyClose | None:
    """The close, locked for this unit and with a renewed lease; None where another runner has taken it over."""
    kept = session.execute(
        update(DailyClose)
        .where(DailyClose.id == close_id, DailyClose.state == RUNNING, DailyClose.runner == runner)
        .values(lease_until=until)
        .execution_options(synchronize_session=False)
    )
    if kept.rowcount != 1:  # type: ignore[attr-defined]
        return None
    return session.get_one(DailyClose, close_id, populate_existing=True)


def by_day(session: Session, on: date) -> DailyClose | None:
    """The close of a day as the database has it now."""
    query = select(DailyClose).where(DailyClose.business_on == on).execution_options(populate_existing=True)
    return session.scalar(query)


def newest(session: Session, *, skip: int = 0, limit: int = 1) -> list[DailyClose]:
    """Closes, the latest day first."""
    query = select(DailyClose).order_by(DailyClose.business_on.desc()).offset(skip).limit(limit)
    return list(session.scalars(query))


def newest_done(session: Session) -> DailyClose | None:
    """The last close that is done, if there is one."""
    query = select(DailyClose).where(DailyClose.state == DONE).order_by(DailyClose.business_on.desc())
    return session.scalar(query.limit(1))


def last_done(session: Session) -> date | None:
    """The latest day whose close is done."""
    return session.scalar(select(func.max(DailyClose.business_on)).where(DailyClose.state == DONE))


def count(session: Session) -> int:
    """How many closes there are."""
    return session.scalar(select(func.count()).select_from(DailyClose)) or 0


def next_day(session: Session, until: date) -> date | None:
    """The first day up to `until` whose close is not done; None where none is missing.

    Where no day was ever closed, the first one is that of the oldest active loan, or `until` itself without loans.
    """
    last = next(iter(newest(session)), None)
    if last is None:
        oldest = session.scalar(select(func.min(Loan.paid_out_on)).where(Loan.state == ACTIVE))
        return min(oldest or until, until)
    missing = last.business_on if last.state == RUNNING else last.business_on + timedelta(days=1)
    return missing if missing <= until else None


def unclosed(session: Session, on: date) -> list[int]:
    """Ids of the active loans that are not closed on this day (or, by a receipt, on a later one) yet."""
    query = select(Loan.id).where(
        Loan.state == ACTIVE, Loan.paid_out_on <= on, or_(Loan.closed_on.is_(None), Loan.closed_on < on)
    )
    return list(session.scalars(query.order_by(Loan.id)))


def require_open(session: Session, on: date, at: datetime) -> None:
    """Raises DaySealed where no journal may be dated `on` any more, seen from the product's time `at`.

    Sealed is every day before one whose close has begun, and every day before the business date whose close is done.
    """
    begun, done = _sealing(session)
    today = Moment.at(at).business_on
    if (begun is not None and on < begun) or (done is not None and on <= done and on < today):
        raise DaySealed(
            f"{on} 的账已经日终封账，不能再记账，请记在当前营业日期。",
            f"The books of {on} are sealed by its daily close; book it on the present business date.",
        )


def _sealing(session: Session) -> tuple[date | None, date | None]:
    """The last day whose close has begun, and the last one whose close is done; asked once a unit.

    On PostgreSQL no close begins before the unit is over; SQLite has one writer anyway.
    """
    if "sealing" not in session.info:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock_shared(LOCK)))
        done = func.max(DailyClose.business_on).filter(DailyClose.state == DONE)
        session.info["sealing"] = session.execute(select(func.max(DailyClose.business_on), done)).one()
    begun, last_done = session.info["sealing"]
    return begun, last_done


def fail(session: Session, close_id: int, loan_id: int, at: datetime, **cause: str) -> None:
    """Lists a loan that could not be closed, once a day however often it is tried."""
    row = upsert(session, CloseFailure).values(close_id=close_id, loan_id=loan_id, failed_at=at, times=1, **cause)
    again = cause | {"failed_at": at, "times": CloseFailure.times + 1, "mended_at": None}
    session.execute(row.on_conflict_do_update(index_elements=["close_id", "loan_id"], set_=again))


def mend(session: Session, close_id: int, loan_id: int, at: datetime) -> None:
    """The loan is closed now."""
    session.execute(
        update(CloseFailure)
        .where(CloseFailure.close_id == close_id, CloseFailure.loan_id == loan_id, CloseFailure.mended_at.is_(None))
        .values(mended_at=at)
        .execution_options(synchronize_session=False)
    )


def failures(session: Session, close_ids: Collection[int]) -> list[tuple[CloseFailure, str]]:
    """What of these closes failed and is not mended, with the loan's number."""
    query = select(CloseFailure, Loan.number).join(Loan, Loan.id == CloseFailure.loan_id)
    found = query.where(and_(CloseFailure.close_id.in_(close_ids), CloseFailure.mended_at.is_(None)))
    return [(row, number) for row, number in session.execute(found.order_by(CloseFailure.id))]
