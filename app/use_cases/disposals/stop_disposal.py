"""Ends a disposal without a sale: the debtor paid, or the goods are missing or find no buyer."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import collateral, disposals
from app.storage.loans import Loan
from app.texts import Text
from app.use_cases.disposals.asked_disposal import refused
from app.use_cases.disposals.secure_collateral import items_of
from app.use_cases.loans.loan_standing import asked_loan
from app.use_cases.operation import Call, Operation

OUTCOMES = (disposals.STOPPED, disposals.FAILED)


def stop_disposal(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"stopped": number or None, "shortfall": yuan owed now} for `loan_no` and `outcome` (stopped or failed).

    The goods are pledged as before. Where none is open, nothing happens: the debtor may pay before it is. Error
    NotAllowed once a buyer is bound.
    """
    outcome, loan = call.inputs.get("outcome"), asked_loan(session, call)
    if outcome not in OUTCOMES or loan is None:
        raise refused("这一步要说明处置怎样结束。", f"This step needs a loan and an outcome: one of {OUTCOMES}.")
    return {"stopped": _stop(session, call, loan, outcome), "shortfall": loan.outstanding}


def _stop(session: Session, call: Call, loan: Loan, outcome: str) -> str | None:
    live = [one for one in disposals.of_loan(session, loan.id) if one.state in disposals.LIVE]
    if not live:
        return None
    if not disposals.move(session, live[0], [disposals.OPEN], outcome, ended_at=call.moment.now):
        raise refused(
            f"处置 {live[0].number} 已经成交，不能停止。",
            f"The disposal {live[0].number} is sold; it cannot be stopped.",
        )
    for item in items_of(session, live[0]):
        collateral.move(session, item, [collateral.SECURED], collateral.PLEDGED)
    return live[0].number


STOP_DISPOSAL = Operation("stop_disposal", Text("停止处置", "stop the disposal"), stop_disposal)
