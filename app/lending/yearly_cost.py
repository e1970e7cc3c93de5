"""The all-in yearly cost of a plan: what a borrower pays for the money, as one rate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.lending.day_count import MONTHS_A_YEAR
from app.lending.money import FEN, Rounding
from app.lending.schedule import Instalment

HALVINGS = 80


def yearly_cost_percent(received: Decimal, rows: Sequence[Instalment], paid_out_on: date) -> Decimal:
    """The all-in yearly cost in percent, to two places: twelve times the monthly internal rate of return.

    Each payment is discounted by the whole months from the payout to its due date (the simple yearly rate of the
    People's Bank's announcement 2021 no. 3); found by halving an interval.
    """
    low, high = Decimal(0), Decimal(1)
    if sum((row.total for row in rows), Decimal(0)) <= received:
        return Decimal("0.00")
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        worth = sum((row.total / (1 + middle) ** _months_between(paid_out_on, row.due_on) for row in rows), Decimal(0))
        low, high = (middle, high) if worth > received else (low, middle)
    return Rounding(FEN).of(low * MONTHS_A_YEAR * 100)


def _months_between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month
