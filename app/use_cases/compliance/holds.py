"""What a hold stops: no approval, no confirmation and no payment while one of the case is not cleared."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Refused
from app.storage import compliance
from app.storage.compliance import ComplianceHold
from app.texts import Text

NOT_CLEARED = Text(
    "合规暂缓未解除，审批和付款都不能进行。",
    "A compliance hold is not cleared; nothing can be approved or paid until it is.",
)


def open_holds(session: Session, case_id: int) -> list[ComplianceHold]:
    """The holds of a case that still block it (open, or upheld for good), oldest first."""
    return compliance.blocking(session, case_id)


def require_no_hold(session: Session, case_id: int) -> None:
    """Raises Refused while a hold of the case is not cleared; the words name no reason, which is compliance's own."""
    if open_holds(session, case_id):
        raise Refused(NOT_CLEARED.zh, NOT_CLEARED.of("en"))


def require_none_at(session: Session, case_id: int, moment: datetime) -> None:
    """Raises Refused where a hold blocked the case at that moment; one that came later changes nothing done before."""
    for hold in compliance.of_case(session, case_id):
        if hold.opened_at <= moment and (hold.closed_at is None or hold.closed_at > moment or hold.state == "upheld"):
            raise Refused(NOT_CLEARED.zh, NOT_CLEARED.of("en"))
