"""Day counts: which part of a year lies between two days, as an exact fraction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from app.lending.money import EXACT

MONTHS_A_YEAR = 12
# days of the year by which actual days are divided; a week of 52 a year is a day of 364
YEAR_OF_DAYS = {"30/360": 360, "ACT/360": 360, "ACT/365F": 365, "ACT/364": 364, "WEEKS/52": 364}
DAY_COUNTS = tuple(YEAR_OF_DAYS)


def year_fraction(day_count: str, start_on: date, end_on: date, month_marks: Sequence[date] = ()) -> Fraction:
    """The years from `start_on` to `end_on` (the first day counts, the last does not).

    30/360: each whole month between two `month_marks` is a twelfth, a part of such a month goes by its actual days;
    without marks (weekly or daily plans) a day is 1/360. The other counts divide the actual days: by 360 (ACT/360),
    365 also in leap years (ACT/365F), 364 (ACT/364, WEEKS/52). ValueError for an unknown count.
    """
    if day_count not in YEAR_OF_DAYS:
        raise ValueError(f"unknown day count {day_count}; known: {', '.join(DAY_COUNTS)}")
    if day_count == "30/360" and month_marks:
        months = sum(
            (_overlap(start_on, end_on, left, right) for left, right in pairwise(month_marks)), start=Fraction(0)
        )
        return months / MONTHS_A_YEAR
    return Fraction((end_on - start_on).days, YEAR_OF_DAYS[day_count])


def _overlap(start_on: date, end_on: date, left: date, right: date) -> Fraction:
    days = (min(end_on, right) - max(start_on, left)).days
    return Fraction(max(days, 0), (right - left).days)


def interest_on(balance: Decimal, rate_percent: Decimal, years: Fraction) -> Decimal:
    """Simple interest, not rounded: balance x rate per year in percent x years."""
    numerator = EXACT.multiply(EXACT.multiply(balance, rate_percent), Decimal(years.numerator))
    return EXACT.divide(numerator, Decimal(100 * years.denominator))
