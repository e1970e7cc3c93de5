"""Incidents: what stopped an instance, with the real cause, until somebody retries it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model


class Incident(Model):
    """Something that did not work after all retries; `cause_*` is said to an admin, `trace` is for an engineer."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_open", "resolved_at", "created_at"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    element_id: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(30))
    cause_zh: Mapped[str] = mapped_column(Text)
    cause_en: Mapped[str] = mapped_column(Text)
    trace: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


def settle(session: Session, at: datetime, which: ColumnElement[bool]) -> None:
    """Closes open incidents that the case has left behind, by nobody: what they hold will never be tried again."""
    session.execute(
        update(Incident)
        .where(Incident.resolved_at.is_(None), which)
        .values(resolved_at=at)
        .execution_options(synchronize_session=False)
    )
