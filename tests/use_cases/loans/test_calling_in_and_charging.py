"""The whole debt is called in, and costs are charged with their vouchers; both stand in the books at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.errors import Refused
from app.lending.schedule import plan
from app.storage import loans
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.loans import LoanCharge, Schedule, ScheduleRow
from app.use_cases.applications.load_facts import load_facts
from app.use_cases.loans.accelerate_loan import accelerate_loan
from app.use_cases.loans.charge_loan import charge_in
from app.use_cases.operation import Call, OperationRefused
from tests.desk import Desk
from tests.use_cases.loans.lent import PAID_OUT, at, close, close_to, lent, loan, receive, trial

ROWS = plan(Decimal("120000.00"), Decimal("6.00"), 12, "equal_principal", PAID_OUT)
CALLED_ON = PAID_OUT + timedelta(days=150)


def call(desk: Desk, number: str, **inputs: Any) -> Call:
    with desk.app.app_context(), reading() as session:
        case = session.get_one(LoanCase, loan(desk, number).case_id)
    return Call(1, case, inputs, {}, at(CALLED_ON))


def call_in(desk: Desk, number: str) -> dict[str, Any]:
    asked = call(desk, number, loan_no=number)
    with desk.app.app_context(), unit_of_work() as session:
        found: dict[str, Any] = accelerate_loan(session, asked, None)["loan"]
        return found


def charge(desk: Desk, number: str, amount: str = "3000.00", voucher_no: str = "V1", kind: str = "cost") -> LoanCharge:
    with desk.app.app_context(), unit_of_work() as session:
        one = session.merge(loan(desk, number), load=False)
        return charge_in(session, one, kind, Decimal(amount), voucher_no, "律师费", at(CALLED_ON))


def versions(desk: Desk, number: str) -> list[tuple[Schedule, list[ScheduleRow]]]:
    with desk.app.app_context(), reading() as session:
        found = loans.schedules(session, loan(desk, number).id)
        return [(one, loans.rows_of(session, one.id)) for one in found]


def test_calling_in_makes_the_rest_due_and_keeps_the_principal(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = lent(desk)
    close_to(desk, number, CALLED_ON, days=10)
    income = trial(desk, number)["interest_income"]

    found = call_in(desk, number)

    (first, before), (second, after) = versions(desk, number)
    assert (first.version, second.version, second.from_on) == (1, 2, CALLED_ON) and len(before) == 12
    assert sum(row.principal for row in after) == Decimal("120000.00")
    assert [row.due_on for row in after] == [*(row.due_on for row in ROWS[:4]), CALLED_ON]
    assert trial(desk, number)["interest_income"] == income
    close(desk, number, CALLED_ON + timedelta(days=1))
    assert loan(desk, number).overdue == sum(row.principal + row.interest for row in after)
    assert found["loan_no"] == number and found["dpd"] == (CALLED_ON - ROWS[0].due_on).days


def test_a_debt_is_called_in_once(desk: Desk) -> None:
    number = lent(desk)
    close_to(desk, number, CALLED_ON, days=30)

    first, second = call_in(desk, number), call_in(desk, number)

    assert first == second and len(versions(desk, number)) == 2


def test_a_settled_loan_is_not_called_in(desk: Desk) -> None:
    number = lent(desk, months=1)
    receive(desk, number, "120600.00", ROWS[0].due_on)

    with pytest.raises(OperationRefused) as refused:
        call_in(desk, number)

    assert refused.value.code == "NotAllowed" and loan(desk, number).state == "settled"


def test_a_cost_is_owed_and_paid_before_everything_else(desk: Desk) -> None:
    number = lent(desk)
    close_to(desk, number, CALLED_ON - timedelta(days=1), days=10)

    charge(desk, number)
    owed = trial(desk, number)["cost_receivable"]
    receive(desk, number, "3000.00", CALLED_ON)

    assert owed == Decimal("3000.00") and "cost_receivable" not in trial(desk, number)
    assert loan(desk, number).dpd == (CALLED_ON - ROWS[0].due_on).days


def test_a_voucher_is_charged_once(desk: Desk) -> None:
    number = lent(desk)

    first, again = charge(desk, number), charge(desk, number)

    assert first.id == again.id and trial(desk, number)["cost_receivable"] == Decimal("3000.00")
    with pytest.raises(Refused):
        charge(desk, number, "3000.01")


@pytest.mark.parametrize("change", [{"kind": "penalty"}, {"amount": "0.00"}, {"amount": "-1.00"}])
def test_what_is_no_cost_or_fee_is_not_charged(desk: Desk, change: dict[str, str]) -> None:
    number = lent(desk)

    with pytest.raises(Refused):
        charge(desk, number, **change)

    assert set(trial(desk, number)) == {"principal_receivable", "bank"}


def test_diagrams_read_how_the_loan_stands(desk: Desk) -> None:
    number = lent(desk)
    close_to(desk, number, CALLED_ON, days=30)
    asked = call(desk, number, sets="loan")

    with desk.app.app_context(), reading() as session:
        found = load_facts(session, asked, None)["facts"]["loan"]

    one = loan(desk, number)
    assert found == {
        "loan_no": number,
        "state": "active",
        "principal": Decimal("120000.00"),
        "outstanding": one.outstanding,
        "overdue": sum(row.principal + row.interest for row in ROWS[:4]),
        "dpd": (CALLED_ON - ROWS[0].due_on).days,
        "asset_class": "substandard",
        "stage": "S4",
        "episode": 1,
        "rate_percent": Decimal("6.00"),
        "matures_on": ROWS[-1].due_on.isoformat(),
        "next_due_on": ROWS[4].due_on.isoformat(),
        "next_due_amount": ROWS[4].total,
    }


def test_a_loan_of_another_case_is_not_read(desk: Desk) -> None:
    number, other = lent(desk), lent(desk, login="lu.ming")
    asked = call(desk, number, sets="loan", loan_no=other)

    with desk.app.app_context(), reading() as session, pytest.raises(OperationRefused) as refused:
        load_facts(session, asked, None)

    assert refused.value.code == "NoSuchLoan"
