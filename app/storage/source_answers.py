"""Answers that outside sources sent by themselves, kept until the step that asked reads them; each key counts once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model, upsert


class SourceAnswer(Model):
    """One answer by the key of its request. Its bytes name people: they lie encrypted in the party store (`value_id`).

    `body_hash` is their SHA-256 (hex).
    """

    __tablename__ = "source_answer"
    __table_args__ = (UniqueConstraint("source", "key", name="uq_source_answer_key"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))
    value_id: Mapped[str] = mapped_column(ForeignKey("party_value.id"))
    body_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


def of_key(session: Session, source: str, key: str) -> SourceAnswer | None:
    """The answer to the request with this key."""
    return session.scalar(select(SourceAnswer).where(SourceAnswer.source == source, SourceAnswer.key == key))


def add(session: Session, source: str, key: str, value_id: str, body_hash: str, at: datetime) -> bool:
    """Keeps the first answer to a key; False where one is there, also one that came at the same moment."""
    row = {"source": source, "key": key, "value_id": value_id, "body_hash": body_hash, "received_at": at}
    added = upsert(session, SourceAnswer).values(**row).on_conflict_do_nothing(index_elements=["source", "key"])
    return session.scalar(added.returning(SourceAnswer.id)) is not None
