"""Makes the loan of a drawdown that the bank paid: schedule, rules and books, whatever a diagram drew before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import FourEyes, Refused
from app.lending.postings import Books
from app.lending.schedule import Instalment, plan
from app.moment import Moment
from app.storage import collateral, contracts, ledger, loans, offers, payments
from app.storage.cases import LoanCase, next_number, parties
from app.storage.contracts import Contract
from app.storage.loans import Loan
from app.storage.offers import Offer
from app.storage.payments import Payment
from app.texts import Text
from app.use_cases.compliance.holds import require_none_at
from app.use_cases.contracts.content import money
from app.use_cases.contracts.kinds import LOAN
from app.use_cases.contracts.require_contracts import REQUIRE_CONTRACTS
from app.use_cases.loans.close_rules import contract_rules
from app.use_cases.loans.loan_facts_of import owed_at_payout
from app.use_cases.loans.new_schedule import add_schedule
from app.use_cases.offers.preview_schedule import REPAYMENT_METHODS
from app.use_cases.operation import Call, Operation, OperationRefused
from app.use_cases.payments.credit_cover import DRAWDOWN, require_cover
from app.use_cases.payments.four_persons import require_apart, require_different, require_reviewed

PAID_OUT = "paid_out"


def activate_loan(session: Session, call: Call, broken: Any) -> dict[str, Any]:
    """{"loan": {loan_no, principal, paid_out_on, matures_on, first_due_on}} for the input `payment_no`; once a payment.

    Error NotAllowed where one of the controls of money out does not hold (invariants 15 to 18): contracts in force and
    unchanged, four different persons, cover, and terms as offered. `broken` are contracts whose signatures fail.
    """
    # as everywhere the case first, so that two drawdowns of it are seen one after the other
    session.scalar(select(LoanCase).where(LoanCase.id == call.case.id).with_for_update(key_share=True))
    payment = _payment(session, call)
    loan = session.scalar(select(Loan).where(Loan.payment_id == payment.id))
    if loan is None:
        _require_signed(session, call, broken)
        _require_people_and_cover(session, call.case, payment)
        contract, offer = _terms(session, call.case, payment)
        loan = _made(session, call, payment, contract, offer)
    rows = loans.rows_of(session, loans.schedules(session, loan.id)[0].id)
    return {
        "loan": {
            "loan_no": loan.number,
            "principal": loan.principal,
            "paid_out_on": loan.paid_out_on.isoformat(),
            "matures_on": loan.matures_on.isoformat(),
            "first_due_on": rows[0].due_on.isoformat(),
        }
    }


def _payment(session: Session, call: Call) -> Payment:
    payment = payments.by_number(session, str(call.inputs.get("payment_no")), locked=True)
    if payment is None or (payment.case_id, payment.direction, payment.kind) != (call.case.id, payments.OUT, DRAWDOWN):
        raise _refused(
            "没有这笔放款付款，不能建立借据。", "There is no such drawdown of this case; no loan can be made of it."
        )
    if payment.state != "succeeded" or payment.settled_at is None:
        raise _refused(
            f"付款 {payment.number} 还没有到账，不能建立借据。",
            f"The bank has not paid {payment.number} yet; no loan can be made of it.",
        )
    return payment


def _require_signed(session: Session, call: Call, broken: Any) -> None:
    try:
        REQUIRE_CONTRACTS.record(session, call, broken)
    except OperationRefused as refusal:
        raise _refused(refusal.text.zh, refusal.text.of("en")) from refusal


def _require_people_and_cover(session: Session, case: LoanCase, payment: Payment) -> None:
    maker_id, checker_id = payment.maker_id, payment.checker_id
    assert maker_id is not None and checker_id is not None, "the table lets nothing leave without two persons"
    try:
        # a hold that came after the money had left stops the next payment, not the booking of this one
        require_none_at(session, case.id, payment.sent_at or payment.created_at)
        require_reviewed(session, case)
        require_different(maker_id, checker_id)
        for person_id in (maker_id, checker_id):
            require_apart(session, case, person_id)
        require_cover(session, case.id, Decimal(0))
    except (FourEyes, Refused) as refusal:
        raise _refused(refusal.text.zh, refusal.text.of("en")) from refusal


def _terms(session: Session, case: LoanCase, payment: Payment) -> tuple[Contract, Offer]:
    """The loan contract in force and the offer that it was made from, in the same words."""
    accepted = [one for one in offers.of_case(session, case.id) if one.state == "accepted"]
    signed = [
        one for one in contracts.of_case(session, case.id) if one.kind == LOAN and one.state == contracts.IN_FORCE
    ]
    if not accepted or not signed or signed[-1].offer_id != accepted[-1].id:
        raise _refused(
            "生效的借款合同不是按已接受的方案签的。",
            "The loan contract in force was not made from the accepted offer.",
        )
    contract, offer = signed[-1], accepted[-1]
    printed, method = contract.content["terms"], REPAYMENT_METHODS[offer.repayment_method]
    told = [printed["amount"], Decimal(printed["rate"]), printed["term_months"], printed["method"]["zh"]]
    wanted = [money(offer.amount), Decimal(offer.rate_percent_per_year), offer.term_months, method.zh]
    if told != wanted or payment.amount > offer.amount or payment.currency != offer.currency:
        raise _refused(
            f"合同 {contract.number} 的金额、利率、期限或还款方式与批准的方案 {offer.number} 不一致。",
            f"Amount, rate, term or method of the contract {contract.number} differ from the offer {offer.number}.",
        )
    return contract, offer


def _made(session: Session, call: Call, payment: Payment, contract: Contract, offer: Offer) -> Loan:
    assert payment.settled_at is not None, "a payment that succeeded has its time"
    paid_out_on = Moment.at(payment.settled_at).business_on
    rate = Decimal(offer.rate_percent_per_year)
    rows = plan(payment.amount, rate, offer.term_months, offer.repayment_method, paid_out_on)
    outstanding, matures_on = owed_at_payout(rows)
    who = parties(session, call.case.id)
    terms = {"product": call.case.product_key, "term_months": offer.term_months}
    loan = Loan(
        number=next_number(session, "DK", call.moment.business_on),
        case_id=call.case.id,
        payment_id=payment.id,
        contract_id=contract.id,
        funder_id=who["funder"],
        borrower_id=who["borrower"],
        currency=payment.currency,
        principal=payment.amount,
        rate_percent_per_year=offer.rate_percent_per_year,
        term_months=offer.term_months,
        repayment_method=offer.repayment_method,
        paid_out_on=paid_out_on,
        matures_on=matures_on,
        rules=contract_rules(session, rate, _uplift(contract), paid_out_on, terms),
        outstanding=outstanding,
        overdue=Decimal("0.00"),
        activated_at=call.moment.now,
    )
    session.add(loan)
    session.flush()
    collateral.attach(session, call.case.id, loan.id)
    _book(session, loan, rows, payment, call.moment)
    return loan


def _uplift(contract: Contract) -> Decimal | None:
    agreed = contract.content["terms"].get("penalty_uplift")
    return None if agreed is None else Decimal(agreed)


def _book(session: Session, loan: Loan, rows: tuple[Instalment, ...], payment: Payment, moment: Moment) -> None:
    """The plan, and payout with its confirmation on one day: clearing is empty at its end."""
    add_schedule(session, loan, rows, PAID_OUT, loan.paid_out_on, moment)
    books = Books(loan.number, loan.currency, moment.business_on)
    for journal in (
        books.payout(payment.amount, payment.number),
        books.payout_confirmed(payment.amount, payment.number),
    ):
        ledger.book(session, loan.id, loan.funder_id, journal, moment.now)


def _refused(zh: str, en: str) -> OperationRefused:
    return OperationRefused("NotAllowed", zh, en)


ACTIVATE_LOAN = Operation(
    "activate_loan",
    Text("建立借据", "activate the loan"),
    activate_loan,
    prepare=REQUIRE_CONTRACTS.prepare,
    ask=REQUIRE_CONTRACTS.ask,
)
