"""Notes that the goods of a disposal were counted and taken over: they are secured."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import collateral, disposals
from app.storage.collateral import Collateral
from app.storage.disposals import Disposal
from app.texts import Text
from app.use_cases.disposals.asked_disposal import asked_disposal, refused
from app.use_cases.operation import Call, Operation


def secure_collateral(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"secured": numbers}; error NotAllowed where the disposal is not open or a thing is no longer pledged."""
    disposal = asked_disposal(session, call, disposals.OPEN)
    items = items_of(session, disposal)
    for item in items:
        if not collateral.move(session, item, collateral.LIVE, collateral.SECURED):
            raise refused(
                f"担保物 {item.number} 已不在押，不能处置。",
                f"The collateral {item.number} is no longer pledged; it cannot be sold.",
            )
    return {"secured": [item.number for item in items]}


def items_of(session: Session, disposal: Disposal) -> list[Collateral]:
    """The collateral that a disposal sells."""
    return [session.get_one(Collateral, item.collateral_id) for item in disposals.items(session, disposal.id)]


SECURE_COLLATERAL = Operation("secure_collateral", Text("登记已控制担保物", "secure the collateral"), secure_collateral)
