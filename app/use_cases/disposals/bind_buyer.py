"""Binds the buyer of a disposal: from now on a payment by the debtor no longer stops it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import collateral, disposals, loans
from app.storage.disposals import Disposal
from app.storage.loans import Loan
from app.texts import Text
from app.use_cases.disposals.asked_disposal import asked_disposal, refused
from app.use_cases.disposals.disposal_input import SaleInput
from app.use_cases.disposals.secure_collateral import items_of
from app.use_cases.offers.amounts import checked
from app.use_cases.operation import Call, Operation, OperationRefused


def bind_buyer(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"sold": {disposal_no, price}} for `disposal_no`, `way`, `buyer_name` and `price` in yuan.

    Error NotAllowed unless the disposal is open, both valuations stand and its goods are secured; DebtPaid where
    nothing is owed any more, also after an earlier buyer did not pay; BadInput.
    """
    wanted = checked(SaleInput(), call.inputs)
    disposal = asked_disposal(session, call, disposals.OPEN)
    _require_owed(session, disposal)
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


def _require_owed(session: Session, disposal: Disposal) -> None:
    """Locks the loan: of the debtor's last money and a buyer at the same instant the first one counts."""
    loan = session.get_one(Loan, disposal.loan_id)
    loans.lock(session, loan)
    if loan.state != loans.ACTIVE or loan.outstanding <= 0:
        raise OperationRefused(
            "DebtPaid",
            f"借据 {loan.number} 已经还清，担保物不能再卖。",
            f"Nothing is owed on the loan {loan.number} any more; its collateral cannot be sold.",
        )


def _hand_to_buyer(session: Session, disposal: Disposal) -> None:
    """The goods are sold from now on, so that a debtor who pays the debt later does not get them released."""
    for item in items_of(session, disposal):
        if not collateral.move(session, item, [collateral.SECURED], collateral.SOLD):
            raise refused(
                f"担保物 {item.number} 还没有控制，不能成交。",
                f"The collateral {item.number} is not secured; nothing can be sold.",
            )


BIND_BUYER = Operation("bind_buyer", Text("登记成交", "bind the buyer"), bind_buyer)
