"""The auditor's own calculator of interest, penalty, days past due and what is owed, in exact fractions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from app.use_cases.ledger_check.loan_books import ZERO, LoanBooks

BULLET = "bullet"
MONTHS_A_YEAR = 12
DAYS_A_YEAR = {"ACT/360": 360, "ACT/365F": 365}
# what keeps a loan past due, and what bears a penalty
COUNTED = ("interest", "principal")


def half_up(amount: Fraction) -> Decimal:
    """To the fen, half a fen up."""
    return Decimal(floor(amount * 100 + Fraction(1, 2))).scaleb(-2)


def down(amount: Fraction) -> Decimal:
    """To the fen below."""
    return Decimal(floor(amount * 100)).scaleb(-2)


def row_interest(loan: Any, rows: Sequence[Any], index: int) -> Decimal:
    """The interest of an instalment of the contract's plan: the balance before it, a twelfth of the rate a month.

    A bullet's only row bears it for the whole term, rounded once.
    """
    before = loan.principal if index == 0 else rows[index - 1].balance
    months = loan.term_months if loan.repayment_method == BULLET else 1
    rate = Fraction(loan.rate_percent_per_year)
    return half_up(Fraction(before) * rate * months / (100 * MONTHS_A_YEAR))


def accrued(rows: Iterable[Any], from_on: date, on: date) -> Decimal:
    """Interest earned by a day: full rows, and the running one by its days, rounded down."""
    total = ZERO
    for row in rows:
        if on < row.due_on:
            passed, whole = max((on - from_on).days, 0), (row.due_on - from_on).days
            return total + down(Fraction(row.interest) * passed / whole)
        total, from_on = total + row.interest, row.due_on
    return total


def accrued_to_close(books: LoanBooks) -> Decimal:
    """Interest earned by the day to which the loan is closed, or to the day on which accrual stopped."""
    return accrued(books.rows, books.loan.paid_out_on, _end(books))


def penalties(books: LoanBooks) -> dict[int, Decimal]:
    """Penalty interest by instalment to the loan's closed day: on what was overdue, day by day, rounded once each."""
    rule = books.loan.rules
    raw: dict[int, Fraction] = {}
    for row in books.rows:
        for kind in COUNTED if rule["on_interest"] else ("principal",):
            paid = [part for part in books.settlements if (part.instalment, part.kind) == (row.number, kind)]
            raw[row.number] = raw.get(row.number, Fraction(0)) + _penalty(
                getattr(row, kind), row.due_on + timedelta(days=int(rule["grace_days"])), _end(books), paid, rule
            )
    return {number: amount for number, each in raw.items() if (amount := half_up(each))}


def _penalty(asked: Decimal, from_on: date, to_on: date, paid: Iterable[Any], rule: Any) -> Fraction:
    """Every day after `from_on` counts with what was open as it began."""
    earned, outstanding, since = Fraction(0), Fraction(asked), from_on
    daily = Fraction(str(rule["penalty_rate_percent"])) / (100 * DAYS_A_YEAR[rule["day_count"]])
    for part in sorted(paid, key=lambda part: part.value_on):
        until = min(part.value_on, to_on)
        if until > since:
            earned += outstanding * daily * (until - since).days
            since = until
        outstanding -= Fraction(part.amount)
    return earned + outstanding * daily * max((to_on - since).days, 0)


def _end(books: LoanBooks) -> date:
    stopped: date | None = books.loan.stopped_on
    return books.day if stopped is None else min(books.day, stopped)


def open_rows(books: LoanBooks) -> list[tuple[date, Decimal]]:
    """(due date, what of principal and interest is unpaid) of each instalment that is not fully paid."""
    found = []
    for row in books.rows:
        unpaid = row.principal + row.interest - sum((books.settled[row.number, kind] for kind in COUNTED), ZERO)
        if unpaid > 0:
            found.append((row.due_on, unpaid))
    return found


def days_past_due(books: LoanBooks) -> int:
    """Days from the oldest unpaid due date to the closed day; 0 within grace where the product leaves it out."""
    oldest = min((due_on for due_on, _ in open_rows(books)), default=books.day)
    days = max((books.day - oldest).days, 0)
    return days if days > int(books.loan.rules["dpd_grace_days"]) else 0


def overdue(books: LoanBooks) -> Decimal:
    """Principal and interest unpaid after their due date."""
    return sum((unpaid for due_on, unpaid in open_rows(books) if due_on < books.day), ZERO)


def outstanding(books: LoanBooks) -> Decimal:
    """All that is owed, due or not: plan, penalty and charges less what was paid."""
    asked = sum((row.principal + row.interest for row in books.rows), ZERO)
    asked += sum(penalties(books).values(), ZERO) + sum((charge.amount for charge in books.charges), ZERO)
    return asked - sum((amount for (_, kind), amount in books.settled.items() if kind != "overpaid"), ZERO)
