"""Days of the daily close for tests: `on_day` stops the clock at ten in the morning of a business date."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from app.gateways import clock
from app.storage import closes
from app.storage.closes import CloseFailure, DailyClose
from app.storage.database import reading
from app.storage.ledger import JournalRow
from app.use_cases.closing.close_all import LEASE, DayRun, close_all
from tests.desk import Desk
from tests.use_cases.loans.lent import at, lent, loan

DUE = date(2026, 2, 15)  # of the first instalment of `lent`
FIRMS = ("chen.jing", "lu.ming", "gu.fang")


@contextmanager
def on_day(on: date, later: timedelta = timedelta(0)) -> Iterator[None]:
    """The business date within the block."""
    with clock.fixed_at(at(on).now + later):
        yield


def close_day(desk: Desk, on: date, later: timedelta = timedelta(0), **more: Any) -> DayRun:
    """One run of the close of the day, on that day."""
    with on_day(on, later), desk.app.app_context():
        return close_all(on, **more)


def after_the_lease(desk: Desk, on: date) -> DayRun:
    """A run at a time when the lease of one that died is over."""
    return close_day(desk, on, LEASE + timedelta(seconds=1))


def three_loans(desk: Desk) -> list[str]:
    """The numbers of three firms' loans, paid out on the same day."""
    return [lent(desk, login=firm) for firm in FIRMS]


def row(desk: Desk, on: date) -> DailyClose:
    """The close as it is now."""
    with desk.app.app_context(), reading() as session:
        found = closes.by_day(session, on)
        assert found is not None, f"{on} has no close"
        return found


def failures(desk: Desk, *, open_only: bool = True) -> list[CloseFailure]:
    """Loans that could not be closed."""
    with desk.app.app_context(), reading() as session:
        query = select(CloseFailure).order_by(CloseFailure.id)
        return list(session.scalars(query.where(CloseFailure.mended_at.is_(None)) if open_only else query))


def booked(desk: Desk, number: str, on: date) -> dict[str, int]:
    """Event -> how many journals of a loan are dated that day."""
    query = select(JournalRow.event, func.count()).where(JournalRow.loan_id == loan(desk, number).id)
    with desk.app.app_context(), reading() as session:
        rows = session.execute(query.where(JournalRow.business_on == on).group_by(JournalRow.event))
        return {event: many for event, many in rows}


def dies(act: Callable[[], object]) -> int:
    """Runs `act`, in which somebody planted a kill -9, in a process of its own; the exit code."""

    def child() -> None:
        act()
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(60)
    assert process.exitcode is not None
    return process.exitcode


def killed(*_: Any, **__: Any) -> Any:
    """What stands in the place of a function at whose call the process dies."""
    os.kill(os.getpid(), signal.SIGKILL)
