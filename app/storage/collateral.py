"""Collateral: what secures the loan of a case, who keeps it, and its registration."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Fen, Id, PlainJson, UtcDateTime
from app.storage.database import Model, upsert

PLEDGED, SECURED, SOLD, RELEASED = "pledged", "secured", "sold", "released"
STATES = (PLEDGED, SECURED, SOLD, RELEASED)
LIVE = (PLEDGED, SECURED)  # states in which it secures something
_IS_LIVE = text("state IN ('pledged', 'secured')")


class Collateral(Model):
    """A thing that secures a case's loan. The database itself keeps one receipt of one custodian in one live row.

    `state`: pledged (the custodian confirmed it), secured (taken over for disposal), sold, released. `loan_id` is set
    when the loan is activated. `quantity` as it stands on the receipt; `evidence` is what the custodian answered.
    """

    __tablename__ = "collateral"
    __table_args__ = (
        Index("ix_collateral_case", "case_id"),
        Index("ix_collateral_loan", "loan_id"),
        Index(
            "ux_collateral_live_receipt",
            "custodian_id",
            "receipt_number",
            unique=True,
            sqlite_where=_IS_LIVE,
            postgresql_where=_IS_LIVE,
        ),
        CheckConstraint("value > 0", name="ck_collateral_value"),
        CheckConstraint("state IN ('pledged', 'secured', 'sold', 'released')", name="ck_collateral_state"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"))
    kind: Mapped[str] = mapped_column(String(30))
    receipt_number: Mapped[str] = mapped_column(String(100))
    goods: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(30))
    value: Mapped[Decimal] = mapped_column(Fen)
    currency: Mapped[str] = mapped_column(String(3))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    custodian_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    warehouse: Mapped[str] = mapped_column(String(200))
    expires_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))
    registration_no: Mapped[str | None] = mapped_column(String(60))
    registered_on: Mapped[date | None] = mapped_column(Date)
    registration_ends_on: Mapped[date | None] = mapped_column(Date)
    registration_cancelled_on: Mapped[date | None] = mapped_column(Date)
    evidence: Mapped[Any] = mapped_column(PlainJson)
    pledged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def pledge(session: Session, row: dict[str, Any]) -> int | None:
    """Adds a pledged row, its id; None where a live row has this receipt. Of two at once one waits for the other."""
    added = upsert(session, Collateral).values(row | {"state": PLEDGED})
    added = added.on_conflict_do_nothing(
        index_elements=[Collateral.custodian_id, Collateral.receipt_number], index_where=_IS_LIVE
    )
    made: int | None = session.scalar(added.returning(Collateral.id))
    return made


def of_case(session: Session, case_id: int, *, live_only: bool = False) -> list[Collateral]:
    """The collateral of a case as the database has it now, oldest first."""
    query = select(Collateral).where(Collateral.case_id == case_id).order_by(Collateral.id)
    query = query.where(Collateral.state.in_(LIVE)) if live_only else query
    return list(session.scalars(query.execution_options(populate_existing=True)))


def of_loan(session: Session, loan_id: int, *, live_only: bool = False) -> list[Collateral]:
    """What secures or secured a loan, oldest first."""
    query = select(Collateral).where(Collateral.loan_id == loan_id).order_by(Collateral.id)
    query = query.where(Collateral.state.in_(LIVE)) if live_only else query
    return list(session.scalars(query.execution_options(populate_existing=True)))


def by_number(session: Session, number: str, *, locked: bool = False) -> Collateral | None:
    """The collateral with this number as the database has it now, locked for this unit where asked."""
    query = select(Collateral).where(Collateral.number == number).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if locked else query)


def attach(session: Session, case_id: int, loan_id: int) -> None:
    """Ties a case's live collateral to the loan that was activated; what secures an earlier loan stays with that."""
    session.execute(
        update(Collateral)
        .where(Collateral.case_id == case_id, Collateral.loan_id.is_(None), Collateral.state.in_(LIVE))
        .values(loan_id=loan_id)
        .execution_options(synchronize_session=False)
    )


def move(session: Session, item: Collateral, before: Iterable[str], state: str, **values: object) -> bool:
    """Writes a new state where the item is in one of the states `before`; False where it no longer is."""
    written = session.execute(
        update(Collateral)
        .where(Collateral.id == item.id, Collateral.state.in_(list(before)))
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(item)
    return bool(written.rowcount == 1)  # type: ignore[attr-defined]


def free_unlent(session: Session, case_id: int, at: datetime) -> None:
    """Releases what a case holds and no loan stands on, so that its receipt may back another application."""
    session.execute(
        update(Collateral)
        .where(Collateral.case_id == case_id, Collateral.loan_id.is_(None), Collateral.state == PLEDGED)
        .values(state=RELEASED, ended_at=at)
        .execution_options(synchronize_session=False)
    )
