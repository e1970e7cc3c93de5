"""Traces of decisions: inputs, hits and outputs of every table that was evaluated, for reviewers and auditors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model


class DecisionTrace(Model):
    """One evaluation; `content_hash` names the exact table, `business_on` the date it was evaluated for."""

    __tablename__ = "decision_trace"
    __table_args__ = (
        Index("ix_decision_trace_case", "case_id", "id"),
        Index("ix_decision_trace_decision", "decision_key", "at"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("loan_case.id"))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    element_id: Mapped[str] = mapped_column(String(200))
    decision_key: Mapped[str] = mapped_column(String(100))
    content_hash: Mapped[str] = mapped_column(String(64))
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    business_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    trace: Mapped[Any] = mapped_column(PlainJson)


def of_case(session: Session, case_id: int) -> list[DecisionTrace]:
    """All evaluations of a case, oldest first."""
    return list(
        session.scalars(select(DecisionTrace).where(DecisionTrace.case_id == case_id).order_by(DecisionTrace.id))
    )
