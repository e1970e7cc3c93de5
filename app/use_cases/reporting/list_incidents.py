"""Lists what has stopped and waits for somebody to retry it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.incidents import Incident
from app.texts import Text


@dataclass(frozen=True)
class OpenIncident:
    """One open incident with the number of its case and its real cause."""

    id: int
    case_number: str
    kind: str
    element_id: str
    cause: Text
    created_at: datetime


def list_incidents(limit: int = 200) -> list[OpenIncident]:
    """Open incidents, oldest first."""
    query = (
        select(Incident, LoanCase.number)
        .outerjoin(LoanCase, LoanCase.id == Incident.case_id)
        .where(Incident.resolved_at.is_(None))
        .order_by(Incident.created_at, Incident.id)
        .limit(limit)
    )
    with reading() as session:
        return [
            OpenIncident(
                row.id, number or "", row.kind, row.element_id, Text(row.cause_zh, row.cause_en), row.created_at
            )
            for row, number in session.execute(query)
        ]
