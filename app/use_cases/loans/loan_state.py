"""How a loan stands, in one of five words that lists and pages show."""

from __future__ import annotations

from app.storage.loans import ACTIVE, SETTLED, Loan

PAID_OFF, GIVEN_UP, LATE, DUE, RUNNING = "paid_off", "given_up", "late", "due", "running"


def loan_state(loan: Loan) -> str:
    """Paid off or given up once it has ended; late with days past due; due where money is asked today."""
    if loan.state != ACTIVE:
        return PAID_OFF if loan.state == SETTLED else GIVEN_UP
    if loan.dpd > 0:
        return LATE
    return DUE if loan.overdue > 0 else RUNNING
