"""Credit limits and what is reserved on them; the table itself refuses to go over."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Fen, Id, UtcDateTime
from app.storage.database import Model


class CreditLimit(Model):
    """How much a funder lends: to one borrower, through one core enterprise, in one product, or in all."""

    __tablename__ = "credit_limit"
    __table_args__ = (
        UniqueConstraint("funder_id", "kind", "subject"),
        CheckConstraint("used >= 0 AND used <= total", name="ck_credit_limit_within"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    total: Mapped[Decimal] = mapped_column(Fen)
    used: Mapped[Decimal] = mapped_column(Fen)


class LimitReservation(Model):
    """An amount of a case that is held on a limit until it is released or lent."""

    __tablename__ = "limit_reservation"
    __table_args__ = (UniqueConstraint("case_id", "limit_id", "reference"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    limit_id: Mapped[int] = mapped_column(ForeignKey("credit_limit.id"))
    reference: Mapped[str] = mapped_column(String(60))
    amount: Mapped[Decimal] = mapped_column(Fen)
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def take(session: Session, limit_id: int, amount: Decimal) -> bool:
    """Adds to what is used if the limit still allows it; one statement, so two at once cannot both pass."""
    done = session.execute(
        update(CreditLimit)
        .where(CreditLimit.id == limit_id, CreditLimit.used + amount <= CreditLimit.total)
        .values(used=CreditLimit.used + amount)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def close(session: Session, reservation_id: int, at: datetime) -> bool:
    """Marks a reservation as released; False when it was already, so that its amount is given back once."""
    done = session.execute(
        update(LimitReservation)
        .where(LimitReservation.id == reservation_id, LimitReservation.released_at.is_(None))
        .values(released_at=at)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def give_back(session: Session, limit_id: int, amount: Decimal) -> None:
    """Takes a released amount off what is used."""
    session.execute(
        update(CreditLimit)
        .where(CreditLimit.id == limit_id)
        .values(used=CreditLimit.used - amount)
        .execution_options(synchronize_session=False)
    )


def reservations(session: Session, case_id: int, *, open_only: bool = True) -> list[LimitReservation]:
    """What a case holds, in the order in which limits are locked."""
    query = select(LimitReservation).where(LimitReservation.case_id == case_id).order_by(LimitReservation.limit_id)
    return list(session.scalars(query.where(LimitReservation.released_at.is_(None)) if open_only else query))
