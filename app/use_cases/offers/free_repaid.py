"""Gives back to the limits what a loan's receipts repaid of its principal, where the kind of limit allows it."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lending.journal import DEBIT, PRINCIPAL
from app.moment import Moment
from app.storage import limits
from app.storage.cases import LoanCase
from app.storage.ledger import JournalLine, JournalRow
from app.storage.limits import ZERO, CreditLimit
from app.storage.loans import Loan
from app.use_cases.offers.limits_of_case import AS_REPAID, policy_of


def free_repaid(session: Session, loan: Loan, moment: Moment) -> None:
    """What each open reservation of the loan's case has back becomes the principal that the books say is repaid.

    The caller holds the loan's lock and its journals are booked. Where a mended receipt raises the principal again the
    room is taken back, as far as nobody else has it by now.
    """
    held = limits.reservations(session, loan.case_id, locked=True)
    if not held:
        return
    product = session.get_one(LoanCase, loan.case_id).product_key
    repaid = _repaid(session, loan.case_id)
    for reservation in held:
        kind = session.get_one(CreditLimit, reservation.limit_id).kind
        if policy_of(session, kind, product, moment.business_on)["release"] != AS_REPAID:
            continue
        more = min(repaid, reservation.amount) - reservation.freed
        if more > 0:
            limits.give_back(session, reservation.limit_id, more)
        elif more == 0 or not limits.take(session, reservation.limit_id, -more):
            continue
        reservation.freed += more
    session.flush()


def _repaid(session: Session, case_id: int) -> Decimal:
    """Of all loans of the case: what was lent less what the principal's account still shows."""
    mine = select(Loan.id).where(Loan.case_id == case_id)
    lent = session.scalar(select(func.sum(Loan.principal)).where(Loan.case_id == case_id)) or ZERO
    lines = (
        select(JournalLine.side, func.sum(JournalLine.amount))
        .join(JournalRow, JournalRow.id == JournalLine.journal_id)
        .where(JournalRow.loan_id.in_(mine), JournalLine.account == PRINCIPAL.code)
        .group_by(JournalLine.side)
    )
    shown = sum((amount if side == DEBIT else -amount for side, amount in session.execute(lines)), ZERO)
    return max(lent - shown, ZERO)
