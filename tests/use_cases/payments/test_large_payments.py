"""A large payment needs three different persons, whatever is drawn; an order that is given up is taken back once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import update

from app.errors import FourEyes, Refused
from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.payments import Payment
from app.use_cases.operation import Call, OperationRefused
from app.use_cases.payments.approve_payment import approve_in
from app.use_cases.payments.cancel_payment import CANCEL_PAYMENT
from app.use_cases.payments.found import funders_payment
from app.use_cases.payments.payment_basis import require_basis
from app.use_cases.payments.prepare_payment import PaymentOrder, prepare_payment
from tests.use_cases.payments.counter import ACCOUNT, CHECKER, MAKER, REVIEWER, Counter

THIRD = "shi.lan"


def large(counter: Counter, case_number: str) -> str:
    """The number of a prepared payment that needs a third person."""
    order = PaymentOrder(Decimal("1000.00"), "东明机械有限公司", "工商银行", ACCOUNT, "货款", persons_needed=3)
    with counter.desk.app.app_context():
        return prepare_payment(counter.actor(MAKER), case_number, order)


def approve(counter: Counter, number: str, login: str = THIRD) -> None:
    """Somebody approves it."""
    actor = counter.actor(login)
    with counter.desk.app.app_context(), unit_of_work() as session:
        payment, case = funders_payment(session, number, actor)
        approve_in(session, payment, case, actor, clock.moment())


def cancel(counter: Counter, case_number: str, number: str | None) -> list[str]:
    """What the operation took back."""
    call = Call(5, counter.desk.case(case_number), {"payment_no": number}, {}, clock.moment())
    with counter.desk.app.app_context(), unit_of_work() as session:
        found: list[str] = CANCEL_PAYMENT.record(session, call, None)["cancelled"]
        return found


def test_a_large_payment_is_confirmed_only_after_a_third_person_approved_it(counter: Counter) -> None:
    number = large(counter, counter.ready_case())

    with pytest.raises(Refused, match="risk manager"):
        counter.confirm(number)
    approve(counter, number)
    counter.confirm(number)

    assert counter.kinds(number) == ["prepared", "approved", "authorised"]


@pytest.mark.parametrize("login", [MAKER, REVIEWER])
def test_who_prepared_it_or_reviewed_the_case_is_no_third_person(counter: Counter, login: str) -> None:
    number = large(counter, counter.ready_case())

    with pytest.raises(FourEyes):
        approve(counter, number, login)


def test_the_third_person_does_not_confirm_as_well(counter: Counter) -> None:
    number = large(counter, counter.ready_case())
    approve(counter, number, CHECKER)

    with pytest.raises(FourEyes):
        counter.confirm(number, CHECKER)


def test_a_large_payment_without_its_approval_does_not_leave_even_where_it_was_confirmed(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "1000.00")
    with counter.desk.app.app_context(), unit_of_work() as session:
        session.execute(update(Payment).where(Payment.number == number).values(persons_needed=3))

    with pytest.raises(OperationRefused):
        counter.pay_out(case_number, number)

    assert counter.debits(number) == []


def test_an_order_that_never_left_is_taken_back_once(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "1000.00")

    assert cancel(counter, case_number, number) == [number] and cancel(counter, case_number, number) == []
    with pytest.raises(OperationRefused):
        counter.pay_out(case_number, number)
    assert counter.payment(number).state == "withdrawn" and counter.debits(number) == []


def test_an_order_that_left_is_not_taken_back(counter: Counter) -> None:
    case_number = counter.ready_case()
    number = counter.confirmed(case_number, "1000.00")
    counter.pay_out(case_number, number)

    with pytest.raises(OperationRefused) as refused:
        cancel(counter, case_number, number)

    assert refused.value.code == "AlreadySent" and counter.payment(number).state == "sent"


ENTRUSTED = {"payment_method": "entrusted", "borrower_name": "清溪", "payee_name": "海曙钢材", "amount": "10.00"}


@pytest.mark.parametrize(
    "order",
    [
        ENTRUSTED | {"payee_name": "清溪", "evidence_lines": [{"line_amount": "10.00"}]},
        ENTRUSTED | {"evidence_lines": [{"line_amount": "9.99"}]},
        ENTRUSTED | {"evidence_lines": None},
        {"payment_method": "own", "borrower_name": "清溪", "payee_name": "海曙钢材", "amount": "10.00"},
    ],
)
def test_what_is_paid_fits_the_way_of_payment(order: dict[str, object]) -> None:
    with pytest.raises(Refused):
        require_basis(order)

    require_basis(ENTRUSTED | {"evidence_lines": [{"line_amount": "4.00"}, {"line_amount": "6.00"}]})
