"""The money of a day by funder, what was lent since a day, and how far limits are used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.lending.journal import BANK, CREDIT, DEBIT, UNAPPLIED
from app.lending.money import ZERO
from app.storage.column_types import Fen
from app.storage.ledger import JournalLine, JournalRow
from app.storage.limits import CreditLimit
from app.storage.loans import Loan
from app.storage.month_ends import HOME_CURRENCY


def bank_movements(session: Session, on: date, funder_id: int | None) -> dict[int, tuple[Decimal, Decimal]]:
    """Funder -> (received, paid out) on its bank account by the journals of a business date."""
    # the account stands in the sums and not in the condition: so the few journals of the day are read, not the account
    received, paid = (
        func.sum(JournalLine.amount, type_=Fen).filter(JournalLine.account == BANK.code, JournalLine.side == side)
        for side in (DEBIT, CREDIT)
    )
    query = _lines(received, paid).where(JournalRow.business_on == on)
    rows = session.execute(_of(query, JournalRow, funder_id).group_by(JournalRow.funder_id))
    return {funder: (came or ZERO, left or ZERO) for funder, came, left in rows}


def unapplied(session: Session, funder_id: int | None) -> dict[int, Decimal]:
    """Funder -> money that came and is on no item yet."""
    owed = func.sum(case((JournalLine.side == CREDIT, JournalLine.amount), else_=-JournalLine.amount), type_=Fen)
    query = _of(_lines(owed).where(JournalLine.account == UNAPPLIED.code), JournalRow, funder_id)
    return {funder: amount or ZERO for funder, amount in session.execute(query.group_by(JournalRow.funder_id))}


def lent_since(session: Session, day: date, funder_id: int | None) -> tuple[int, Decimal]:
    """Loans paid out from a day on, and their principal."""
    query = select(func.count(), func.sum(Loan.principal, type_=Fen)).select_from(Loan)
    many, amount = session.execute(
        _of(query, Loan, funder_id).where(Loan.paid_out_on >= day, Loan.currency == HOME_CURRENCY)
    ).one()
    return many, amount or ZERO


def limits(session: Session, funder_id: int | None) -> list[tuple[int, str, int, Decimal, Decimal, int]]:
    """(funder, kind, limits, total, used, limits of which nine tenths are used) in this order."""
    nearly = func.count().filter(CreditLimit.used * 10 >= CreditLimit.total * 9)
    keys = (CreditLimit.funder_id, CreditLimit.kind)
    sums = (func.sum(CreditLimit.total, type_=Fen), func.sum(CreditLimit.used, type_=Fen))
    query = _of(select(*keys, func.count(), *sums, nearly), CreditLimit, funder_id)
    return [
        (funder, kind, many, total or ZERO, used or ZERO, full)
        for funder, kind, many, total, used, full in session.execute(query.group_by(*keys).order_by(*keys))
    ]


def _lines(*columns: Any) -> Any:
    query = select(JournalRow.funder_id, *columns).join(JournalLine, JournalLine.journal_id == JournalRow.id)
    return query.where(JournalLine.currency == HOME_CURRENCY)


def _of(query: Any, table: Any, funder_id: int | None) -> Any:
    return query if funder_id is None else query.where(table.funder_id == funder_id)
