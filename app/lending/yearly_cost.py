"""The all-in yearly cost of a plan: what a borrower pays for the money, as one rate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.lending.day_count import MONTHS_A_YEAR
from app.lending.money import FEN, Rounding
from app.lending.schedule import Instalment

HALVINGS = 80
HALF_A_PLACE = Decimal("0.005")


def yearly_cost_percent(
    received: Decimal, rows: Sequence[Instalment], paid_out_on: date, fees: Decimal = Decimal(0)
) -> Decimal:
    """The all-in yearly cost in percent, to two places: twelve times the monthly internal rate of return.

    Each payment is discounted by the whole months from the payout to its due date (the simple yearly rate of the
    People's Bank's announcement 2021 no. 3); found by halving an interval. `fees` are paid at the payout besides.
    """
    received -= fees
    if received <= 0:
        raise ValueError("fees as high as the loan have no yearly rate")
    low, high = Decimal(0), Decimal(1)
    if sum((row.total for row in rows), Decimal(0)) <= received:
        return Decimal("0.00")
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _worth(rows, paid_out_on, middle) > received else (low, middle)
    return Rounding(FEN).of(low * MONTHS_A_YEAR * 100)


def costs_more(
    received: Decimal, rows: Sequence[Instalment], paid_out_on: date, fees: Decimal, percent: Decimal
) -> bool:
    """Whether the yearly cost, to two places, lies above `percent`: one discounting instead of a search."""
    monthly = (percent + HALF_A_PLACE) / MONTHS_A_YEAR / 100
    return _worth(rows, paid_out_on, monthly) >= received - fees


def _worth(rows: Sequence[Instalment], paid_out_on: date, monthly: Decimal) -> Decimal:
    return sum((row.total / (1 + monthly) ** _months_between(paid_out_on, row.due_on) for row in rows), Decimal(0))


def _months_between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month
