"""Comparison of a firm's ratios with its sector and with its own earlier periods."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.assessment.comparison import positions, read_benchmarks, trend
from app.assessment.ratios import RATIOS, work_out
from app.assessment.statements import read_statements
from tests.assessment.statements import statement


def mark(ratio: str, lower: Any, median: Any, upper: Any) -> dict[str, Any]:
    return {"ratio": ratio, "lower": lower, "median": median, "upper": upper}


@pytest.mark.parametrize(
    ("ratio", "value", "side"),
    [
        ("current_ratio", "1.60", "better"),
        ("current_ratio", "1.50", "around"),
        ("current_ratio", "1.00", "around"),
        ("current_ratio", "0.99", "worse"),
        ("debt_to_equity", "1.60", "worse"),
        ("debt_to_equity", "0.99", "better"),
        ("payable_days", "1.60", ""),
    ],
)
def test_a_value_stands_in_the_good_or_the_bad_quarter_or_around_the_median(ratio: str, value: str, side: str) -> None:
    benchmark = read_benchmarks([mark(ratio, 1, Decimal("1.2"), Decimal("1.5"))])[ratio]
    assert benchmark.position(RATIOS[ratio], Decimal(value)) == side


@pytest.mark.parametrize(
    "rows",
    [
        None,
        {},
        "current_ratio",
        [3, None],
        [{"ratio": "current_ratio"}],
        [mark("current_ratio", 3, 2, 1)],
        [mark("unknown", 1, 2, 3)],
    ],
)
def test_rows_that_are_no_benchmarks_are_left_out(rows: Any) -> None:
    assert read_benchmarks(rows) == {}


def test_only_ratios_with_a_value_and_a_benchmark_are_compared() -> None:
    (period,) = work_out(read_statements({"statements": [statement(inventory_yuan=None)]}))
    benchmarks = read_benchmarks([mark("current_ratio", 1, 2, 3), mark("quick_ratio", 1, 2, 3)])
    assert positions(period, benchmarks) == {"current_ratio": "around"}


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("1.00", "1.10", "up"),
        ("1.00", "0.90", "down"),
        ("1.00", "1.01", "flat"),
        ("-2", "-1", "up"),
        ("0", "0", "flat"),
    ],
)
def test_a_trend_is_a_change_of_two_percent_or_more(before: str, now: str, said: str) -> None:
    assert trend(Decimal(before), Decimal(now)) == said


def test_there_is_no_trend_from_a_missing_value() -> None:
    assert trend(None, Decimal(1)) == trend(Decimal(1), None) == ""
