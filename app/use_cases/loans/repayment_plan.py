"""The instalments of loans with what is paid of each, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from app.lending.money import ZERO
from app.storage import ledger, loans
from app.storage.loans import Loan, ScheduleRow

PAID, OVERDUE, NEXT, LATER = "paid", "overdue", "next", "later"


@dataclass(frozen=True)
class PlanRow:
    """An instalment; `penalty_paid` is beside what the plan asks for. `state` is paid, overdue, next or later."""

    number: int
    due_on: date
    principal: Decimal
    interest: Decimal
    balance: Decimal
    paid: Decimal
    penalty_paid: Decimal
    state: str

    @property
    def total(self) -> Decimal:
        """What the plan asks for."""
        return self.principal + self.interest

    @property
    def left(self) -> Decimal:
        """What is still to be paid of it."""
        return self.total - self.paid


def repayment_plans(session: Session, some: Sequence[Loan], on: date) -> dict[int, tuple[PlanRow, ...]]:
    """Loan id -> its plan as of a business date, in two statements however many loans."""
    ids = [loan.id for loan in some]
    parts: dict[tuple[int, int, bool], Decimal] = {}
    for loan_id, number, kind, amount in ledger.settled_parts(session, ids):
        planned = kind in ("principal", "interest")
        if planned or kind == "penalty":
            parts[loan_id, number, planned] = parts.get((loan_id, number, planned), ZERO) + amount
    return {loan_id: _plan(loan_id, rows, parts, on) for loan_id, rows in loans.rows_in_force(session, ids).items()}


def _plan(
    loan_id: int, rows: Iterable[ScheduleRow], parts: dict[tuple[int, int, bool], Decimal], on: date
) -> tuple[PlanRow, ...]:
    found, waiting = [], True
    for row in rows:
        paid = parts.get((loan_id, row.number, True), ZERO)
        if paid >= row.principal + row.interest:
            state = PAID
        elif row.due_on < on:
            state = OVERDUE
        else:
            state, waiting = (NEXT if waiting else LATER), False
        penalty = parts.get((loan_id, row.number, False), ZERO)
        found.append(PlanRow(row.number, row.due_on, row.principal, row.interest, row.balance, paid, penalty, state))
    return tuple(found)


def next_due(plan: Sequence[PlanRow]) -> PlanRow | None:
    """The first instalment that is not paid, late or to come; None when all are."""
    return next((row for row in plan if row.state != PAID), None)
