"""Closes and receipts that meet, and processes that die in the middle, leave each thing done once or not at all."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.storage import ledger, loans
from app.storage.database import reading, unit_of_work
from app.use_cases.loans import close_loan, take_receipt
from tests.desk import Desk
from tests.use_cases.loans.lent import PAID_OUT, at, close, close_to, lent, loan, operate, paid, receive, thrown, trial
from tests.use_cases.tasks.races import at_once

LATE = PAID_OUT + timedelta(days=45)


def events(desk: Desk, number: str) -> list[str]:
    with desk.app.app_context(), reading() as session:
        return [row.event for row in ledger.journals(session, loan(desk, number).id)]


def test_one_loan_closed_by_many_at_once_is_closed_once(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = lent(desk)

    done = at_once(*(lambda: close(desk, number, LATE) for _ in range(6)))

    assert sorted(one.is_empty for one in done) == [False, *[True] * 5]
    assert sorted(events(desk, number)) == ["interest_accrual", "payout", "payout_confirmed", "penalty_accrual"]
    assert [name for name, _, _ in thrown(desk, number)].count("Overdue") == 1


def test_a_receipt_and_a_close_at_once_come_to_the_same_as_one_after_the_other(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    together, apart = lent(desk), lent(desk, login="lu.ming")

    at_once(lambda: close(desk, together, LATE), lambda: receive(desk, together, "20000.00", LATE))
    close(desk, apart, LATE)
    receive(desk, apart, "20000.00", LATE)

    assert trial(desk, together) == trial(desk, apart)
    assert (loan(desk, together).outstanding, loan(desk, together).dpd) == (loan(desk, apart).outstanding, 0)


def test_two_receipts_at_once_pay_nothing_twice(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = lent(desk)
    close(desk, number, LATE)

    at_once(*(lambda one=one: take(desk, number, f"RC{one}") for one in range(4)))

    assert events(desk, number).count("receipt") == 4
    again = close(desk, number, LATE)
    assert again is not None and again.is_empty
    assert trial(desk, number).get("unapplied_receipts", Decimal(0)) <= 0


def take(desk: Desk, number: str, receipt_no: str) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        one = session.merge(loan(desk, number), load=False)
        take_receipt.take_receipt_in(session, one, receipt_no, Decimal("6000.00"), LATE, at(LATE))


@pytest.mark.violates(34)  # the operation is called without a process
def test_a_drawdown_activated_by_many_at_once_is_one_loan(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    case_number = desk.start()
    payment_no = paid(desk, case_number)

    made = at_once(*(lambda: operate(desk, case_number, payment_no, PAID_OUT) for _ in range(4)))

    assert [one for one in made if isinstance(one, Exception)] == []
    assert len({one["loan_no"] for one in made}) == 1
    assert events(desk, made[0]["loan_no"]) == ["payout", "payout_confirmed"]


def _second_call(module: Any, name: str, killed: Callable[..., Any]) -> None:
    """The process dies when the function is called for the second time."""
    inner, calls = getattr(module, name), []

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        return killed() if len(calls) == 2 else inner(*args, **kwargs)

    setattr(module, name, counted)


PLACES = {
    "between two journals": lambda killed: _second_call(ledger, "book", killed),
    "before the settlements": lambda killed: setattr(close_loan, "_settle", killed),
    "before the messages": lambda killed: setattr(take_receipt, "throw", killed),
    "before the borrower is told": lambda killed: setattr(take_receipt, "_tell", killed),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_process_that_dies_while_it_takes_money_leaves_nothing_half(desk: Desk, place: str) -> None:
    number = lent(desk)
    close_to(desk, number, LATE - timedelta(days=20), days=10)
    before = (events(desk, number), trial(desk, number), loan(desk, number).closed_on, len(thrown(desk, number)))

    died = _in_a_process(lambda: PLACES[place](_killed), lambda: receive(desk, number, "20000.00", LATE))

    after = (events(desk, number), trial(desk, number), loan(desk, number).closed_on, len(thrown(desk, number)))
    assert died == -signal.SIGKILL and after == before
    with desk.app.app_context(), reading() as session:
        assert loans.receipts(session, loan(desk, number).id) == []
    receive(desk, number, "20000.00", LATE)
    assert events(desk, number).count("receipt") == 1 and loan(desk, number).dpd == 0


def _in_a_process(plant: Callable[[], object], act: Callable[[], object]) -> int | None:
    def child() -> None:
        plant()
        act()
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(60)
    return process.exitcode


def _killed(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)
