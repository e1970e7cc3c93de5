"""Finds, locked, the disposal that a diagram speaks of; an operation that comes too early or too late is refused."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.storage import disposals
from app.storage.disposals import Disposal
from app.use_cases.operation import Call, OperationRefused

STATE_NAMES = {
    disposals.OPEN: ("处置中", "under way"),
    disposals.SOLD: ("已成交", "sold"),
    disposals.DISTRIBUTED: ("已分配", "distributed"),
    disposals.STOPPED: ("已停止", "stopped"),
    disposals.FAILED: ("已终止", "ended without a sale"),
}


def asked_disposal(session: Session, call: Call, *states: str) -> Disposal:
    """The disposal of the input `disposal_no`; error NotAllowed for another case's, or one in none of the states."""
    number = str(call.inputs.get("disposal_no") or "")
    found = disposals.by_number(session, number, locked=True)
    if found is None or found.case_id != call.case.id:
        raise refused(f"这件申请没有处置“{number}”。", f'This case has no disposal "{number}".')
    if found.state not in states:
        zh, en = STATE_NAMES[found.state]
        raise refused(f"处置 {number} {zh}，不能办理这一步。", f"The disposal {number} is {en}; this cannot be done.")
    return found


def refused(zh: str, en: str) -> OperationRefused:
    """A control that holds whatever was drawn says no."""
    return OperationRefused("NotAllowed", zh, en)
