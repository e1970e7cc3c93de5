"""A loan is made of a drawdown that the bank paid, once, and of no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.lending.schedule import plan
from app.storage import ledger, loans
from app.storage.cases import LoanCase
from app.storage.contracts import Contract
from app.storage.database import reading, unit_of_work
from app.storage.limits import LimitReservation
from app.storage.offers import Offer
from app.storage.payments import Payment
from app.storage.user_tasks import UserTask
from app.use_cases.contracts.require_contracts import Kept
from app.use_cases.operation import OperationRefused
from tests.desk import Desk
from tests.use_cases.loans.lent import CHECKER, MAKER, PAID_OUT, REVIEWER, activate, lent, loan, paid, trial


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


def change(desk: Desk, table: Any, where: dict[str, Any], **values: Any) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        session.query(table).filter_by(**where).update(values)


def terms(desk: Desk, case_id: int, **values: Any) -> None:
    with desk.app.app_context(), unit_of_work() as session:
        contract = session.query(Contract).filter_by(case_id=case_id).one()
        contract.content = {"terms": contract.content["terms"] | values}


BREACHES: dict[str, Callable[[Desk, int], None]] = {
    "not paid yet": lambda desk, case: change(desk, Payment, {"case_id": case}, state="sent", settled_at=None),
    "no drawdown": lambda desk, case: change(desk, Payment, {"case_id": case}, kind="refund"),
    "contract not signed": lambda desk, case: change(desk, Contract, {"case_id": case}, state="open"),
    "contract lapsed": lambda desk, case: change(desk, Contract, {"case_id": case}, state="lapsed"),
    "no offer accepted": lambda desk, case: change(desk, Offer, {"case_id": case}, state="lapsed"),
    "offer below the payment": lambda desk, case: change(desk, Offer, {"case_id": case}, amount=Decimal(1)),
    "limit not held": lambda desk, case: change(desk, LimitReservation, {"case_id": case}, amount=Decimal(1)),
    "another rate in the contract": lambda desk, case: terms(desk, case, rate="5.00"),
    "another amount in the contract": lambda desk, case: terms(desk, case, amount="130,000.00"),
    "another term in the contract": lambda desk, case: terms(desk, case, term_months=24),
    "another method in the contract": lambda desk, case: terms(desk, case, method={"zh": "等额本息", "en": ""}),
    "one reviewer for both": lambda desk, case: change(
        desk, UserTask, {"case_id": case, "duty": "credit_approval"}, done_by=desk.person(REVIEWER).id
    ),
    "no second review": lambda desk, case: change(
        desk, UserTask, {"case_id": case, "duty": "credit_approval"}, done_by=None
    ),
    "the maker reviewed": lambda desk, case: change(
        desk, UserTask, {"case_id": case, "duty": "credit_review"}, done_by=desk.person(MAKER).id
    ),
    "the checker entered the case": lambda desk, case: change(
        desk, LoanCase, {"id": case}, created_by=desk.person(CHECKER).id
    ),
}


@pytest.mark.violates(15, 16, 17, 33)
@pytest.mark.parametrize("breach", BREACHES)
def test_no_loan_is_made_past_a_control(desk: Desk, breach: str) -> None:
    case_number = desk.start()
    payment_no = paid(desk, case_number)
    BREACHES[breach](desk, desk.case(case_number).id)

    with pytest.raises(OperationRefused) as refused:
        activate(desk, case_number, payment_no, PAID_OUT)

    assert refused.value.code == "NotAllowed" and refused.value.text.zh and refused.value.text.of("en")
    with desk.app.app_context(), reading() as session:
        assert loans.of_case(session, desk.case(case_number).id) == []


def test_a_contract_that_was_changed_after_signing_makes_no_loan(desk: Desk) -> None:
    case_number = desk.start()
    payment_no = paid(desk, case_number)

    with pytest.raises(OperationRefused):
        activate(desk, case_number, payment_no, PAID_OUT, [Kept("JK1", "0" * 64)])


def test_a_payment_of_another_case_makes_no_loan(desk: Desk) -> None:
    payment_no, other = paid(desk, desk.start()), desk.start("lu.ming")

    with pytest.raises(OperationRefused):
        activate(desk, other, payment_no, PAID_OUT)


def test_the_loan_begins_when_the_bank_paid_and_is_booked_when_it_is_made(desk: Desk) -> None:
    case_number = desk.start()
    payment_no = paid(desk, case_number)

    number = activate(desk, case_number, payment_no, PAID_OUT + timedelta(days=2))["loan_no"]

    with desk.app.app_context(), reading() as session:
        days = {row.business_on for row in ledger.journals(session, loan(desk, number).id)}
    assert loan(desk, number).paid_out_on == PAID_OUT and days == {PAID_OUT + timedelta(days=2)}
