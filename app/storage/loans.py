"""Loans: what was paid out, the schedules in force one after another, what came in, bills, and how each loan stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Fen, Id, PlainJson, UtcDateTime
from app.storage.database import Model

ACTIVE, SETTLED = "active", "settled"


class Loan(Model):
    """One drawdown of a case that was paid out. `state`: active, settled, written_off.

    `rules` holds what the contract fixed beside the schedule (penalty, grace, order of allocation). From `dpd` on it
    is the standing after the close of `closed_on`; `stage` is NULL outside an episode of arrears.
    """

    __tablename__ = "loan"
    __table_args__ = (
        Index("ix_loan_case", "case_id"),
        Index("ix_loan_state", "state", "funder_id"),
        CheckConstraint("principal > 0", name="ck_loan_principal"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"))
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    borrower_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    currency: Mapped[str] = mapped_column(String(3))
    principal: Mapped[Decimal] = mapped_column(Fen)
    rate_percent_per_year: Mapped[str] = mapped_column(String(20))
    term_months: Mapped[int] = mapped_column(Integer)
    repayment_method: Mapped[str] = mapped_column(String(60))
    paid_out_on: Mapped[date] = mapped_column(Date)
    matures_on: Mapped[date] = mapped_column(Date)
    rules: Mapped[Any] = mapped_column(PlainJson)
    state: Mapped[str] = mapped_column(String(12), default=ACTIVE)
    judged_class: Mapped[str] = mapped_column(String(20), default="pass")
    stopped_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    dpd: Mapped[int] = mapped_column(Integer, default=0)
    asset_class: Mapped[str] = mapped_column(String(20), default="pass")
    episode: Mapped[int] = mapped_column(Integer, default=0)
    stage: Mapped[str | None] = mapped_column(String(10))
    outstanding: Mapped[Decimal] = mapped_column(Fen)
    overdue: Mapped[Decimal] = mapped_column(Fen)
    activated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_on: Mapped[date | None] = mapped_column(Date)


class Schedule(Model):
    """A repayment schedule of a loan; the newest `version` is in force, earlier ones are kept and never edited."""

    __tablename__ = "loan_schedule"
    __table_args__ = (UniqueConstraint("loan_id", "version"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    version: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(30))
    from_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScheduleRow(Model):
    """An instalment; `balance` is the principal that stays after it."""

    __tablename__ = "loan_schedule_row"
    schedule_id: Mapped[int] = mapped_column(ForeignKey("loan_schedule.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    due_on: Mapped[date] = mapped_column(Date)
    principal: Mapped[Decimal] = mapped_column(Fen)
    interest: Mapped[Decimal] = mapped_column(Fen)
    balance: Mapped[Decimal] = mapped_column(Fen)


class LoanCharge(Model):
    """A cost or fee that the borrower owes beside the schedule, with its voucher; booked once."""

    __tablename__ = "loan_charge"
    __table_args__ = (UniqueConstraint("loan_id", "voucher_no"), CheckConstraint("amount > 0", name="ck_loan_charge"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    kind: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal] = mapped_column(Fen)
    due_on: Mapped[date] = mapped_column(Date)
    voucher_no: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoanReceipt(Model):
    """Money that came for a loan: a payment in, or a part of the proceeds of a disposal.

    `allocation_order` is that in force when it came, with the hash of its table (invariant 10).
    """

    __tablename__ = "loan_receipt"
    __table_args__ = (Index("ix_loan_receipt_loan", "loan_id"), CheckConstraint("amount > 0", name="ck_loan_receipt"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    value_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Fen)
    allocation_order: Mapped[Any] = mapped_column(PlainJson)
    order_hash: Mapped[str] = mapped_column(String(64), default="")
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Bill(Model):
    """What was asked for an instalment; `number` in words is the loan's number and the instalment's."""

    __tablename__ = "bill"
    __table_args__ = (UniqueConstraint("loan_id", "instalment"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    instalment: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date)
    principal: Mapped[Decimal] = mapped_column(Fen)
    interest: Mapped[Decimal] = mapped_column(Fen)
    made_on: Mapped[date] = mapped_column(Date)


def by_number(session: Session, number: str, *, locked: bool = False) -> Loan | None:
    """The loan with this number as the database has it now, locked for this unit where asked."""
    query = select(Loan).where(Loan.number == number).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if locked else query)


def lock(session: Session, loan: Loan) -> None:
    """Locks the loan for this unit, and brings the object to what the database has now."""
    session.refresh(loan, with_for_update=True)


def of_case(session: Session, case_id: int) -> list[Loan]:
    """The loans of a case, oldest first."""
    return list(session.scalars(select(Loan).where(Loan.case_id == case_id).order_by(Loan.id)))


def schedules(session: Session, loan_id: int) -> list[Schedule]:
    """Every schedule of a loan, the one in force last."""
    return list(session.scalars(select(Schedule).where(Schedule.loan_id == loan_id).order_by(Schedule.version)))


def rows_of(session: Session, schedule_id: int) -> list[ScheduleRow]:
    """The instalments of a schedule in order."""
    query = select(ScheduleRow).where(ScheduleRow.schedule_id == schedule_id)
    return list(session.scalars(query.order_by(ScheduleRow.number)))


def charges(session: Session, loan_id: int) -> list[LoanCharge]:
    """The costs and fees of a loan, oldest first."""
    return list(session.scalars(select(LoanCharge).where(LoanCharge.loan_id == loan_id).order_by(LoanCharge.id)))


def receipts(session: Session, loan_id: int) -> list[LoanReceipt]:
    """The money that came for a loan, oldest first."""
    return list(session.scalars(select(LoanReceipt).where(LoanReceipt.loan_id == loan_id).order_by(LoanReceipt.id)))


def bills(session: Session, loan_id: int) -> list[Bill]:
    """The bills of a loan in order."""
    return list(session.scalars(select(Bill).where(Bill.loan_id == loan_id).order_by(Bill.instalment)))


def visible(
    session: Session, number: str, *, funder_id: int | None = None, borrower_id: int | None = None
) -> Loan | None:
    """The loan with this number where it is the funder's or the borrower's that are named; none named sees each."""
    query = select(Loan).where(Loan.number == number)
    if funder_id is not None:
        query = query.where(Loan.funder_id == funder_id)
    if borrower_id is not None:
        query = query.where(Loan.borrower_id == borrower_id)
    return session.scalar(query)


def rows_in_force(session: Session, loan_ids: Iterable[int]) -> dict[int, list[ScheduleRow]]:
    """Loan id -> the instalments of its newest schedule in order, in one statement for all."""
    newest = select(func.max(Schedule.id)).where(Schedule.loan_id.in_(list(loan_ids))).group_by(Schedule.loan_id)
    query = select(Schedule.loan_id, ScheduleRow).join(Schedule, Schedule.id == ScheduleRow.schedule_id)
    found: dict[int, list[ScheduleRow]] = {}
    for loan_id, row in session.execute(
        query.where(Schedule.id.in_(newest)).order_by(ScheduleRow.due_on, ScheduleRow.number)
    ):
        found.setdefault(loan_id, []).append(row)
    return found
