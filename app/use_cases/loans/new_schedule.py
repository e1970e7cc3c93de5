"""Puts a schedule in force for a loan; the earlier ones stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.lending.schedule import Instalment
from app.moment import Moment
from app.storage.loans import Loan, Schedule, ScheduleRow


def add_schedule(
    session: Session, loan: Loan, rows: Sequence[Instalment], reason: str, from_on: date, moment: Moment
) -> Schedule:
    """The next version, with all rows of the plan; the caller holds the loan's lock, or has just made it."""
    last = session.scalar(select(func.max(Schedule.version)).where(Schedule.loan_id == loan.id)) or 0
    schedule = Schedule(loan_id=loan.id, version=last + 1, reason=reason, from_on=from_on, made_at=moment.now)
    session.add(schedule)
    session.flush()
    session.execute(
        insert(ScheduleRow),
        [
            {
                "schedule_id": schedule.id,
                "number": row.number,
                "due_on": row.due_on,
                "principal": row.principal,
                "interest": row.interest,
                "balance": row.balance,
            }
            for row in rows
        ],
    )
    return schedule
