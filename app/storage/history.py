"""History: what happened in a case, a row for each finished step, in order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model
from app.texts import Text


class HistoryEntry(Model):
    """A finished step, or an act on a task (claimed, released); `detail` is what a reader needs, in plain values."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_case", "case_id", "id"), Index("ix_history_instance", "instance_id", "id"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"))
    kind: Mapped[str] = mapped_column(String(30))
    element_id: Mapped[str] = mapped_column(String(200), default="")
    name_zh: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    round: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    detail: Mapped[Any | None] = mapped_column(PlainJson)

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)


def of_case(session: Session, case_id: int, limit: int | None = 500) -> list[HistoryEntry]:
    """The newest entries of a case, newest first; all of them for no limit."""
    return list(
        session.scalars(
            select(HistoryEntry).where(HistoryEntry.case_id == case_id).order_by(HistoryEntry.id.desc()).limit(limit)
        )
    )
