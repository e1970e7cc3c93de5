"""Takes a sale back whose buyer does not pay, so that the goods can be sold to somebody else."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import collateral, disposals
from app.texts import Text
from app.use_cases.disposals.asked_disposal import asked_disposal, refused
from app.use_cases.disposals.secure_collateral import items_of
from app.use_cases.operation import Call, Operation


def release_buyer(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"released": the buyer's name}; error NotAllowed unless it is sold and nothing of the price came in."""
    disposal = asked_disposal(session, call, disposals.SOLD)
    came = disposals.received(session, disposal.id)
    if came:
        raise refused(
            f"处置 {disposal.number} 已收到价款 {came:,.2f} 元，不能解除成交。",
            f"{came:,.2f} yuan of the price of {disposal.number} came in; the sale cannot be taken back.",
        )
    name = disposal.buyer_name
    undone = {"route": "", "buyer_name": "", "price": None, "sold_on": None}
    disposals.move(session, disposal, [disposals.SOLD], disposals.OPEN, **undone)
    for item in items_of(session, disposal):
        collateral.move(session, item, [collateral.SOLD], collateral.SECURED)
    return {"released": name}


RELEASE_BUYER = Operation("release_buyer", Text("解除成交", "take the sale back"), release_buyer)
