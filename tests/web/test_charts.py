"""Charts say the truth: bars from 0 in proportion, whole numbers on the axis, the last value printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.web.charts import columns, trend


def test_bars_stand_on_the_axis_in_proportion_and_the_last_ones_print_their_numbers() -> None:
    chart = columns([("09-07", 10, 5), ("09-14", 20, 0)])

    assert [(bar.y + bar.height) for bar in (*chart.first, *chart.second)] == [128.0] * 4
    assert chart.first[1].height == 2 * chart.first[0].height == 4 * chart.second[0].height
    assert [bar.printed for bar in (*chart.first, *chart.second)] == ["", "20", "", "0"]


@pytest.mark.parametrize(("most", "top"), [(0, 4), (4, 4), (5, 8), (9, 20), (21, 40), (138, 200), (2021, 4000)])
def test_the_axis_has_round_numbers_up_to_the_longest_bar(most: int, top: int) -> None:
    assert [number for _, number in columns([("", most, 0)]).grid] == [part * top // 4 for part in range(5)]


def test_there_are_no_more_words_under_the_axis_than_fit_and_the_last_one_is_there() -> None:
    words = [word for _, word in columns([(str(week), week, 0) for week in range(26)]).words]

    assert words[-1] == "25" and len(words) <= 6


def test_a_trend_passes_over_what_is_missing_and_ends_in_its_last_value() -> None:
    chart = trend([Decimal("61.4"), None, Decimal("66.0")])

    assert chart is not None and (chart.low, chart.high) == (61, 66)
    assert chart.line.endswith(f"{chart.x},{chart.y}") and len(chart.line.split()) == 2


def test_a_trend_that_never_changes_lies_within_its_axis() -> None:
    chart = trend([Decimal(5), Decimal(5)])

    assert chart is not None and (chart.low, chart.high, chart.y) == (5, 6, 40.0)
    full = trend([Decimal(100)])
    assert full is not None and (full.low, full.high, full.y) == (99, 100, 4.0)


def test_without_values_there_is_nothing_to_draw() -> None:
    assert trend([None, None]) is None and trend([]) is None
