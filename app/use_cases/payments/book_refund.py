"""Books that an overpayment went back to its payer; once a payment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lending.journal import OVERPAYMENT
from app.lending.money import ZERO
from app.lending.postings import Books
from app.storage import ledger, loans, payments
from app.storage.ledger import JournalRow
from app.storage.loans import Loan
from app.storage.payments import Payment
from app.texts import Text
from app.use_cases.operation import Call, Operation, OperationRefused
from app.use_cases.payments.money_owed import REFUND

BOOKED = "refund"


def book_refund(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"refunded": {payment_no, loan_no, amount}} for `payment_no` and `loan_no`; the same again books nothing more.

    Error NotAllowed unless the bank paid this refund of the case and the loan's books owe as much to payers.
    """
    payment = payments.by_number(session, str(call.inputs.get("payment_no") or ""), locked=True)
    loan = loans.by_number(session, str(call.inputs.get("loan_no") or ""), locked=True)
    if payment is None or (payment.case_id, payment.direction, payment.kind) != (call.case.id, payments.OUT, REFUND):
        raise _refused("没有这笔退款。", "There is no such refund of this case.")
    if loan is None or loan.case_id != call.case.id:
        raise _refused("没有这笔借据。", "There is no such loan of this case.")
    if not _is_booked(session, payment):
        _require_owed(session, loan, payment)
        journal = Books(loan.number, loan.currency, call.moment.business_on).refund(payment.amount, payment.number)
        ledger.book(session, loan.id, loan.funder_id, journal, call.moment.now)
    return {"refunded": {"payment_no": payment.number, "loan_no": loan.number, "amount": payment.amount}}


def _is_booked(session: Session, payment: Payment) -> bool:
    booked = select(JournalRow.id).where(JournalRow.event == BOOKED, JournalRow.subject == payment.number)
    return session.scalars(booked).first() is not None


def _require_owed(session: Session, loan: Loan, payment: Payment) -> None:
    owed = -ledger.balances(session, loan_id=loan.id).get((loan.currency, OVERPAYMENT.code), ZERO)
    if payment.state != "succeeded" or payment.amount > owed:
        raise _refused(
            f"退款 {payment.number} 没有到账，或超过溢缴款 {owed:,.2f} 元。",
            f"The refund {payment.number} was not paid, or exceeds the {owed:,.2f} yuan owed to payers.",
        )


def _refused(zh: str, en: str) -> OperationRefused:
    return OperationRefused("NotAllowed", zh, en)


BOOK_REFUND = Operation("book_refund", Text("退款入账", "book a refund"), book_refund)
