"""The messages that somebody was told, and that they were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.storage import notifications
from app.storage.database import reading, unit_of_work
from app.storage.notifications import Reader
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
    """The newest messages to the actor's organisation, to the actor's roles in it, and to the actor by name."""
    with reading() as session:
        rows = notifications.of_person(session, reader(actor))
        read_to = notifications.read_to(session, reader(actor))
        return [
            Message(
                row.id,
                row.at,
                Text(row.text_zh, row.text_en),
                case.number if case else None,
                case.applicant_name if case else "",
                row.id <= read_to,
            )
            for row, case in rows
        ]


def mark_all_read(actor: Actor) -> None:
    """Everything that the actor was told counts as read by the actor; colleagues read for themselves."""
    with unit_of_work() as session:
        notifications.mark_read(session, reader(actor))


def reader(actor: Actor) -> Reader:
    """The actor as a reader of messages."""
    return Reader(actor.person_id, actor.organisation_id, actor.roles)
