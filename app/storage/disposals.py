"""Disposals of collateral: who bought at what price, the money that came for it, and to whom the proceeds went."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Fen, Id, UtcDateTime
from app.storage.database import Model

OPEN, SOLD, DISTRIBUTED, STOPPED, FAILED = "open", "sold", "distributed", "stopped", "failed"
LIVE = (OPEN, SOLD)  # a loan has one such disposal at most
_IS_LIVE = text("state IN ('open', 'sold')")


class Disposal(Model):
    """The disposal of what secures a loan.

    `state`: open, sold (a buyer is bound to `price`), distributed (the proceeds are in the ledger), stopped (the
    debtor paid), failed (goods missing, or nobody bought). `debt` is what was owed when it was opened, `surplus` and
    `shortfall` what the proceeds left over or did not reach of this loan; `surplus_payment_id` took it to the owner.
    """

    __tablename__ = "disposal"
    __table_args__ = (
        Index("ix_disposal_case", "case_id"),
        Index("ux_disposal_live", "loan_id", unique=True, sqlite_where=_IS_LIVE, postgresql_where=_IS_LIVE),
        CheckConstraint("price IS NULL OR price > 0", name="ck_disposal_price"),
        CheckConstraint("state IN ('open', 'stopped', 'failed') OR price IS NOT NULL", name="ck_disposal_sold"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    episode: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12), default=OPEN)
    debt: Mapped[Decimal] = mapped_column(Fen)
    external_value: Mapped[Decimal | None] = mapped_column(Fen)
    internal_value: Mapped[Decimal | None] = mapped_column(Fen)
    route: Mapped[str] = mapped_column(String(20), default="")
    buyer_name: Mapped[str] = mapped_column(String(200), default="")
    price: Mapped[Decimal | None] = mapped_column(Fen)
    sold_on: Mapped[date | None] = mapped_column(Date)
    surplus: Mapped[Decimal | None] = mapped_column(Fen)
    shortfall: Mapped[Decimal | None] = mapped_column(Fen)
    surplus_payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DisposalItem(Model):
    """What a disposal sells, with its value on the books when it was opened."""

    __tablename__ = "disposal_item"
    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposal.id"), primary_key=True)
    collateral_id: Mapped[int] = mapped_column(ForeignKey("collateral.id"), primary_key=True)
    value: Mapped[Decimal] = mapped_column(Fen)


class DisposalMoney(Model):
    """A payment in that is the buyer's price or a part of it."""

    __tablename__ = "disposal_money"
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True, autoincrement=False)
    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposal.id"))
    amount: Mapped[Decimal] = mapped_column(Fen)
    value_on: Mapped[date] = mapped_column(Date)


class DisposalLine(Model):
    """A claim on the proceeds and what it got; the database refuses to change or delete a row.

    `claim`: cost, tax, creditor, or loan_cost, loan_interest, loan_principal, which are this loan's. The lower `rank`
    is paid first.
    """

    __tablename__ = "disposal_line"
    __table_args__ = (CheckConstraint("paid >= 0 AND paid <= amount", name="ck_disposal_line_paid"),)
    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposal.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    rank: Mapped[int] = mapped_column(Integer)
    claim: Mapped[str] = mapped_column(String(20))
    payee: Mapped[str] = mapped_column(String(200), default="")
    voucher_no: Mapped[str] = mapped_column(String(60), default="")
    amount: Mapped[Decimal] = mapped_column(Fen)
    paid: Mapped[Decimal] = mapped_column(Fen)


def by_number(session: Session, number: str, *, locked: bool = False) -> Disposal | None:
    """The disposal with this number as the database has it now, locked for this unit where asked."""
    query = select(Disposal).where(Disposal.number == number).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if locked else query)


def of_loan(session: Session, loan_id: int) -> list[Disposal]:
    """The disposals of a loan, oldest first."""
    return list(session.scalars(select(Disposal).where(Disposal.loan_id == loan_id).order_by(Disposal.id)))


def of_case(session: Session, case_id: int) -> list[Disposal]:
    """The disposals of a case, oldest first."""
    return list(session.scalars(select(Disposal).where(Disposal.case_id == case_id).order_by(Disposal.id)))


def in_state(session: Session, states: Iterable[str]) -> list[Disposal]:
    """Every disposal in one of the states, oldest first."""
    return list(session.scalars(select(Disposal).where(Disposal.state.in_(list(states))).order_by(Disposal.id)))


def items(session: Session, disposal_id: int) -> list[DisposalItem]:
    """What a disposal sells."""
    query = select(DisposalItem).where(DisposalItem.disposal_id == disposal_id).order_by(DisposalItem.collateral_id)
    return list(session.scalars(query))


def money(session: Session, disposal_id: int) -> list[DisposalMoney]:
    """The payments that came for the price, oldest first."""
    query = select(DisposalMoney).where(DisposalMoney.disposal_id == disposal_id).order_by(DisposalMoney.payment_id)
    return list(session.scalars(query))


def received(session: Session, disposal_id: int) -> Decimal:
    """Yuan of the price that came so far."""
    query = select(func.sum(DisposalMoney.amount)).where(DisposalMoney.disposal_id == disposal_id)
    return session.scalar(query) or Decimal("0.00")


def lines(session: Session, disposal_id: int) -> list[DisposalLine]:
    """How the proceeds were distributed, in order of rank."""
    query = select(DisposalLine).where(DisposalLine.disposal_id == disposal_id).order_by(DisposalLine.position)
    return list(session.scalars(query))


def move(session: Session, disposal: Disposal, before: Iterable[str], state: str, **values: object) -> bool:
    """Writes a new state where the disposal is in one of the states `before`; False where it no longer is."""
    written = session.execute(
        update(Disposal)
        .where(Disposal.id == disposal.id, Disposal.state.in_(list(before)))
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(disposal)
    return bool(written.rowcount == 1)  # type: ignore[attr-defined]
