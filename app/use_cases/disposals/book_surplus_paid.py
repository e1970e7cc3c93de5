"""Books that the surplus of a disposal reached the owner of what was sold; once a disposal."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.lending.postings import Books
from app.storage import disposals, ledger, loans, payments
from app.storage.disposals import Disposal
from app.storage.loans import Loan
from app.storage.payments import Payment
from app.texts import Text
from app.use_cases.disposals.asked_disposal import asked_disposal, refused
from app.use_cases.operation import Call, Operation

SURPLUS = "surplus"


def book_surplus_paid(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"surplus_paid": {payment_no, amount}} for `disposal_no` and `payment_no`; the same again books nothing more.

    Error NotAllowed unless the bank paid the case's surplus payment of exactly this amount, and no other took it.
    """
    disposal = asked_disposal(session, call, disposals.DISTRIBUTED)
    payment = payments.by_number(session, str(call.inputs.get("payment_no") or ""), locked=True)
    if payment is None or (payment.case_id, payment.direction, payment.kind) != (call.case.id, payments.OUT, SURPLUS):
        raise refused("没有这笔余款付款。", "There is no such payment of a surplus of this case.")
    if disposal.surplus_payment_id != payment.id:
        _require_owed(disposal, payment)
        _book(session, disposal, payment, call)
    return {"surplus_paid": {"payment_no": payment.number, "amount": payment.amount}}


def _require_owed(disposal: Disposal, payment: Payment) -> None:
    if disposal.surplus_payment_id is not None:
        raise refused(
            f"处置 {disposal.number} 的余款已经付过。", f"The surplus of {disposal.number} has been paid already."
        )
    if payment.state != "succeeded" or payment.amount != disposal.surplus:
        raise refused(
            f"付款 {payment.number} 没有到账，或金额不是余款 {disposal.surplus or 0:,.2f} 元。",
            f"{payment.number} was not paid, or is not the surplus of {disposal.surplus or 0:,.2f} yuan.",
        )


def _book(session: Session, disposal: Disposal, payment: Payment, call: Call) -> None:
    loan = session.get_one(Loan, disposal.loan_id)
    loans.lock(session, loan)
    disposal.surplus_payment_id = payment.id
    books = Books(loan.number, loan.currency, call.moment.business_on)
    journal = books.surplus_paid(payment.amount, payment.number)
    ledger.book(session, loan.id, loan.funder_id, journal, call.moment.now)


BOOK_SURPLUS_PAID = Operation("book_surplus_paid", Text("余款付款入账", "book the surplus"), book_surplus_paid)
