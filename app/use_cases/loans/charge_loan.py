"""Charges a cost or a fee to a loan inside a unit, with its voucher; a voucher is booked once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from app.errors import Refused
from app.lending.postings import Books
from app.moment import Moment
from app.storage import ledger, loans
from app.storage.loans import Loan, LoanCharge
from app.use_cases.loans.close_loan import close_loan_in

COST, FEE = "cost", "fee"


def charge_in(
    session: Session,
    loan: Loan,
    kind: str,
    amount: Decimal,
    voucher_no: str,
    what: str,
    moment: Moment,
    *,
    due_on: date | None = None,
) -> LoanCharge:
    """The charge: a cost that the funder advanced, or a fee, owed from `due_on` (else the business date) on.

    The same voucher again gives the charge that stands. Raises Refused for another amount on a voucher that stands,
    a kind that is neither, an amount that is not above zero, or a loan that is no longer active.
    """
    loans.lock(session, loan)
    for earlier in loans.charges(session, loan.id):
        if earlier.voucher_no == voucher_no:
            return _same(earlier, kind, amount)
    if loan.state != loans.ACTIVE or kind not in (COST, FEE) or amount <= 0:
        raise Refused(
            f"不能给借据 {loan.number} 记这笔费用：借据须在还款中，金额须大于零。",
            f"Nothing can be charged to the loan {loan.number}: it must be active, the amount above zero.",
        )
    on = moment.business_on
    charge = LoanCharge(
        loan_id=loan.id,
        kind=kind,
        amount=amount,
        due_on=due_on or on,
        voucher_no=voucher_no,
        what=what,
        made_at=moment.now,
    )
    session.add(charge)
    session.flush()
    books = Books(loan.number, loan.currency, on)
    # whatever is charged is traced by its voucher (invariant 33)
    journal = (
        books.cost_advanced(amount, voucher_no)
        if kind == COST
        else replace(books.accrual(FEE, amount), subject=voucher_no)
    )
    ledger.book(session, loan.id, loan.funder_id, journal, moment.now)
    close_loan_in(session, loan, on, moment)
    return charge


def _same(earlier: LoanCharge, kind: str, amount: Decimal) -> LoanCharge:
    if (earlier.kind, earlier.amount) != (kind, amount):
        raise Refused(
            f"凭证 {earlier.voucher_no} 已记账 {earlier.amount:,.2f} 元。",
            f"The voucher {earlier.voucher_no} is booked with {earlier.amount:,.2f} yuan already.",
        )
    return earlier
