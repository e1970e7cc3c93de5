"""Ratios: worked examples, what a missing line does, and properties that hold for any figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.ratios import RATIOS, Period, work_out
from app.assessment.statements import LINES, read_statements
from tests.assessment.statements import statement

AMOUNTS = st.decimals(min_value=-(10**11), max_value=10**11, places=2)
YEARS = st.sampled_from(["2023-12-31", "2024-12-31", "2025-12-31", "2026-06-30"])


def newest(*rows: Any) -> Period:
    return work_out(read_statements({"statements": list(rows)}))[-1]


# worked by hand from the figures of tests/assessment/statements.py
WORKED = {
    "current_ratio": "1.50",  # 16.8 / 11.2
    "quick_ratio": "1.02",  # 11.4 / 11.2
    "debt_to_assets_percent": "48.94",  # 13.9 / 28.4
    "debt_to_equity": "0.96",  # 13.9 / 14.5
    "interest_cover": "10.90",  # (3.12 + 0.74 + 0.39) / 0.39
    "dscr": "1.61",  # (3.12 + 1.15 + 0.39) / (2.5 + 0.39)
    "operating_cash_to_debt": "0.21",  # 2.9 / 13.9
    "gross_margin_percent": "21.99",  # 9.38 / 42.66
    "net_margin_percent": "7.31",  # 3.12 / 42.66
    "return_on_assets_percent": "11.56",  # 3.12 / ((28.4 + 25.56) / 2)
    "return_on_equity_percent": "22.65",  # 3.12 / ((14.5 + 13.05) / 2)
    "receivable_days": "61.6",  # 7.2 / 42.66 * 365
    "inventory_days": "59.2",  # 5.4 / 33.28 * 365
    "payable_days": "47.2",  # 4.3 / 33.28 * 365
    "cash_conversion_days": "73.7",  # 61.603 + 59.225 - 47.161
    "revenue_growth_percent": "11.11",  # 1 / 0.9 - 1
    "profit_growth_percent": "11.11",
}


@pytest.mark.parametrize("name", RATIOS)
def test_a_years_ratios_are_those_worked_by_hand(name: str) -> None:
    period = newest(statement("2024-12-31", "0.9"), statement("2025-12-31"))
    assert period.values[name] == Decimal(WORKED[name])


def test_flows_of_half_a_year_are_scaled_to_a_year_where_they_meet_a_balance_or_another_year() -> None:
    half = statement("2026-06-30", revenue_yuan=Decimal("24000000"), cost_yuan=Decimal("18000000"))
    values = newest(statement("2025-12-31", revenue_yuan=Decimal("40000000")), half).values
    assert values["revenue_growth_percent"] == Decimal("20.00")  # 48 m against 40 m
    assert values["receivable_days"] == Decimal("54.8")  # 7.2 / 48 * 365
    assert values["gross_margin_percent"] == Decimal("25.00")


def test_a_return_without_the_year_before_is_on_the_end_of_the_year() -> None:
    assert newest(statement()).values["return_on_assets_percent"] == Decimal("10.99")


def test_growth_without_the_year_before_is_not_known_and_says_what_is_missing() -> None:
    period = newest(statement("2022-12-31"), statement("2024-12-31"))
    assert period.values["revenue_growth_percent"] is None
    assert "last_year.revenue_yuan" in period.lacking


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("current_liabilities_yuan", "current_ratio"),
        ("total_assets_yuan", "debt_to_assets_percent"),
        ("interest_yuan", "interest_cover"),
        ("revenue_yuan", "net_margin_percent"),
        ("cost_yuan", "inventory_days"),
    ],
)
def test_nothing_is_divided_by_zero(line: str, name: str) -> None:
    period = newest(statement(**{line: Decimal(0)}))
    assert period.values[name] is None
    assert line not in period.lacking


def test_growth_from_a_loss_and_returns_on_used_up_equity_are_no_figures() -> None:
    before = statement("2024-12-31", profit_yuan=Decimal("-100"))
    values = newest(before, statement(equity_yuan=Decimal("-20000000"))).values
    assert values["profit_growth_percent"] is None
    assert values["return_on_equity_percent"] is None
    assert values["debt_to_equity"] is None


def test_an_application_without_statements_gives_the_ratios_of_its_four_figures() -> None:
    stated = {"revenue_yuan": 200, "profit_yuan": 10, "total_assets_yuan": 100, "total_liabilities_yuan": 60}
    (period,) = work_out(read_statements(stated))
    assert period.values["debt_to_assets_percent"] == Decimal("60.00")
    assert period.values["debt_to_equity"] == Decimal("1.50")
    assert period.values["current_ratio"] is None


def test_statements_are_read_in_the_order_of_their_dates() -> None:
    rows = [statement("2025-12-31"), statement("2023-12-31"), statement("2026-06-30")]
    assert [one.label for one in read_statements({"statements": rows})] == ["2023", "2025", "2026-06"]


ROWS = st.fixed_dictionaries({"ended_on": YEARS}, optional=dict.fromkeys(LINES, AMOUNTS))


@settings(max_examples=60)
@given(st.lists(ROWS, max_size=4), st.sampled_from(["3", "0.1", "17", "1000"]))
def test_ratios_do_not_depend_on_the_unit_of_the_amounts(rows: list[dict[str, Any]], factor: str) -> None:
    whole = [
        {key: value if key == "ended_on" else Decimal(int(value)) * 10 for key, value in row.items()} for row in rows
    ]
    scaled = [
        {key: value if key == "ended_on" else value * Decimal(factor) for key, value in row.items()} for row in whole
    ]
    first, second = (work_out(read_statements({"statements": given})) for given in (whole, scaled))
    assert [one.values for one in first] == [one.values for one in second]


@settings(max_examples=60)
@given(ROWS, st.sampled_from(sorted(LINES)))
def test_a_line_taken_away_leaves_each_ratio_as_it_was_or_unknown(row: dict[str, Any], line: str) -> None:
    with_line, without = newest(row), newest({key: value for key, value in row.items() if key != line})
    for name, value in without.values.items():
        assert value is None or value == with_line.values[name]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=12) | YEARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["ended_on", *LINES]), inner),
    max_leaves=12,
)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(["statements", *LINES]), ANYTHING | st.lists(ROWS | ANYTHING, max_size=3)))
def test_any_application_gives_ratios_or_none_and_never_an_error(application: dict[str, Any]) -> None:
    for period in work_out(read_statements(application)):
        for name, value in period.values.items():
            assert value is None or value.is_finite(), name
