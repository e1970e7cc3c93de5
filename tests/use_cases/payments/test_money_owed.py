"""What the funder owes goes back to who it belongs to, and never more than the books say."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.errors import FourEyes, Refused
from app.gateways import clock
from app.lending.postings import Books
from app.moment import Moment
from app.storage import ledger, party_store, payments
from app.storage.cases import parties, set_party
from app.storage.contracts import Contract
from app.storage.database import unit_of_work
from app.storage.disposals import DISTRIBUTED, Disposal
from app.storage.ledger import SettlementRow
from app.storage.loans import Loan, LoanReceipt
from app.storage.organisations import Membership
from app.storage.payments import Payment
from app.use_cases.parties import party_key
from app.use_cases.payments.book_receipt import book_receipt
from app.use_cases.payments.confirm_payment import confirm_in
from app.use_cases.payments.found import funders_case, funders_payment
from app.use_cases.payments.prepare_payment import PaymentOrder, prepare_in
from tests.use_cases.payments.counter import ACCOUNT, APPROVER, CHECKER, MAKER, REVIEWER, Counter

# loan and disposal are rows that some journals stand on, without contract, rules, process or buyer
pytestmark = pytest.mark.violates(31, 33, 34)
PAYER, PAYER_ACCOUNT = "清溪织造有限公司", "6228480320567890017"


def owed(counter: Counter, case_number: str, amount: str, journal: Callable[[Books, Decimal], Any]) -> None:
    """A loan of the case whose books owe the amount, and money that came from the payer."""
    paid_out = counter.confirmed(case_number, "1000.00")
    with counter.desk.app.app_context(), unit_of_work() as session:
        payment = payments.by_number(session, paid_out)
        assert payment is not None and payment.case_id is not None
        who, moment = parties(session, payment.case_id), clock.moment()
        loan = Loan(
            number="DK1",
            case_id=payment.case_id,
            payment_id=payment.id,
            funder_id=who["funder"],
            borrower_id=who["borrower"],
            currency="CNY",
            principal=payment.amount,
            rate_percent_per_year="4.5",
            term_months=12,
            repayment_method="bullet",
            paid_out_on=moment.business_on,
            matures_on=moment.business_on,
            rules={},
            state="settled",
            outstanding=Decimal("0.00"),
            overdue=Decimal("0.00"),
            activated_at=moment.now,
        )
        session.add(loan)
        session.flush()
        books = Books(loan.number, "CNY", moment.business_on)
        booked = ledger.book(session, loan.id, loan.funder_id, journal(books, Decimal(amount)), moment.now)
        said = {"serial": "S1", "amount": Decimal("500.00"), "currency": "CNY", "payer_name": PAYER}
        said |= {"payer_account": PAYER_ACCOUNT, "remark": case_number, "reference": "R1", "value_on": None}
        assert book_receipt(session, "sandbox", said, "", moment) == "booked"
        came = payments.of_case(session, loan.case_id, payments.IN)[-1]
        of_receipt = {"receipt_no": came.number, "value_on": moment.business_on, "instalment": 0}
        session.add_all(
            (
                taken(came, loan, moment),
                SettlementRow(journal_id=booked.id, position=0, kind="overpaid", amount=Decimal(amount), **of_receipt)
                if journal is overpaid
                else sold(loan, Decimal(amount), moment),
            )
        )


def taken(came: Payment, loan: Loan, moment: Moment) -> LoanReceipt:
    return LoanReceipt(
        number=came.number,
        loan_id=loan.id,
        payment_id=came.id,
        value_on=moment.business_on,
        amount=came.amount,
        allocation_order={},
        taken_at=moment.now,
    )


def sold(loan: Loan, surplus: Decimal, moment: Moment) -> Disposal:
    """A disposal that left the surplus."""
    return Disposal(
        number="CZ1",
        case_id=loan.case_id,
        loan_id=loan.id,
        funder_id=loan.funder_id,
        episode=1,
        state=DISTRIBUTED,
        debt=loan.principal,
        price=surplus,
        surplus=surplus,
        shortfall=Decimal("0.00"),
        opened_at=moment.now,
    )


def overpaid(books: Books, amount: Decimal) -> Any:
    return books.application([], amount, "RC1")


def surplus(books: Books, amount: Decimal) -> Any:
    return books.proceeds(Decimal(0), Decimal(0), amount, "CZ1")


def prepare(counter: Counter, case_number: str, kind: str, amount: str, login: str = MAKER, **payee: str) -> str:
    order = PaymentOrder(
        Decimal(amount), payee.get("name", PAYER), "甬江银行", payee.get("account", PAYER_ACCOUNT), "退款"
    )
    actor = counter.actor(login)
    with counter.desk.app.app_context(), unit_of_work() as session:
        case = funders_case(session, case_number, actor)
        return prepare_in(session, case, actor, order, clock.moment(), kind).number


def confirm(counter: Counter, number: str, login: str = CHECKER) -> None:
    actor = counter.actor(login)
    with counter.desk.app.app_context(), unit_of_work() as session:
        payment, case = funders_payment(session, number, actor)
        confirm_in(session, payment, case, actor, clock.moment())


@pytest.fixture
def refundable(counter: Counter) -> str:
    """A case whose books owe 300.00 yuan to the payer."""
    number = counter.ready_case()
    owed(counter, number, "300.00", overpaid)
    return number


@pytest.fixture
def with_surplus(counter: Counter) -> str:
    """A case whose books owe 300.00 yuan of surplus; its contract names the firm's account."""
    number = counter.ready_case()
    owed(counter, number, "300.00", surplus)
    desk = counter.desk
    with desk.app.app_context(), unit_of_work() as session:
        contract = session.query(Contract).filter_by(case_id=desk.case(number).id).one()
        held = party_store_value(session, desk.case(number).id)
        contract.content = {"account": {"bank": "甬江银行", "number": held}}
    return number


