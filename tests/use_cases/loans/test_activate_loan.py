"""A loan is made of a drawdown that the bank paid, once, and of no other."""

from __future__ import annotations

from decimal import Decimal

from app.lending.schedule import plan
from app.storage import ledger, loans
from app.storage.database import reading
from tests.desk import Desk
from tests.use_cases.loans.lent import PAID_OUT, activate, lent, loan, paid, trial


def test_a_drawdown_that_was_paid_becomes_a_loan(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = lent(desk)

    made = loan(desk, number)
    with desk.app.app_context(), reading() as session:
        (schedule,) = loans.schedules(session, made.id)
        rows = loans.rows_of(session, schedule.id)
        booked = [(one.event, one.business_on) for one in ledger.journals(session, made.id)]
    expected = plan(Decimal("120000.00"), Decimal("6.00"), 12, "equal_principal", PAID_OUT)
    assert [(row.due_on, row.principal, row.interest, row.balance) for row in rows] == [
        (row.due_on, row.principal, row.interest, row.balance) for row in expected
    ]
    assert (made.state, made.paid_out_on, made.matures_on) == ("active", PAID_OUT, rows[-1].due_on)
    assert made.outstanding == sum(row.total for row in expected)
    assert booked == [("payout", PAID_OUT), ("payout_confirmed", PAID_OUT)]
    assert trial(desk, number) == {"principal_receivable": Decimal(120000), "bank": Decimal(-120000)}


def test_activating_again_gives_the_same_loan(desk: Desk) -> None:
    case_number = desk.start()
    payment_no = paid(desk, case_number)

    first, second = (activate(desk, case_number, payment_no, PAID_OUT) for _ in range(2))

    assert first == second
    assert set(trial(desk, first["loan_no"])) == {"principal_receivable", "bank"}
