"""The loan that a task is about, for whoever the task was offered to."""

from __future__ import annotations

from typing import Any

from app.storage import loans
from app.storage.database import reading
from app.storage.user_tasks import UserTask
from app.use_cases.loans.show_loan import LoanSummary, summary_of

LOAN_NO = "loan_no"


def loan_number_of(task: UserTask) -> str | None:
    """The number among what the task was given, None where it is about no loan."""
    number: Any = (task.variables or {}).get(LOAN_NO)
    return number if isinstance(number, str) and number else None


def loan_of_task(task: UserTask) -> LoanSummary | None:
    """The loan as both sides read it; None for a number that is not of the task's own case."""
    number = loan_number_of(task)
    if number is None:
        return None
    with reading() as session:
        loan = loans.by_number(session, number)
        return summary_of(session, loan) if loan is not None and loan.case_id == task.case_id else None