def party_store_value(session: Any, case_id: int) -> dict[str, str]:
    return party_store.store(
        session,
        party_key.current(),
        case_id=case_id,
        kind="account_number",
        value=PAYER_ACCOUNT,
        masked_as="***0017",
        at=clock.real_now(),
    )


def test_an_overpayment_goes_back_to_its_payer_by_two_persons(counter: Counter, refundable: str) -> None:
    number = prepare(counter, refundable, "refund", "300.00")
    confirm(counter, number)

    assert (counter.payment(number).kind, counter.payment(number).state) == ("refund", "authorised")


def test_refunds_together_do_not_exceed_what_the_books_owe(counter: Counter, refundable: str) -> None:
    prepare(counter, refundable, "refund", "200.00")

    with pytest.raises(Refused, match="300"):
        prepare(counter, refundable, "refund", "100.01")
    prepare(counter, refundable, "refund", "100.00")


@pytest.mark.violates(11)
def test_a_booked_refund_counts_once(counter: Counter, refundable: str) -> None:
    number = prepare(counter, refundable, "refund", "200.00")
    with counter.desk.app.app_context(), unit_of_work() as session:
        loan = session.query(Loan).one()
        books = Books(loan.number, "CNY", clock.moment().business_on)
        ledger.book(session, loan.id, loan.funder_id, books.refund(Decimal("200.00"), number), clock.real_now())

    prepare(counter, refundable, "refund", "100.00")
    with pytest.raises(Refused, match="100"):
        prepare(counter, refundable, "refund", "0.01")


@pytest.mark.parametrize("payee", [{"account": ACCOUNT}, {"name": "别人的公司"}])
def test_a_refund_goes_to_no_other_account_or_name(counter: Counter, refundable: str, payee: dict[str, str]) -> None:
    with pytest.raises(Refused, match="came"):
        prepare(counter, refundable, "refund", "10.00", **payee)


def test_the_maker_of_a_refund_does_not_confirm_it(counter: Counter, refundable: str) -> None:
    number = prepare(counter, refundable, "refund", "10.00")

    with pytest.raises(FourEyes):
        confirm(counter, number, MAKER)


@pytest.mark.violates(15)
def test_who_works_for_the_firm_handles_no_refund(counter: Counter, refundable: str) -> None:
    firm = counter.desk.actor("chen.jing").organisation_id
    with counter.desk.app.app_context(), unit_of_work() as session:
        session.add(Membership(person_id=counter.desk.person(MAKER).id, organisation_id=firm, role_key="borrower"))

    with pytest.raises(FourEyes):
        prepare(counter, refundable, "refund", "10.00")


def test_who_reviewed_the_credit_may_handle_its_refund(counter: Counter, refundable: str) -> None:
    number = prepare(counter, refundable, "refund", "10.00", REVIEWER)
    confirm(counter, number, APPROVER)

    assert counter.payment(number).state == "authorised"


def test_a_surplus_goes_to_the_firm_at_the_account_of_its_contract(counter: Counter, with_surplus: str) -> None:
    confirm(counter, prepare(counter, with_surplus, "surplus", "300.00"))

    with pytest.raises(Refused, match="300"):
        prepare(counter, with_surplus, "surplus", "0.01")


@pytest.mark.parametrize("payee", [{"account": ACCOUNT}, {"name": "别人的公司"}])
def test_a_surplus_goes_nowhere_else(counter: Counter, with_surplus: str, payee: dict[str, str]) -> None:
    with pytest.raises(Refused, match="surplus"):
        prepare(counter, with_surplus, "surplus", "300.00", **payee)


def test_a_surplus_may_go_to_the_guarantor_who_gave_the_security(counter: Counter, with_surplus: str) -> None:
    desk = counter.desk
    guarantor = desk.organisation("dongming")
    with desk.app.app_context(), unit_of_work() as session:
        set_party(session, desk.case(with_surplus).id, "guarantor", guarantor.id)

    number = prepare(counter, with_surplus, "surplus", "300.00", name=guarantor.name_zh, account=ACCOUNT)

    assert counter.payment(number).counterparty_name == guarantor.name_zh


def test_a_part_of_a_surplus_is_not_paid_because_it_could_not_be_booked(counter: Counter, with_surplus: str) -> None:
    with pytest.raises(Refused, match="at once"):
        prepare(counter, with_surplus, "surplus", "299.99")
