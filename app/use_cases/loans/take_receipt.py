"""Takes money for a loan inside a unit: the receipt with its order of allocation, the books, and who is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from app.lending.allocation import AllocationOrder
from app.lending.daily_close import Close
from app.moment import Moment
from app.storage import loans
from app.storage.cases import LoanCase
from app.storage.closes import DaySealed
from app.storage.loans import Loan, LoanReceipt
from app.storage.notifications import Notification
from app.storage.payments import Payment
from app.use_cases.instances.throw_message import NOT_KEPT, throw
from app.use_cases.loans.close_loan import close_loan_in
from app.use_cases.loans.close_rules import order_in_force, plain_order

REPAYMENT_BOOKED = "RepaymentBooked"


def take_receipt_in(
    session: Session,
    loan: Loan,
    receipt_no: str,
    amount: Decimal,
    value_on: date,
    moment: Moment,
    payment: Payment | None = None,
    *,
    order: AllocationOrder | None = None,
) -> Close:
    """Books `amount` yuan of the value date, which may lie in the past, on the business date; gives the close that did.

    Proceeds of a disposal are booked by their own journal (`Books.proceeds`, its subject the receipt's number) before
    they are taken here, and spread in the `order` of their ranks instead of the one in force. The caller sees to it
    that a receipt comes once; its number is unique.
    """
    loans.lock(session, loan)
    kept_order, order_hash = order_in_force(session, loan, moment.business_on)
    if order is not None:
        kept_order, order_hash = plain_order(order), ""
    session.add(
        LoanReceipt(
            number=receipt_no,
            loan_id=loan.id,
            payment_id=payment.id if payment is not None else None,
            # nobody repays what was not paid out yet: a bank's earlier value date is one of a channel's own clock
            value_on=max(value_on, loan.paid_out_on),
            amount=amount,
            allocation_order=kept_order,
            order_hash=order_hash,
            taken_at=moment.now,
        )
    )
    session.flush()
    done = close_loan_in(session, loan, moment.business_on, moment)
    if done is None:  # the business date moved while this waited for the loan: the next try books it on the new one
        raise DaySealed(
            f"借据 {loan.number} 已经日终到 {loan.closed_on}，请再试一次。",
            f"The loan {loan.number} is closed to {loan.closed_on}; please try again.",
        )
    _tell(session, loan, receipt_no, amount, value_on, moment)
    return done


def _tell(session: Session, loan: Loan, receipt_no: str, amount: Decimal, value_on: date, moment: Moment) -> None:
    told = {
        "case_number": session.get_one(LoanCase, loan.case_id).number,
        "loan_no": loan.number,
        "receipt_no": receipt_no,
        "amount": amount,
        "value_on": value_on.isoformat(),
        "overdue": loan.overdue,
        "outstanding": loan.outstanding,
        "dpd": loan.dpd,
    }
    throw(session, REPAYMENT_BOOKED, loan.number, told, loan.case_id, moment, time_to_live=NOT_KEPT)
    session.add(
        Notification(
            organisation_id=loan.borrower_id,
            case_id=loan.case_id,
            text_zh=f"还款 {amount:,.2f} 元已入账，借据 {loan.number}，剩余应还 {loan.outstanding:,.2f} 元。",
            text_en=f"Your repayment of {amount:,.2f} yuan on the loan {loan.number} is booked;"
            f" {loan.outstanding:,.2f} yuan are still to be paid.",
            at=moment.now,
        )
    )
