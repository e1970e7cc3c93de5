"""Dates, times and moments (date and time) of FEEL: years of nine digits, nanoseconds, offsets and named zones."""

from __future__ import annotations

import datetime as python
from datetime import UTC, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.feel.calendar import MOST_YEAR, day_at, day_number, days_in_month, year_like
from app.feel.durations import SECONDS_PER_DAY, DaysTimeDuration
from app.feel.numbers import ARITHMETIC

NANOS = 1_000_000_000
NANOS_PER_DAY = SECONDS_PER_DAY * NANOS
_MOST_OFFSET = timedelta(hours=18)


class Date(NamedTuple):
    """A day of the Gregorian calendar; two are ordered as their numbers are."""

    year: int
    month: int
    day: int


class Time(NamedTuple):
    """A time of day, with a fixed offset from UTC or a named zone where one was given."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    zone: tzinfo | None = None


class DateTime(NamedTuple):
    """A date with a time of day."""

    date: Date
    time: Time


MIDNIGHT = Time(0, 0, 0)
MIDNIGHT_UTC = Time(0, 0, 0, 0, UTC)


@lru_cache(maxsize=1024)
def zone_named(key: str) -> tzinfo | None:
    """The IANA zone of that name, null where there is none."""
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset_zone(offset: timedelta) -> tzinfo | None:
    """A fixed offset of at most 18 hours from UTC."""
    if abs(offset) > _MOST_OFFSET or offset.microseconds:
        return None
    return timezone(offset) if offset else UTC


def date_of(year: int, month: int, day: int) -> Date | None:
    """The date, null where the calendar has none."""
    if not (-MOST_YEAR <= year <= MOST_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        return None
    return Date(year, month, day)


def from_python(value: python.date | python.time) -> Date | Time | DateTime:
    """The FEEL value of Python's date, time or datetime."""
    if isinstance(value, python.datetime):
        return DateTime(_date(value), _time(value.timetz()))
    return _date(value) if isinstance(value, python.date) else _time(value)


def _date(value: python.date) -> Date:
    return Date(value.year, value.month, value.day)


def _time(value: python.time) -> Time:
    return Time(value.hour, value.minute, value.second, value.microsecond * 1000, value.tzinfo)


def offset_of(value: Time | DateTime) -> int | None:
    """The offset from UTC in seconds; null without one, and for a time of day in a zone whose offset changes."""
    zone = value.zone if isinstance(value, Time) else value.time.zone
    if zone is None:
        return None
    offset = zone.utcoffset(None)
    if offset is None and isinstance(value, DateTime):
        (year, month, day), clock = value
        near = python.datetime(year_like(year), month, day, clock.hour, clock.minute, clock.second, tzinfo=zone)
        offset = near.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def clock_nanos(value: Time) -> int:
    """Nanoseconds since midnight as the clock on the wall counts them."""
    return ((value.hour * 60 + value.minute) * 60 + value.second) * NANOS + value.nano


def wall_nanos(value: DateTime) -> int:
    """Nanoseconds since 1970 as the calendar and the clock on the wall count them."""
    return day_number(*value.date) * NANOS_PER_DAY + clock_nanos(value.time)


def instant(value: DateTime) -> int:
    """Nanoseconds since 1970 in UTC; a local moment as if it were UTC."""
    return wall_nanos(value) - (offset_of(value) or 0) * NANOS


def time_of_day(value: Time) -> int:
    """Nanoseconds since midnight, in UTC where the time has an offset."""
    return clock_nanos(value) - (offset_of(value) or 0) * NANOS


def time_at(nanos: int, zone: tzinfo | None) -> Time:
    """The time of day so long after midnight (or before), on the clock of that zone."""
    seconds, nano = divmod(nanos % NANOS_PER_DAY, NANOS)
    hours, rest = divmod(seconds, 3600)
    return Time(hours, rest // 60, rest % 60, nano, zone)


def moment_at(nanos: int, zone: tzinfo | None) -> DateTime | None:
    """The moment at which the wall of that zone shows so long after 1970; null beyond the calendar."""
    days, rest = divmod(nanos, NANOS_PER_DAY)
    day = date_of(*day_at(days))
    return None if day is None else DateTime(day, time_at(rest, zone))


def moment_in(nanos: int, zone: tzinfo) -> DateTime | None:
    """The moment `instant` nanoseconds after 1970 in UTC, told in a zone; null beyond the calendar."""
    there = moment_at(nanos, UTC)
    if there is None:
        return None
    (year, month, day), clock = there
    near = python.datetime(year_like(year), month, day, clock.hour, clock.minute, clock.second, tzinfo=UTC)
    offset = near.astimezone(zone).utcoffset() or timedelta()
    return moment_at(nanos + int(offset.total_seconds()) * NANOS, zone)


def moved(value: DateTime, nanos: int) -> DateTime | None:
    """The moment so much later; in a named zone real time passes, whatever its clocks do."""
    zone = value.time.zone
    if isinstance(zone, ZoneInfo):
        return moment_in(instant(value) + nanos, zone)
    return moment_at(wall_nanos(value) + nanos, zone)


def nanos_of(by: DaysTimeDuration) -> int:
    """A duration in whole nanoseconds."""
    return int(ARITHMETIC.scaleb(by.seconds, 9))


def duration_of(nanos: int) -> DaysTimeDuration:
    """Nanoseconds as a duration."""
    whole, rest = divmod(nanos, NANOS)
    return DaysTimeDuration(Decimal(whole) if not rest else ARITHMETIC.scaleb(Decimal(nanos), -9))
