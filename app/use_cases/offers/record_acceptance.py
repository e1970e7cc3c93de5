"""Records that the borrower accepted the open offer."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import offers
from app.texts import Text
from app.use_cases.operation import Call, Operation, OperationRefused


def record_acceptance(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"accepted": number}; error OfferGone when no offer is open or its validity is over."""
    open_offers = [offer for offer in offers.of_case(session, call.case.id) if offer.state == "open"]
    if not open_offers or open_offers[-1].valid_until < call.moment.business_on:
        raise OperationRefused(
            "OfferGone", "方案已经失效，不能接受。", "The offer is no longer valid and cannot be accepted."
        )
    offer = open_offers[-1]
    offer.state, offer.decided_at = "accepted", call.moment.now
    return {"accepted": offer.number}


RECORD_ACCEPTANCE = Operation("record_acceptance", Text("登记接受方案", "record the acceptance"), record_acceptance)
