"""Reports of outside sources on a case, with source and time, as they were received."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model


class ExternalReport(Model):
    """What a registry, bureau or risk platform answered; never edited, a newer one is another row.

    `entered_by` is the person who typed it in where the source itself did not answer.
    """

    __tablename__ = "external_report"
    __table_args__ = (Index("ix_external_report_case", "case_id", "id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    kind: Mapped[str] = mapped_column(String(40))
    source_zh: Mapped[str] = mapped_column(String(100))
    source_en: Mapped[str] = mapped_column(String(100))
    reference: Mapped[str] = mapped_column(String(80))
    data: Mapped[Any] = mapped_column(PlainJson)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", name="fk_external_report_entered_by"))


def of_case(session: Session, case_id: int) -> list[ExternalReport]:
    """All reports of a case, oldest first."""
    return list(
        session.scalars(select(ExternalReport).where(ExternalReport.case_id == case_id).order_by(ExternalReport.id))
    )
