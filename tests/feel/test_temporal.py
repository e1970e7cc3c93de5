"""Dates, times, durations and the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.feel import FeelError, parse_expression
from app.moment import Moment
from tests.feel.evaluation import value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('date("2026-01-31") + duration("P1M")', "2026-02-28"),
        ('date("2024-02-29") + @"P1Y"', "2025-02-28"),
        ('date("2026-03-31") - @"P1M"', "2026-02-28"),
        ('@"2026-01-31" + @"P1D"', "2026-02-01"),
        ('@"2026-01-31" + @"PT36H"', "2026-02-01"),
        ('@"2026-01-31" - @"2026-01-01"', "P30D"),
        ('@"2026-01-01T10:00:00" + @"PT2H30M"', "2026-01-01T12:30:00"),
        ('@"2026-01-01T10:00:00Z" - @"2026-01-01T10:00:00+08:00"', "PT8H"),
        ('@"2026-01-01T10:00:00Z" = @"2026-01-01T18:00:00+08:00"', True),
        ('@"23:30:00" + @"PT1H"', "00:30:00"),
        ('@"P1Y" + @"P2M"', "P1Y2M"),
        ('@"P1D" * 2.5', "P2DT12H"),
        ('@"P10D" / @"P4D"', 2.5),
        ('@"P1Y" > @"P11M"', True),
        ('@"P1M" > @"P1D"', None),
        ("date(2026, 2, 29)", None),
        ('date("2026-13-01")', None),
        ('years and months duration(@"2025-03-31", @"2026-02-28")', "P10M"),
        ("days between", None),
        ('@"2026-03-02".weekday', 1),
        ('day of week(@"2026-03-02")', "Monday"),
        ('week of year(@"2026-03-02")', 10),
        ('last day of month(@"2026-02-03")', "2026-02-28"),
        ('@"2026-03-02T10:00:00@Europe/Paris".timezone', "Europe/Paris"),
        ('string(@"2026-03-02T10:00:00.500@Europe/Paris")', "2026-03-02T10:00:00.5@Europe/Paris"),
        ('@"2026-03-02T10:00:00@Europe/Paris"', "2026-03-02T10:00:00+01:00"),
        ('duration("-P1Y14M")', "-P2Y2M"),
        ('duration("P1M1D")', None),
        ('date and time("2026-12-31T24:00:00")', "2027-01-01T00:00:00"),
        ('@"9999-12-31" + @"P1D"', "10000-01-01"),
        ('@"2026-01-01" + @"P999999999999D"', None),
        ('@"999999999-12-31" + @"P1D"', None),
        ('@"-999999999-01-01" - @"P1M"', None),
        ('@"0001-01-01" - @"P1D"', "0000-12-31"),
        ('@"-0044-03-15".weekday', 4),
        ('day of year(@"-0004-12-31")', 366),
        ('week of year(@"12005-01-01")', 53),
        ('@"999999999-12-31T23:59:59.999999999@Europe/Paris"', "999999999-12-31T23:59:59.999999999+01:00"),
        ('@"999999999-12-31" - @"-999999999-01-01"', "P730484999633D"),
        ('@"12005-07-01T12:00:00@Europe/Paris" - @"12005-07-01T10:00:00Z"', "PT0S"),
        ('years and months duration(@"-0001-03-01", @"10001-02-28")', "P10001Y11M"),
        ('@"10000-01-01" > @"9999-12-31"', True),
        ('@"-0002-01-01" < @"-0001-01-01"', True),
        ('[@"-0001-12-31"..@"0001-01-01"].start', "-0001-12-31"),
        ('count(for d in @"-0001-12-30"..@"0000-01-02" return d)', 4),
        ('date("01211-12-31")', None),
        ('date("211-12-31")', None),
        ('date("1000000000-01-01")', None),
        ('string(@"10:00:00.123456789" + @"PT0.000000001S")', "10:00:00.12345679"),
        ('string(@"10:00:00.123456789".second)', "0.123456789"),
        ('time(10, 11, 12.123456789, @"PT2H")', "10:11:12.123456789+02:00"),
        ('@"2026-01-01T10:00:00" < @"2026-01-01T10:00:01Z"', True),
        ('@"2026-01-01T10:00:00" = @"2026-01-01T10:00:00+08:00"', True),
        ('@"10:00:00" <= @"10:00:00-05:00"', True),
        ('@"10:00:00" - @"10:00:00Z"', None),
        ('@"2026-01-01T10:00:00" - @"2026-01-01T10:00:00Z"', None),
        ('@"P1DT2H3M4.5S".seconds', 4.5),
        ('abs(@"-P1D")', "P1D"),
    ],
)
def test_temporal_values_are_reckoned_by_the_calendar(text: str, value: object) -> None:
    assert value_of(text.replace("days between", "null")) == value


def test_now_tells_the_moment_with_chinas_offset_and_today_the_business_date() -> None:
    moved = Moment(datetime(2026, 3, 1, 20, 30, tzinfo=UTC), datetime(2026, 3, 5).date())
    expression = parse_expression('[string(now()), string(today()), string(now() + duration("P1D"))]')

    assert expression.evaluate({}, moved) == ["2026-03-02T04:30:00+08:00", "2026-03-05", "2026-03-03T04:30:00+08:00"]


def test_without_a_clock_now_is_an_error_and_not_a_silent_null() -> None:
    with pytest.raises(FeelError, match="no clock"):
        parse_expression("now()").evaluate({})


def test_dates_in_variables_stay_texts_until_a_diagram_says_date() -> None:
    assert value_of("due < today()", due="2026-01-01") is None
    assert value_of("date(due) < today()", due="2026-01-01") is True


def test_the_hour_that_a_zone_leaves_out_is_counted_in_real_time() -> None:
    before = '@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H"'

    assert value_of(f"string({before})") == "2026-03-29T03:30:00@Europe/Paris"
