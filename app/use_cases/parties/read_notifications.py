"""The messages to one's organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from app.gateways import clock
from app.storage import notifications
from app.storage.database import reading, unit_of_work
from app.storage.notifications import Notification
from app.texts import Text
from app.use_cases.permissions import Actor


@dataclass(frozen=True)
class Message:
    """One message with its case's number."""

    id: int
    at: datetime
    text: Text
    case_number: str | None
    company: str
    is_read: bool


def read_notifications(actor: Actor) -> list[Message]:
    """The newest messages to the actor's organisation, and to the actor by name."""
    with reading() as session:
        rows = notifications.of_person(session, actor.organisation_id, actor.person_id)
        return [
            Message(
                row.id,
                row.at,
                Text(row.text_zh, row.text_en),
                case.number if case else None,
                case.applicant_name if case else "",
                row.read_at is not None,
            )
            for row, case in rows
        ]


def mark_all_read(actor: Actor) -> None:
    """Everything that the organisation was told counts as read."""
    with unit_of_work() as session:
        session.execute(
            update(Notification)
            .where(notifications.told_to(actor.organisation_id, actor.person_id), Notification.read_at.is_(None))
            .values(read_at=clock.moment().now)
        )
