"""Form answers, one document per case, form and round, and the drafts of people who are still typing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model


class FormAnswer(Model):
    """What somebody submitted; sensitive fields are references into the party store."""

    __tablename__ = "form_answer"
    __table_args__ = (Index("ix_form_answer_case", "case_id", "form_key", "round"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"))
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    form_key: Mapped[str] = mapped_column(String(100))
    round: Mapped[int] = mapped_column(Integer)
    opinion: Mapped[bool] = mapped_column(Boolean, default=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    data: Mapped[Any] = mapped_column(PlainJson)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class FormDraft(Model):
    """What somebody typed into a task and has not submitted yet, kept as typed."""

    __tablename__ = "form_draft"
    task_id: Mapped[int] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    data: Mapped[Any] = mapped_column(PlainJson)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


def of_case(session: Session, case_id: int) -> list[FormAnswer]:
    """All answers of a case, oldest first."""
    return list(session.scalars(select(FormAnswer).where(FormAnswer.case_id == case_id).order_by(FormAnswer.id)))


def latest(session: Session, case_id: int, form_key: str) -> FormAnswer | None:
    """The newest answer to a form in a case."""
    query = select(FormAnswer).where(FormAnswer.case_id == case_id, FormAnswer.form_key == form_key)
    return session.scalar(query.order_by(FormAnswer.id.desc()).limit(1))
