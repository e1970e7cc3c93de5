"""Binds the buyer of a disposal: from now on a payment by the debtor no longer stops it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import collateral, disposals
from app.storage.disposals import Disposal
from app.texts import Text
from app.use_cases.disposals.asked_disposal import asked_disposal, refused
from app.use_cases.disposals.disposal_input import SaleInput
from app.use_cases.disposals.secure_collateral import items_of
from app.use_cases.offers.amounts import checked
from app.use_cases.operation import Call, Operation


def bind_buyer(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"sold": {disposal_no, price}} for `disposal_no`, `way`, `buyer_name` and `price` in yuan.

    Error NotAllowed unless the disposal is open, both valuations stand and its goods are secured; BadInput.
    """
    wanted = checked(SaleInput(), call.inputs)
    disposal = asked_disposal(session, call, disposals.OPEN)
    if disposal.external_value is None or disposal.internal_value is None:
        raise refused("两个估值还没有齐全，不能成交。", "The two valuations are missing; nothing can be sold.")
    _hand_to_buyer(session, disposal)
    disposals.move(
        session,
        disposal,
        [disposals.OPEN],
        disposals.SOLD,
        route=wanted["way"],
        buyer_name=wanted["buyer_name"],
        price=wanted["price"],
        sold_on=call.moment.business_on,
    )
    return {"sold": {"disposal_no": disposal.number, "price": wanted["price"]}}


def _hand_to_buyer(session: Session, disposal: Disposal) -> None:
    """The goods are sold from now on, so that a debtor who pays the debt later does not get them released."""
    for item in items_of(session, disposal):
        if not collateral.move(session, item, [collateral.SECURED], collateral.SOLD):
            raise refused(
                f"担保物 {item.number} 还没有控制，不能成交。",
                f"The collateral {item.number} is not secured; nothing can be sold.",
            )


BIND_BUYER = Operation("bind_buyer", Text("登记成交", "bind the buyer"), bind_buyer)
