"""The ledger: journals and their lines, and which item each part of a receipt paid; the database refuses any change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, Select, String, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.lending.journal import DEBIT, INTEREST, Journal
from app.lending.money import ZERO
from app.storage import closes
from app.storage.column_types import Fen, Id, UtcDateTime
from app.storage.database import Model


class JournalRow(Model):
    """One booked event of a loan on a business date (app.lending.journal.Journal).

    `reverses_id` is the journal it takes back, which happens once at most.
    """

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_loan", "loan_id", "id"), Index("ix_journal_day", "business_on", "funder_id"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    event: Mapped[str] = mapped_column(String(30))
    business_on: Mapped[date] = mapped_column(Date)
    subject: Mapped[str] = mapped_column(String(60), default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"), unique=True)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def number(self) -> str:
        """What people quote."""
        return f"J{self.id:08d}"


class JournalLine(Model):
    """One side of a journal."""

    __tablename__ = "journal_line"
    __table_args__ = (
        Index("ix_journal_line_account", "account"),
        CheckConstraint("amount > 0", name="ck_journal_line_amount"),
        CheckConstraint("side IN ('debit', 'credit')", name="ck_journal_line_side"),
    )
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    account: Mapped[str] = mapped_column(String(40))
    side: Mapped[str] = mapped_column(String(6))
    amount: Mapped[Decimal] = mapped_column(Fen)
    currency: Mapped[str] = mapped_column(String(3))


class SettlementRow(Model):
    """A part of a receipt on an item, booked by an application journal (app.lending.loan_facts.Settlement)."""

    __tablename__ = "settlement"
    __table_args__ = (Index("ix_settlement_receipt", "receipt_no"),)
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    receipt_no: Mapped[str] = mapped_column(String(40))
    value_on: Mapped[date] = mapped_column(Date)
    instalment: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal] = mapped_column(Fen)


class PenaltyRow(Model):
    """The part of an instalment in a journal of penalty interest: above zero accrued, below it written back."""

    __tablename__ = "penalty_part"
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), primary_key=True)
    instalment: Mapped[int] = mapped_column(Integer, primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Fen)


def book(session: Session, loan_id: int, funder_id: int, journal: Journal, at: datetime) -> JournalRow:
    """Writes a balanced journal; `journal.reverses` is the id (as text) of the journal it takes back.

    Raises DaySealed for a day that takes no entry any more.
    """
    closes.require_open(session, journal.on, at)
    row = JournalRow(
        loan_id=loan_id,
        funder_id=funder_id,
        event=journal.event,
        business_on=journal.on,
        subject=journal.subject,
        reverses_id=int(journal.reverses) if journal.reverses else None,
        booked_at=at,
    )
    session.add(row)
    session.flush()
    session.add_all(
        JournalLine(
            journal_id=row.id,
            position=position,
            account=line.account,
            side=line.side,
            amount=line.amount.amount,
            currency=line.amount.currency,
        )
        for position, line in enumerate(journal.lines)
    )
    return row


def journals(session: Session, loan_id: int) -> list[JournalRow]:
    """The journals of a loan, oldest first."""
    return list(session.scalars(select(JournalRow).where(JournalRow.loan_id == loan_id).order_by(JournalRow.id)))


def lines(session: Session, journal_ids: Iterable[int]) -> list[JournalLine]:
    """The lines of journals in order."""
    query = select(JournalLine).where(JournalLine.journal_id.in_(list(journal_ids)))
    return list(session.scalars(query.order_by(JournalLine.journal_id, JournalLine.position)))


def settlements(session: Session, journal_ids: Iterable[int]) -> list[SettlementRow]:
    """What application journals settled, in order."""
    query = select(SettlementRow).where(SettlementRow.journal_id.in_(list(journal_ids)))
    return list(session.scalars(query.order_by(SettlementRow.journal_id, SettlementRow.position)))


def accrued_interest(session: Session, loan_id: int) -> Decimal:
    """Interest accrued less what was written back."""
    query = _signed_total(loan_id, ("interest_accrual", "interest_write_back"))
    return session.scalar(query.where(JournalLine.account == INTEREST.code)) or ZERO


def accrued_penalties(session: Session, loan_id: int) -> dict[int, Decimal]:
    """Instalment -> penalty interest accrued less what was written back."""
    query = select(PenaltyRow.instalment, func.sum(PenaltyRow.amount)).join(
        JournalRow, JournalRow.id == PenaltyRow.journal_id
    )
    rows = session.execute(query.where(JournalRow.loan_id == loan_id).group_by(PenaltyRow.instalment))
    return {instalment: amount for instalment, amount in rows}


def receipt_numbers(session: Session, loan_id: int) -> frozenset[str]:
    """The receipts and proceeds that stand in the books."""
    query = select(JournalRow.subject).where(
        JournalRow.loan_id == loan_id, JournalRow.event.in_(("receipt", "proceeds"))
    )
    return frozenset(session.scalars(query))


def applied_times(session: Session, loan_id: int, receipt_no: str) -> int:
    """How often a receipt was applied, each time after the first because earlier money or more debt came to light."""
    query = select(func.count()).where(
        JournalRow.loan_id == loan_id, JournalRow.event == "application", JournalRow.subject == receipt_no
    )
    return session.scalar(query) or 0


def settlements_in_force(session: Session, loan_id: int) -> list[SettlementRow]:
    """What application journals of a loan settled, without those that were taken back; in order."""
    taken_back = select(JournalRow.reverses_id).where(
        JournalRow.loan_id == loan_id, JournalRow.reverses_id.is_not(None)
    )
    query = (
        select(SettlementRow)
        .join(JournalRow, JournalRow.id == SettlementRow.journal_id)
        .where(JournalRow.loan_id == loan_id, SettlementRow.journal_id.not_in(taken_back))
    )
    return list(session.scalars(query.order_by(SettlementRow.journal_id, SettlementRow.position)))


def settled_parts(session: Session, loan_ids: Iterable[int]) -> list[tuple[int, int, str, Decimal]]:
    """(loan id, instalment, kind, amount) of all that receipts paid, in one statement for all loans."""
    ids = list(loan_ids)
    taken_back = select(JournalRow.reverses_id).where(JournalRow.loan_id.in_(ids), JournalRow.reverses_id.is_not(None))
    keys = (JournalRow.loan_id, SettlementRow.instalment, SettlementRow.kind)
    query = select(*keys, func.sum(SettlementRow.amount)).join(JournalRow, JournalRow.id == SettlementRow.journal_id)
    query = query.where(JournalRow.loan_id.in_(ids), SettlementRow.journal_id.not_in(taken_back))
    return [(loan_id, number, kind, amount) for loan_id, number, kind, amount in session.execute(query.group_by(*keys))]


def newest_journals(session: Session, loan_id: int, limit: int, skip: int = 0) -> list[JournalRow]:
    """A page of the journals of a loan, newest first."""
    query = select(JournalRow).where(JournalRow.loan_id == loan_id).order_by(JournalRow.id.desc())
    return list(session.scalars(query.limit(limit).offset(skip)))


def journal_count(session: Session, loan_id: int) -> int:
    """How many journals a loan has."""
    return session.scalar(select(func.count()).select_from(JournalRow).where(JournalRow.loan_id == loan_id)) or 0


def _signed_total(loan_id: int, events: Iterable[str]) -> Select[tuple[Decimal]]:
    signed = func.sum(case((JournalLine.side == DEBIT, JournalLine.amount), else_=-JournalLine.amount))
    query = select(signed).join(JournalRow, JournalRow.id == JournalLine.journal_id)
    return query.where(JournalRow.loan_id == loan_id, JournalRow.event.in_(list(events)))


def balances(
    session: Session, *, funder_id: int | None = None, loan_id: int | None = None, until: date | None = None
) -> dict[tuple[str, str], Decimal]:
    """The balance of each (currency, account), debit above zero: of a funder, a loan or all, to a day inclusive."""
    signed = func.sum(case((JournalLine.side == DEBIT, JournalLine.amount), else_=-JournalLine.amount))
    query = select(JournalLine.currency, JournalLine.account, signed).join(
        JournalRow, JournalRow.id == JournalLine.journal_id
    )
    if funder_id is not None:
        query = query.where(JournalRow.funder_id == funder_id)
    if loan_id is not None:
        query = query.where(JournalRow.loan_id == loan_id)
    if until is not None:
        query = query.where(JournalRow.business_on <= until)
    grouped = query.group_by(JournalLine.currency, JournalLine.account)
    return {(currency, account): amount for currency, account, amount in session.execute(grouped)}
