"""The close of a day over all loans: what it counts, a loan that fails, runners that die, race or are overtaken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.errors import Refused
from app.lending.journal import INTEREST, INTEREST_INCOME, Journal, Line
from app.lending.money import Money
from app.storage import ledger
from app.storage.closes import DaySealed
from app.storage.database import unit_of_work
from app.use_cases.closing import close_all as module
from app.use_cases.closing.close_all import RETRY_AFTER
from app.use_cases.closing.close_one_loan import close_one_loan
from tests.desk import Desk
from tests.use_cases.closing.days import (
    DUE,
    after_the_lease,
    booked,
    close_day,
    dies,
    failures,
    killed,
    on_day,
    row,
    three_loans,
)
from tests.use_cases.loans.lent import at, lent, loan, receive
from tests.use_cases.tasks.races import at_once

KILL = -9
ONCE = {"interest_accrual": 1}


def test_a_close_says_what_it_did_and_that_the_books_balance(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    numbers = three_loans(desk)

    run = close_day(desk, DUE)

    done = row(desk, DUE)
    assert (run.state, run.closed) == ("done", 3)
    assert (done.state, done.loans, done.closed, done.trial_balance) == ("done", 3, 3, {"CNY": Decimal("0.00")})
    assert (done.counts["bills"], done.counts["messages"], done.counts["overdue"]) == (3, 3, 0)
    assert done.counts["interest"] == {"CNY": Decimal("1800.00")}  # a month of 6% a year on three times 120,000
    assert {loan(desk, number).closed_on for number in numbers} == {DUE}


def test_arrears_penalty_and_a_cure_are_counted(desk: Desk) -> None:
    number = lent(desk)
    close_day(desk, DUE)
    late, cured = DUE + timedelta(days=40), DUE + timedelta(days=41)

    close_day(desk, late)
    receive(desk, number, "90000.00", DUE, booked_on=late)
    close_day(desk, cured)

    counts = row(desk, late).counts
    assert (counts["overdue"], counts["stages"] >= 1, counts["penalty"]["CNY"] > 0) == (1, True, True)
    assert row(desk, cured).counts["overdue"] == 0


def test_running_a_close_again_does_nothing(desk: Desk) -> None:
    (number,) = [lent(desk)]
    close_day(desk, DUE)
    before = row(desk, DUE)

    again = close_day(desk, DUE)

    after = row(desk, DUE)
    assert (again.state, again.closed) == ("done", 0)
    assert (after.counts, after.finished_at) == (before.counts, before.finished_at)
    assert booked(desk, number, DUE) == ONCE


def fails_for(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = module.close_loan_in

    def close(session: Any, one: Any, on: date, moment: Any) -> Any:
        if one.number == number:
            inner(session, one, on, moment)
            raise KeyError("rate")
        return inner(session, one, on, moment)

    monkeypatch.setattr(module, "close_loan_in", close)


def test_a_loan_that_fails_is_listed_with_its_cause_and_the_others_go_on(
    desk_on_each_database: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_on_each_database
    numbers = three_loans(desk)
    with monkeypatch.context() as planted:
        fails_for(numbers[1], planted)
        run = close_day(desk, DUE)

    (listed,) = failures(desk)
    assert (run.state, run.closed, run.failed) == ("failing", 2, (numbers[1],))
    assert listed.cause_en == "A fault of the program: KeyError: 'rate'" and "close_loan_in" in listed.trace
    assert row(desk, DUE).state == "running" and row(desk, DUE).retry_at == at(DUE).now + RETRY_AFTER
    assert [booked(desk, number, DUE) for number in numbers] == [ONCE, {}, ONCE]


def test_a_close_is_done_once_the_loan_that_failed_is_closed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = three_loans(desk)
    with monkeypatch.context() as planted:
        fails_for(numbers[1], planted)
        close_day(desk, DUE)
        close_day(desk, DUE)

    mended = close_day(desk, DUE)

    (once_listed,) = failures(desk, open_only=False)
    assert (mended.state, mended.closed, failures(desk), once_listed.times) == ("done", 1, [], 2)
    assert (row(desk, DUE).closed, row(desk, DUE).counts["bills"]) == (3, 3)
    assert [booked(desk, number, DUE) for number in numbers] == [ONCE] * 3


def in_the_unit_of_the_second_loan(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, inner = list[int](), module.close_loan_in

    def close(session: Any, one: Any, on: date, moment: Any) -> Any:
        seen.append(one.id)
        done = inner(session, one, on, moment)
        session.flush()
        return killed() if len(seen) == 2 else done

    monkeypatch.setattr(module, "close_loan_in", close)


def between_two_loans(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([lambda: None, killed])
    monkeypatch.setattr(module, "make_room", lambda: next(turns)())


def before_the_first_loan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_work", killed)


def at_the_end_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.ledger, "balances", killed)


POINTS = (before_the_first_loan, in_the_unit_of_the_second_loan, between_two_loans, at_the_end_of_the_day)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.__name__)
def test_a_close_killed_at_any_point_is_finished_by_the_next_run_and_each_loan_is_closed_once(
    point: Callable[[pytest.MonkeyPatch], None], desk_on_each_database: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_on_each_database
    numbers = three_loans(desk)
    with monkeypatch.context() as planted:
        point(planted)
        assert dies(lambda: close_day(desk, DUE)) == KILL

    at_once_after = close_day(desk, DUE)
    later = after_the_lease(desk, DUE)

    done = row(desk, DUE)
    assert (at_once_after.state, later.state, done.state) == ("running elsewhere", "done", "done")
    assert (done.closed, done.counts["bills"], done.counts["interest"]) == (3, 3, {"CNY": Decimal("1800.00")})
    assert [booked(desk, number, DUE) for number in numbers] == [ONCE] * 3


def test_of_two_closes_at_once_one_does_it(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    numbers = three_loans(desk)

    def close() -> Any:
        with desk.app.app_context():
            return module.close_all(DUE)

    with on_day(DUE):
        runs = at_once(close, close, close)

    assert sorted(run.closed for run in runs) == [0, 0, 3]
    assert {run.state for run in runs} <= {"done", "running elsewhere"}
    assert row(desk, DUE).counts["bills"] == 3
    assert [booked(desk, number, DUE) for number in numbers] == [ONCE] * 3


def test_a_runner_that_was_silent_for_too_long_leaves_the_day_to_the_one_that_took_over(
    desk_on_each_database: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_on_each_database
    numbers = three_loans(desk)
    other, turns = list[Any](), [0]

    def sleeps() -> None:
        turns[0] += 1
        if turns[0] == 2:
            other.append(after_the_lease(desk, DUE))

    monkeypatch.setattr(module, "make_room", sleeps)
    overtaken = close_day(desk, DUE)

    assert [(run.state, run.closed) for run in (*other, overtaken)] == [("done", 2), ("running elsewhere", 1)]
    assert [booked(desk, number, DUE) for number in numbers] == [ONCE] * 3


def test_a_run_whose_time_is_over_leaves_the_rest_to_the_next_at_once(desk: Desk) -> None:
    three_loans(desk)

    assert close_day(desk, DUE, seconds=0.0).state == "out of time"
    assert (close_day(desk, DUE).state, row(desk, DUE).closed) == ("done", 3)


def test_a_date_that_has_not_come_cannot_be_closed(desk: Desk) -> None:
    with on_day(DUE), desk.app.app_context(), pytest.raises(Refused, match="has not come yet"):
        module.close_all(DUE + timedelta(days=1))


def test_a_day_before_a_closed_one_cannot_be_closed_any_more(desk: Desk) -> None:
    close_day(desk, DUE)

    with on_day(DUE), desk.app.app_context(), pytest.raises(DaySealed):
        module.close_all(DUE - timedelta(days=1))


def book(desk: Desk, number: str, dated: date, today: date) -> None:
    """A journal of one fen on a day, written on another."""
    one, fen = loan(desk, number), Money(Decimal("0.01"), "CNY")
    lines = (Line(INTEREST.code, "debit", fen), Line(INTEREST_INCOME.code, "credit", fen))
    with desk.app.app_context(), unit_of_work() as session:
        ledger.book(session, one.id, one.funder_id, Journal("test", dated, number, lines), at(today).now)


@pytest.mark.violates(4)  # what `book` books is no interest of the loan
def test_a_day_before_the_business_date_takes_no_journal_once_its_close_is_done(desk_on_each_database: Desk) -> None:
    desk, next_day = desk_on_each_database, DUE + timedelta(days=1)
    number = lent(desk)
    close_day(desk, DUE)

    book(desk, number, DUE, today=DUE)  # the business date itself is closed again by every receipt
    with pytest.raises(DaySealed):
        book(desk, number, DUE, today=next_day)
    book(desk, number, next_day, today=next_day)

    assert booked(desk, number, DUE)["test"] == booked(desk, number, next_day)["test"] == 1


def test_a_day_is_sealed_as_soon_as_the_close_of_a_later_one_has_begun(desk: Desk) -> None:
    number = lent(desk)
    close_day(desk, DUE + timedelta(days=1), seconds=0.0)

    with pytest.raises(DaySealed):
        book(desk, number, DUE, today=DUE)


def test_a_receipt_on_the_day_closes_its_loan_again_and_one_on_a_later_day_spares_it_the_close(desk: Desk) -> None:
    number, later = lent(desk), DUE + timedelta(days=3)
    close_day(desk, DUE)
    receive(desk, number, "1000.00", DUE)
    receive(desk, number, "1000.00", later)

    run = close_day(desk, DUE + timedelta(days=2))

    assert (run.state, run.closed, loan(desk, number).closed_on) == ("done", 0, later)
    assert booked(desk, number, DUE)["receipt"] == 1


def test_one_loan_can_be_closed_by_itself_as_often_as_somebody_asks(desk: Desk) -> None:
    number, other, _ = three_loans(desk)
    with on_day(DUE), desk.app.app_context():
        first, again = close_one_loan(number), close_one_loan(number)

    assert (first.is_empty, again.is_empty) == (False, True)
    assert (loan(desk, number).closed_on, loan(desk, other).closed_on) == (DUE, None)
    assert close_day(desk, DUE).closed == 2
