"""By how many days the business date is ahead of the real one: one row, so that a move is seen by every process."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, ScalarSelect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import UtcDateTime
from app.storage.database import Model, reading, upsert

ONLY = 1


class BusinessClock(Model):
    """The offset and the last move of it; `moved_at` is real time. Without the row nothing was moved yet."""

    __tablename__ = "business_clock"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    offset_days: Mapped[int] = mapped_column(Integer)
    moved_from: Mapped[date] = mapped_column(Date)
    moved_to: Mapped[date] = mapped_column(Date)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


def offset_column() -> ScalarSelect[int]:
    """The offset as a column of another query; NULL where nothing was moved."""
    return select(BusinessClock.offset_days).where(BusinessClock.id == ONLY).scalar_subquery()


def read_offset() -> int:
    """The offset in a unit of its own."""
    with reading() as session:
        return session.scalar(select(offset_column())) or 0


def last_move(session: Session) -> BusinessClock | None:
    """The last move, None before the first one."""
    return session.get(BusinessClock, ONLY, populate_existing=True)


def held(session: Session, on: date, at: datetime, person_id: int) -> BusinessClock:
    """The row, locked for this unit, and made where there is none: who moves at the same instant waits."""
    made = upsert(session, BusinessClock).values(
        id=ONLY, offset_days=0, moved_from=on, moved_to=on, moved_at=at, moved_by=person_id
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["id"]))
    return session.scalars(select(BusinessClock).where(BusinessClock.id == ONLY).with_for_update()).one()
