"""Gives back what a case holds on limits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.storage import limits
from app.texts import Text
from app.use_cases.operation import Call, Operation


def give_back_all(session: Session, case_id: int, at: datetime) -> int:
    """Releases every open reservation of a case; how many. Doing it again finds none."""
    released = [held for held in limits.reservations(session, case_id) if limits.close(session, held.id, at)]
    for reservation in released:
        limits.give_back(session, reservation.limit_id, reservation.amount)
    return len(released)


def release_limit(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"released": how many reservations were given back}."""
    return {"released": give_back_all(session, call.case.id, call.moment.now)}


RELEASE_LIMIT = Operation("release_limit", Text("释放额度", "release the limit"), release_limit)
