"""Whether a case's credit covers its payments: the accepted offer, signed contracts and what is held on the limits."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from app.errors import Refused
from app.storage import contracts, limits, offers, payments
from app.use_cases.contracts.kinds import LOAN
from app.use_cases.offers.limits_of_case import limit_name

DRAWDOWN = "drawdown"


def require_cover(session: Session, case_id: int, more: Decimal) -> None:
    """Raises Refused unless drawdowns so far and `more` yuan stay within the accepted offer and every reservation,
    and every contract of the case is in force (invariants 16 and 17).

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
    if more:  # what is under way already goes on: it was prepared before the limit was frozen
        _require_not_frozen(session, case_id)
    _require_signed(session, case_id)


def _require_not_frozen(session: Session, case_id: int) -> None:
    for limit in limits.frozen_of(session, case_id):
        name = limit_name(session, limit)
        raise Refused(
            f"{name.zh}已冻结：{limit.frozen_reason}，不能付款。",
            f"{name.en} is frozen ({limit.frozen_reason}); nothing can be paid out.",
        )


def _require_signed(session: Session, case_id: int) -> None:
    there = [one for one in contracts.of_case(session, case_id) if one.state != contracts.LAPSED]
    missing = [one.number for one in there if one.state != contracts.IN_FORCE]
    if missing or not any(one.kind == LOAN for one in there):
        raise Refused(
            f"合同还没有全部签署生效：{'、'.join(missing) or '没有借款合同'}，不能付款。",
            f"Not every contract is in force ({', '.join(missing) or 'there is no loan contract'}); "
            "nothing can be paid out.",
        )
