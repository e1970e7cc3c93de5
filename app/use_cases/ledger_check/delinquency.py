"""Invariants 25 and 27: days past due and overdue balances, worked out anew from schedules and settlements."""

from __future__ import annotations

from decimal import Decimal

from app.use_cases.ledger_check.findings import Findings
from app.use_cases.ledger_check.interest_again import days_past_due, overdue
from app.use_cases.ledger_check.loan_books import LoanBooks


def recomputed_dpd(books: LoanBooks, found: Findings) -> None:
    """25: days past due are those since the oldest unpaid due date, for every loan on its closed day."""
    found.rows += 1
    found.differ(
        books.number,
        f"{books.day} 的逾期天数与重算不符",
        f"days past due on {books.day} are not what they come to anew",
        found=books.loan.dpd,
        wanted=days_past_due(books),
    )


def overdue_balance(books: LoanBooks, found: Findings) -> None:
    """27: each loan's overdue balance is what its rows say, so the buckets by days past due add up to all of it."""
    found.rows += 1
    balance: Decimal = overdue(books)
    found.differ(
        books.number,
        f"{books.day} 的逾期余额与重算不符",
        f"the overdue balance on {books.day} is not what it comes to anew",
        found=books.loan.overdue,
        wanted=balance,
    )
