"""Due dates, periods and day counts: short months, agreed first dates, parts of months."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lending.day_count import DAY_COUNTS, interest_on, year_fraction
from app.lending.due_dates import MONTH_END, DueRule, due_dates, periods, periods_between

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31))


def test_a_wanted_day_comes_back_after_a_short_month() -> None:
    dues = due_dates(date(2026, 10, 31), 5, DueRule())

    assert [str(day) for day in dues] == ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]


def test_an_agreed_first_date_is_the_wanted_day() -> None:
    dues = due_dates(date(2024, 1, 31), 3, DueRule(first_due_on=date(2024, 2, 29)))

    assert [str(day) for day in dues] == ["2024-02-29", "2024-03-29", "2024-04-29"]


def test_by_month_end_the_last_day_stays_the_last_day() -> None:
    dues = due_dates(date(2026, 1, 30), 4, DueRule(first_due_on=date(2026, 2, 28), date_rule=MONTH_END))

    assert [str(day) for day in dues] == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def test_by_month_end_another_day_stays_as_it_is() -> None:
    assert due_dates(date(2026, 1, 15), 2, DueRule(date_rule=MONTH_END)) == (date(2026, 2, 15), date(2026, 3, 15))


def test_the_first_instalment_waits_for_the_minimum_of_days() -> None:
    dues = due_dates(date(2026, 1, 10), 2, DueRule(min_days_to_first_due=40))

    assert dues == (date(2026, 2, 19), date(2026, 3, 19))


def test_weeks_and_days_are_counted_from_the_payout() -> None:
    assert due_dates(date(2024, 1, 1), 2, DueRule("weeks", 2)) == (date(2024, 1, 15), date(2024, 1, 29))
    assert due_dates(date(2024, 1, 1), 2, DueRule("days", 10)) == (date(2024, 1, 11), date(2024, 1, 21))


def test_an_agreed_first_date_before_the_payout_is_refused() -> None:
    with pytest.raises(ValueError, match="earlier than agreed"):
        due_dates(date(2026, 1, 10), 2, DueRule(first_due_on=date(2026, 1, 10)))


def test_due_dates_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        periods_between(date(2026, 1, 1), [date(2026, 2, 1), date(2026, 2, 1)], DueRule())


@given(DAYS, st.integers(1, 4), st.sampled_from(["clamp_to_month_end", MONTH_END]))
def test_every_regular_period_of_months_is_so_many_twelfths(start_on: date, every: int, date_rule: str) -> None:
    spans = periods(start_on, 24, DueRule(every=every, date_rule=date_rule))
    fractions = {year_fraction("30/360", one.start_on, one.due_on, one.month_marks) for one in spans}

    assert fractions == {Fraction(every, 12)}


@given(DAYS, st.integers(1, 89), st.sampled_from(DAY_COUNTS), st.integers(1, 88))
def test_a_period_is_the_sum_of_its_parts(start_on: date, first_in: int, day_count: str, cut: int) -> None:
    span = periods(start_on, 1, DueRule(first_due_on=start_on + timedelta(days=first_in)))[0]
    middle = min(span.start_on + timedelta(days=cut), span.due_on)
    whole = year_fraction(day_count, span.start_on, span.due_on, span.month_marks)
    parts = [(span.start_on, middle), (middle, span.due_on)]

    assert sum(year_fraction(day_count, left, right, span.month_marks) for left, right in parts) == whole


def test_part_of_a_month_goes_by_its_actual_days() -> None:
    span = periods(date(2024, 1, 15), 1, DueRule(first_due_on=date(2024, 3, 1)))[0]

    assert year_fraction("30/360", span.start_on, span.due_on, span.month_marks) == (Fraction(17, 31) + 1) / 12


@pytest.mark.parametrize(
    ("day_count", "expected"),
    [("30/360", 30), ("ACT/360", 30), ("ACT/365F", Fraction(30 * 360, 365)), ("ACT/364", Fraction(30 * 360, 364))],
)
def test_thirty_days_by_each_count(day_count: str, expected: Fraction) -> None:
    assert year_fraction(day_count, date(2024, 2, 1), date(2024, 3, 2)) * 360 == expected


def test_an_unknown_day_count_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown day count"):
        year_fraction("ACT/ACT", date(2024, 1, 1), date(2024, 2, 1))


def test_a_demand_loan_of_a_million_earns_the_worked_interest() -> None:
    """30 days at 13.5 % over 365 (case FA-01)."""
    raw = interest_on(Decimal(1000000), Decimal("13.5"), Fraction(30, 365))

    assert raw.quantize(Decimal("0.01")) == Decimal("11095.89")
