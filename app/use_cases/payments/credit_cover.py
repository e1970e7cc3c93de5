"""Whether a case's credit covers its payments: the accepted offer and what is held on the limits."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from app.errors import Refused
from app.storage import limits, offers, payments

DRAWDOWN = "drawdown"


def require_cover(session: Session, case_id: int, more: Decimal = Decimal(0)) -> None:
    """Raises Refused unless drawdowns so far and `more` yuan stay within the accepted offer and every reservation.

    The caller holds the case's lock, so that two payments at once are seen one after the other.
    """
    accepted = [offer.amount for offer in offers.of_case(session, case_id) if offer.state == "accepted"]
    if not accepted:
        raise Refused(
            "借款人还没有接受方案，不能付款。", "The borrower has accepted no offer; nothing can be paid out."
        )
    total = payments.committed_total(session, case_id, DRAWDOWN) + more
    if total > accepted[-1]:
        raise Refused(
            f"方案金额 {accepted[-1]:,.2f} 元，付款合计将达到 {total:,.2f} 元。",
            f"The offer is for {accepted[-1]:,.2f} yuan; the payments would come to {total:,.2f}.",
        )
    held = [reservation.amount for reservation in limits.reservations(session, case_id)]
    if not held or min(held) < total:
        raise Refused("额度没有占用足额，不能付款。", "The limit is not reserved in full; nothing can be paid out.")
