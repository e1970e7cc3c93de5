"""How loans stood at the end of each month, kept by the daily close; overdue and roll rates are read from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Date, ForeignKey, Integer, and_, case, func, insert, literal, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.lending.money import ZERO
from app.storage.column_types import Fen
from app.storage.database import Model
from app.storage.loans import ACTIVE, Loan

HOME_CURRENCY = "CNY"  # amounts of different currencies are not added


class LoanMonthEnd(Model):
    """A loan that ran at the close of the last day of a month, with its days past due and what was still owed on it."""

    __tablename__ = "loan_month_end"
    on: Mapped[date] = mapped_column(Date, primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), primary_key=True)
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    dpd: Mapped[int] = mapped_column(Integer)
    outstanding: Mapped[Decimal] = mapped_column(Fen)


def is_month_end(on: date) -> bool:
    """Whether the next day is another month's."""
    return (on + timedelta(days=1)).day == 1


def keep(session: Session, on: date) -> None:
    """Writes how every running loan stands; once for each month's end."""
    running = select(literal(on, Date), Loan.id, Loan.funder_id, Loan.dpd, Loan.outstanding)
    running = running.where(Loan.state == ACTIVE, Loan.paid_out_on <= on, Loan.currency == HOME_CURRENCY)
    columns = ["on", "loan_id", "funder_id", "dpd", "outstanding"]
    session.execute(insert(LoanMonthEnd).from_select(columns, running))


def standing_now(session: Session, funder_id: int | None, bounds: Sequence[int]) -> dict[int, tuple[int, Decimal]]:
    """Place of the bucket -> (loans, amount owed) of the running loans; a bucket begins at each of `bounds`."""
    place = _bucket(Loan.dpd, bounds)
    query = select(place, func.count(), func.sum(Loan.outstanding, type_=Fen))
    query = query.where(Loan.state == ACTIVE, Loan.currency == HOME_CURRENCY)
    if funder_id is not None:
        query = query.where(Loan.funder_id == funder_id)
    return {bucket: (many, amount or ZERO) for bucket, many, amount in session.execute(query.group_by(place))}


def overdue(session: Session, funder_id: int | None, since: date, beyond: int) -> list[tuple[date, Decimal, Decimal]]:
    """(month's end, owed on loans with more than `beyond` days past due, owed on all) in order."""
    late = func.sum(LoanMonthEnd.outstanding, type_=Fen).filter(LoanMonthEnd.dpd > beyond)
    query = select(LoanMonthEnd.on, late, func.sum(LoanMonthEnd.outstanding, type_=Fen))
    query = query.where(LoanMonthEnd.on >= since, *_of(LoanMonthEnd, funder_id))
    rows = session.execute(query.group_by(LoanMonthEnd.on).order_by(LoanMonthEnd.on))
    return [(on, part or ZERO, whole or ZERO) for on, part, whole in rows]


def rolls(
    session: Session, funder_id: int | None, ends: Sequence[tuple[date, date]], bounds: Sequence[int]
) -> list[tuple[date, int, Decimal, Decimal]]:
    """(month's end, place of the bucket at the end before, amount that stood in it, part of it a bucket farther).

    `ends` are pairs of a month's end and the one before; the amount is that of the end before, so that the
    part is a share of it. A loan that was repaid meanwhile stands in the whole and not in the part.
    """
    before, after = aliased(LoanMonthEnd), aliased(LoanMonthEnd)
    month = case(*((before.on == earlier, literal(end, Date)) for end, earlier in ends))
    place, later = _bucket(before.dpd, bounds), _bucket(after.dpd, bounds)
    same = and_(after.loan_id == before.loan_id, after.on == month)
    farther = func.sum(before.outstanding, type_=Fen).filter(later > place)
    query = select(month, place, func.sum(before.outstanding, type_=Fen), farther).outerjoin(after, same)
    query = query.where(before.on.in_([earlier for _, earlier in ends]), *_of(before, funder_id))
    rows = session.execute(query.group_by(month, place).order_by(month, place))
    return [(end, bucket, whole or ZERO, part or ZERO) for end, bucket, whole, part in rows]


def _bucket(dpd: Any, bounds: Sequence[int]) -> Any:
    deepest_first: list[Any] = [(dpd >= bound, place) for place, bound in reversed(list(enumerate(bounds)))]
    return case(*deepest_first, else_=0)


def _of(table: Any, funder_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return () if funder_id is None else (table.funder_id == funder_id,)
