"""The daily close of one date over all loans: each loan in its own unit, to be continued after a kill at any point."""

from __future__ import annotations

import time
import traceback
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import logs
from app.errors import Conflict, ProductError, Refused
from app.gateways import clock
from app.lending.money import ZERO
from app.storage import closes, ledger, loans, month_ends
from app.storage.closes import DailyClose
from app.storage.database import make_room, reading, unit_of_work
from app.storage.loans import ACTIVE, Loan
from app.texts import Text
from app.use_cases.closing.counts import added, counts_of
from app.use_cases.loans.close_loan import close_loan_in

# a runner that dies leaves the day to another one after this; each loan renews it
LEASE = timedelta(seconds=30)
RETRY_AFTER = timedelta(minutes=5)
CONTENTION_TRIES = 5
# what the data of one loan, or a fault of the program that they bring to light, can raise: the other loans go on.
# A database that is away is none of these and ends the run.
FAULTS = (ProductError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
State = Literal["done", "running elsewhere", "out of time", "failing"]


@dataclass(frozen=True)
class DayRun:
    """What one run of `close_all` came to: `closed` loans by this run, and the numbers of those that failed."""

    on: date
    state: State
    closed: int = 0
    failed: tuple[str, ...] = ()


class Overtaken(Exception):
    """Another runner took the day over, because this one was silent for longer than its lease."""


class _Run:
    """One runner's work on a day: the close it holds, what it did, and until when it may go on."""

    def __init__(self, close: DailyClose, runner: str, seconds: float | None) -> None:
        self.close_id, self.on, self.runner, self.closed = close.id, close.business_on, runner, 0
        self.failed: dict[int, str] = {}
        self.begun = self.noted = time.monotonic()
        self.until = None if seconds is None else self.begun + seconds

    def is_out_of_time(self) -> bool:
        return self.until is not None and time.monotonic() >= self.until

    def note(self, close: DailyClose) -> None:
        """Adds the time since the last note to the close's."""
        now = time.monotonic()
        close.worked_in_ms += round(1000 * (now - self.noted))
        self.noted = now


def close_all(on: date, *, seconds: float | None = None) -> DayRun:
    """Closes every active loan on `on`; running it again does what is missing, and nothing where the day is done.

    Of two at once one does it and the other sees that ("running elsewhere"). A loan that fails is listed and tried
    again later; the day is done only when every loan is. After `seconds` the rest is left to the next run.
    Raises Refused for a date after the business date, DaySealed for one before a closed day.
    """
    if _is_new(on):
        with unit_of_work() as session:  # of its own: it waits for bookings, which may wait for the close's row
            closes.begin(session, on, clock.real_now())
    runner, now = uuid.uuid4().hex, clock.unmoved_now()
    with unit_of_work() as session:
        close = closes.take(session, on, runner, now, now + LEASE)
        if close is None:
            known = closes.by_day(session, on)
            return DayRun(on, "done" if known is not None and known.state == closes.DONE else "running elsewhere")
        close.loans = close.closed + len(closes.unclosed(session, on))
    run = _Run(close, runner, seconds)
    try:
        return _work(run)
    except Overtaken:
        return DayRun(on, "running elsewhere", run.closed)


def _is_new(on: date) -> bool:
    """Whether nobody has begun this close yet; raises Refused or DaySealed where nobody may."""
    if on > clock.moment().business_on:
        raise Refused(f"{on} 还没有到，不能做日终。", f"{on} has not come yet; its daily close cannot be made.")
    with reading() as session:
        if closes.by_day(session, on) is not None:
            return False
        last = next(iter(closes.newest(session)), None)
        if last is not None and on < last.business_on:
            raise closes.DaySealed(
                f"{last.business_on} 的日终已经开始，{on} 不能再做日终。",
                f"The close of {last.business_on} has begun; {on} can no longer be closed.",
            )
    return True


def _work(run: _Run) -> DayRun:
    while True:
        with reading() as session:
            waiting = [loan_id for loan_id in closes.unclosed(session, run.on) if loan_id not in run.failed]
        for loan_id in waiting:
            if run.is_out_of_time():
                _let_go(run, None)
                return DayRun(run.on, "out of time", run.closed, tuple(run.failed.values()))
            make_room()
            _close_or_list(run, loan_id)
        if run.failed:
            _let_go(run, RETRY_AFTER)
            return DayRun(run.on, "failing", run.closed, tuple(run.failed.values()))
        if _finish(run):
            return DayRun(run.on, "done", run.closed)


def _close_or_list(run: _Run, loan_id: int) -> None:
    for tries_left in reversed(range(CONTENTION_TRIES)):
        try:
            _close_one(run, loan_id)
            return
        except Conflict as contention:  # the loan is worked on just now: nothing is wrong with it
            if not tries_left:
                _list(run, loan_id, contention.text)
        except (*FAULTS, IntegrityError) as fault:
            _list(run, loan_id, _cause(fault), logs.mask_text(traceback.format_exc()))
            return


def _close_one(run: _Run, loan_id: int) -> None:
    moment = clock.moment()
    with unit_of_work() as session:
        close = _held(run, session)
        loan = session.get_one(Loan, loan_id)
        loans.lock(session, loan)
        closes.mend(session, close.id, loan_id, clock.real_now())
        if loan.state != ACTIVE or (loan.closed_on is not None and loan.closed_on >= run.on):
            return  # a receipt closed it meanwhile
        class_before = loan.asset_class
        done = close_loan_in(session, loan, run.on, moment)
        if done is None:
            return
        changed, settled = loan.asset_class != class_before, loan.state != ACTIVE
        more = counts_of(done, loan.currency, class_changed=changed, settled=settled)
        close.counts, close.closed = added(close.counts, more), close.closed + 1
        run.note(close)
    run.closed += 1


def _list(run: _Run, loan_id: int, cause: Text, trace: str = "") -> None:
    with unit_of_work() as session:
        close = _held(run, session)
        run.note(close)
        run.failed[loan_id] = session.get_one(Loan, loan_id).number
        said = {"cause_zh": cause.zh, "cause_en": cause.of("en"), "trace": trace}
        closes.fail(session, close.id, loan_id, clock.real_now(), **said)


def _cause(fault: Exception) -> Text:
    if isinstance(fault, ProductError):
        return fault.text
    named = logs.mask_text(f"{type(fault).__name__}: {fault}")
    return Text(f"程序错误：{named}", f"A fault of the program: {named}")


def _let_go(run: _Run, rest: timedelta | None) -> None:
    with unit_of_work() as session:
        close = _held(run, session)
        run.note(close)
        close.runner = close.lease_until = None
        close.retry_at = None if rest is None else clock.unmoved_now() + rest


def _finish(run: _Run) -> bool:
    """Writes that the day is done, with its trial balance; False where a loan has come up meanwhile."""
    with unit_of_work() as session:
        close = _held(run, session)
        if closes.unclosed(session, run.on):
            return False
        total: dict[str, Decimal] = {}
        for (currency, _), balance in ledger.balances(session, until=run.on).items():
            total[currency] = total.get(currency, ZERO) + balance
        if month_ends.is_month_end(run.on):
            month_ends.keep(session, run.on)
        close.counts, close.trial_balance = added(close.counts, {}), total
        close.loans, close.state, close.finished_at = close.closed, closes.DONE, clock.real_now()
        close.runner = close.lease_until = None
        run.note(close)
    return True


def _held(run: _Run, session: Session) -> DailyClose:
    close = closes.held(session, run.close_id, run.runner, clock.unmoved_now() + LEASE)
    if close is None:
        raise Overtaken
    return close
