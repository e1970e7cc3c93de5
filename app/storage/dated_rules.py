"""Decision tables by the date from which they hold: law, prices and the daily close ask for that of a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, UtcDateTime
from app.storage.database import Model
from app.storage.releases import ContentFile


class DatedRule(Model):
    """The file that holds a decision from `valid_from` on, until a later row; of one day the last one holds."""

    __tablename__ = "dated_rule"
    __table_args__ = (Index("ix_dated_rule_key", "decision_key", "valid_from"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_key: Mapped[str] = mapped_column(String(100))
    valid_from: Mapped[date] = mapped_column(Date)
    sha256: Mapped[str] = mapped_column(ForeignKey("content_file.sha256"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


def in_force(session: Session, keys: Iterable[str], on: date) -> dict[str, str]:
    """Decision key -> SHA-256 of the file that holds on a date; keys without one are left out."""
    query = select(DatedRule.decision_key, DatedRule.sha256).where(
        DatedRule.decision_key.in_(list(keys)), DatedRule.valid_from <= on
    )
    rows = session.execute(query.order_by(DatedRule.valid_from, DatedRule.id))
    return {key: sha256 for key, sha256 in rows}


def newest(session: Session) -> dict[str, DatedRule]:
    """The row that was published last for each decision."""
    last = select(func.max(DatedRule.id)).group_by(DatedRule.decision_key)
    return {row.decision_key: row for row in session.scalars(select(DatedRule).where(DatedRule.id.in_(last)))}


def content(session: Session, sha256: str) -> bytes:
    """The bytes of a file."""
    return session.get_one(ContentFile, sha256).content
