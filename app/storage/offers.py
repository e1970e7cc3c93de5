"""Offers that a funder made to a borrower on a case."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Fen, Id, PlainJson, UtcDateTime
from app.storage.database import Model


class Offer(Model):
    """Amount, yearly rate in percent, term and method, valid to a date. `state`: open, accepted, declined, lapsed.

    `fees` are what the borrower pays besides interest: {key, name_zh, name_en, payee_zh, payee_en, amount}.
    """

    __tablename__ = "offer"
    __table_args__ = (Index("ix_offer_case", "case_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    amount: Mapped[Decimal] = mapped_column(Fen)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    rate_percent_per_year: Mapped[str] = mapped_column(String(20))
    term_months: Mapped[int] = mapped_column(Integer)
    repayment_method: Mapped[str] = mapped_column(String(60))
    fees: Mapped[list[dict[str, Any]]] = mapped_column(PlainJson, default=list)
    valid_until: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12), default="open")
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def of_case(session: Session, case_id: int) -> list[Offer]:
    """Offers of a case, oldest first."""
    return list(session.scalars(select(Offer).where(Offer.case_id == case_id).order_by(Offer.id)))
