"""The calendar of all years, against Python's where it reaches and by its own rules beyond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from datetime import date as python_date
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.feel import Date, parse_expression, to_feel
from app.feel.calendar import MOST_YEAR, day_at, day_like, day_number, days_in_month
from app.feel.temporal import instant, moment_in, moved
from app.feel.temporal_texts import date_from_text, datetime_from_text, written_date, written_datetime
from tests.soak import soaking

YEARS = st.integers(-MOST_YEAR, MOST_YEAR) | st.integers(-500, 500) | st.integers(9000, 11000)
DAYS = st.builds(
    lambda year, month, day: Date(year, month, min(day, days_in_month(year, month))),
    YEARS,
    st.integers(1, 12),
    st.integers(1, 31),
)
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Paris", "America/New_York", "Australia/Melbourne"])


@given(st.dates())
def test_days_are_counted_as_python_counts_them(day: python_date) -> None:
    number = day_number(day.year, day.month, day.day)

    assert number == (day - python_date(1970, 1, 1)).days
    assert day_at(number) == (day.year, day.month, day.day)
    assert day_like(day.year, day.month, day.day).isoweekday() == day.isoweekday()
    assert day_like(day.year, day.month, day.day).isocalendar().week == day.isocalendar().week


@given(DAYS, st.integers(-(10**6), 10**6))
def test_a_day_moved_and_moved_back_is_the_day(day: Date, by: int) -> None:
    assert day_at(day_number(*day) + by - by) == day
    assert day_number(*day_at(day_number(*day) + by)) == day_number(*day) + by


@given(DAYS)
def test_a_day_reads_back_from_its_text_and_the_next_is_later(day: Date) -> None:
    assert date_from_text(written_date(day)) == day
    assert Date(*day_at(day_number(*day) + 1)) > day


@soaking(200)
@given(st.datetimes(datetime(2, 1, 2), datetime(9998, 12, 30)), ZONES)
def test_instants_and_zones_are_reckoned_as_python_reckons_them(at: datetime, key: str) -> None:
    zone = ZoneInfo(key)
    value = to_feel(at.replace(tzinfo=UTC))
    there = at.replace(tzinfo=UTC).astimezone(zone)

    told = moment_in(instant(value), zone)

    assert written_datetime(told) == written_datetime(to_feel(there))
    assert instant(told) == (at - datetime(1970, 1, 1)) // timedelta(microseconds=1) * 1000 or there.fold


@given(DAYS, ZONES, st.integers(0, 86_399), st.integers(0, 999_999_999))
def test_a_moment_in_a_far_year_keeps_its_nanoseconds_and_moves_by_real_time(
    day: Date, key: str, second: int, nano: int
) -> None:
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.{nano:09}"
    moment = datetime_from_text(f"{written_date(day)}T{clock}@{key}")
    assert moment is not None

    later = moved(moment, 10**18)

    assert later is None or instant(later) == instant(moment) + 10**18
    assert parse_expression("date and time(string(m)) = m").evaluate({"m": moment}) is True
