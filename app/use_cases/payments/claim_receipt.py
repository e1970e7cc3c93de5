"""Claims money that came in without a loan's number for the loan that two people found; it is taken once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import loans, payments
from app.storage.cases import parties
from app.storage.loans import Loan, LoanReceipt
from app.storage.party_store import PartyValue
from app.storage.payments import Payment
from app.texts import Text
from app.use_cases.loans.take_receipt import take_receipt_in
from app.use_cases.operation import Call, Operation, OperationRefused


def claim_receipt(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"claimed": {receipt_no, loan_no, amount}} for `receipt_no` and `loan_no`; the same again books no more.

    Error NotClaimable unless the receipt is money that nothing took, and the loan an active one of the case's funder.
    """
    payment = payments.by_number(session, str(call.inputs.get("receipt_no") or ""), locked=True)
    funder = parties(session, call.case.id).get("funder")
    if payment is None or payment.direction != payments.IN or _is_of_another(session, payment, funder):
        raise _refused("没有这笔收款。", "There is no such receipt.")
    loan = loans.by_number(session, str(call.inputs.get("loan_no") or "").strip(), locked=True)
    if loan is None or loan.funder_id != funder:
        raise _refused("没有这笔借据，请核对借据号。", "There is no such loan; please check its number.")
    earlier = session.scalar(select(LoanReceipt).where(LoanReceipt.payment_id == payment.id))
    if earlier is None:
        _require_open(loan, payment)
        _bind(session, loan, payment)
        value_on = payment.value_on or call.moment.business_on
        take_receipt_in(session, loan, payment.number, payment.amount, value_on, call.moment, payment)
    elif earlier.loan_id != loan.id:
        taken_by = session.get_one(Loan, earlier.loan_id).number
        raise _refused(
            f"收款 {payment.number} 已记入借据 {taken_by}。",
            f"{payment.number} is booked to the loan {taken_by} already.",
        )
    return {"claimed": {"receipt_no": payment.number, "loan_no": loan.number, "amount": payment.amount}}


def _is_of_another(session: Session, payment: Payment, funder: int | None) -> bool:
    """Whether the payer named a case of another funder, whose money it is though no loan has taken it yet."""
    return payment.case_id is not None and parties(session, payment.case_id).get("funder") != funder


def _require_open(loan: Loan, payment: Payment) -> None:
    if payment.kind != "repayment":
        raise _refused(
            f"收款 {payment.number} 是处置价款，不能认领。",
            f"{payment.number} is the price of a disposal; it cannot be claimed.",
        )
    if loan.state != loans.ACTIVE or loan.currency != payment.currency:
        raise _refused(
            f"借据 {loan.number} 已不在还款中，或币种不同。",
            f"The loan {loan.number} is no longer being repaid, or is in another currency.",
        )


def _bind(session: Session, loan: Loan, payment: Payment) -> None:
    """The money and the account it came from are the case's now: a refund goes back there and nowhere else."""
    payment.case_id = loan.case_id
    account = session.get(PartyValue, payment.account_id) if payment.account_id else None
    if account is not None:
        account.case_id = loan.case_id


def _refused(zh: str, en: str) -> OperationRefused:
    return OperationRefused("NotClaimable", zh, en)


CLAIM_RECEIPT = Operation("claim_receipt", Text("认领收款", "claim a receipt"), claim_receipt)
