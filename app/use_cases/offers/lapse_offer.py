"""Ends an open offer that was not accepted in time or was declined."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import offers
from app.texts import Text
from app.use_cases.operation import Call, Operation


def lapse_offer(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"lapsed": numbers}; the input `declined` true says that the borrower declined rather than kept silent."""
    state = "declined" if call.inputs.get("declined") is True else "lapsed"
    ended = []
    for offer in offers.of_case(session, call.case.id):
        if offer.state == "open":
            offer.state, offer.decided_at = state, call.moment.now
            ended.append(offer.number)
    return {"lapsed": ended}


LAPSE_OFFER = Operation("lapse_offer", Text("方案失效", "end the offer"), lapse_offer)
