"""Releases what secured a case once nothing is owed on it; what was sold stays sold."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import collateral, loans, payments
from app.storage.cases import LoanCase
from app.texts import Text
from app.use_cases.collateral.collateral_input import ReleaseInput
from app.use_cases.offers.amounts import checked
from app.use_cases.operation import Call, Operation, OperationRefused

DRAWDOWN = "drawdown"


def release_collateral(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"released": numbers, "sold": numbers of what a disposal sold before}; doing it again releases nothing more.

    Error NotAllowed while a loan of the case is owed or its payout is on the way, unless everything was sold.
    `registration_cancelled_on` is noted on all of it.
    """
    wanted = checked(ReleaseInput(), call.inputs)
    # as with everything about money the case first, so that a payout prepared at the same moment is seen
    session.execute(select(LoanCase.id).where(LoanCase.id == call.case.id).with_for_update(key_share=True))
    items = collateral.of_case(session, call.case.id)
    live = [item for item in items if item.state in collateral.LIVE]
    if live:
        _require_nothing_owed(session, call)
    for item in live:
        collateral.move(session, item, collateral.LIVE, collateral.RELEASED, ended_at=call.moment.now)
    for item in items:
        if item.registration_no and item.registration_cancelled_on is None:
            item.registration_cancelled_on = wanted["registration_cancelled_on"]
    return {
        "released": [item.number for item in live],
        "sold": [item.number for item in items if item.state == collateral.SOLD],
    }


def _require_nothing_owed(session: Session, call: Call) -> None:
    """Invariant 30 in its simple form: collateral is free when the balance is 0."""
    lent = loans.of_case(session, call.case.id)
    owed = [loan for loan in lent if loan.state == loans.ACTIVE or loan.outstanding != 0]
    if owed:
        raise OperationRefused(
            "NotAllowed",
            f"贷款 {owed[0].number} 还有 {owed[0].outstanding:,.2f} 元未还，担保物不能解除。",
            f"{owed[0].outstanding:,.2f} yuan are owed on the loan {owed[0].number}; its collateral stays pledged.",
        )
    if not lent and payments.committed_total(session, call.case.id, DRAWDOWN):
        raise OperationRefused(
            "NotAllowed",
            "放款正在进行，担保物不能解除。",
            "A payout is on its way; its collateral stays pledged.",
        )


RELEASE_COLLATERAL = Operation("release_collateral", Text("解除担保", "release the collateral"), release_collateral)
