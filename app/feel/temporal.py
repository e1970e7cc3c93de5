"""Dates, times and moments of FEEL as Python's date, time and datetime: ISO text to value and back, instants, zones.

Years run from 1 to 9999 and fractions of a second to microseconds; a text beyond that is null.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DATE = re.compile(r"(-?[0-9]{4,9})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,18}))?"
    r"(?:(Z|z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_+/-]{1,60}))?"
)
_EPOCH = datetime(1970, 1, 1)
_MOST_OFFSET = timedelta(hours=18)


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


def date_of(year: int, month: int, day: int) -> date | None:
    """The date, null where the calendar has none."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        return None
    return date(year, month, day)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def date_from_text(text: str) -> date | None:
    """The date of "2017-12-31"."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year = found[1]
    if len(year.lstrip("-")) > 4 and year.lstrip("-").startswith("0"):
        return None
    return date_of(int(year), int(found[2]), int(found[3]))


def time_from_text(text: str) -> time | None:
    """The time of day of "11:22:33", with a fraction, an offset, Z or @Zone where written; 24:00:00 is 00:00:00."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second, fraction = int(found[1]), int(found[2]), int(found[3]), found[4]
    if hour == 24 and not (minute or second or fraction):
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    if text.endswith(("Z", "z")) and found[5]:
        return time(hour, minute, second, micro, UTC)
    zone = _zone_of(found)
    if zone is None and (found[6] or found[10]):
        return None
    return time(hour, minute, second, micro, zone)


def _zone_of(found: re.Match[str]) -> tzinfo | None:
    if found[10]:
        return zone_named(found[10])
    if not found[6]:
        return None
    minutes, seconds = int(found[8]), int(found[9] or 0)
    if minutes > 59 or seconds > 59:
        return None
    offset = timedelta(hours=int(found[7]), minutes=minutes, seconds=seconds)
    return offset_zone(-offset if found[6] == "-" else offset)


def datetime_from_text(text: str) -> datetime | None:
    """The moment of "2017-12-31T11:22:33", or midnight of a bare date."""
    day_text, separator, time_text = text.partition("T")
    day = date_from_text(day_text)
    if day is None:
        return None
    if not separator:
        return datetime.combine(day, time())
    clock = time_from_text(time_text)
    if clock is None:
        return None
    if time_text.startswith("24"):
        if day == date.max:
            return None
        day += timedelta(days=1)
    return datetime.combine(day, clock)


def written_date(value: date) -> str:
    """2017-12-31."""
    return value.isoformat()


def written_time(value: time) -> str:
    """11:22:33 with what it has of fraction and zone."""
    return _clock(value.hour, value.minute, value.second, value.microsecond) + _written_zone(value.tzinfo)


def written_datetime(value: datetime) -> str:
    """2017-12-31T11:22:33 with what it has of fraction and zone."""
    return f"{value.date().isoformat()}T{written_time(value.timetz())}"


def _clock(hour: int, minute: int, second: int, micro: int) -> str:
    text = f"{hour:02}:{minute:02}:{second:02}"
    return f"{text}.{micro:06}".rstrip("0") if micro else text


def _written_zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    return written_offset(zone.utcoffset(None) or timedelta())


def written_offset(offset: timedelta) -> str:
    """Z, +08:00 or -02:45:55."""
    if not offset:
        return "Z"
    seconds = abs(int(offset.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, second = divmod(rest, 60)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{hours:02}:{minutes:02}" + (f":{second:02}" if second else "")


def iso_datetime(value: datetime) -> str:
    """As `written_datetime`, but a named zone is given as its offset then, which every ISO reader knows."""
    offset = value.utcoffset()
    if offset is None:
        return written_datetime(value)
    return written_datetime(value.replace(tzinfo=None)) + written_offset(offset)


def instant(value: datetime) -> timedelta:
    """Time since 1970 in UTC (a local moment as if it were UTC); unlike astimezone it cannot leave the calendar."""
    since = value.replace(tzinfo=None) - _EPOCH
    offset = value.utcoffset()
    return since - offset if offset else since


def time_of_day(value: time) -> timedelta:
    """Time since midnight, in UTC where the time has an offset."""
    since = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    offset = value.utcoffset()
    return since - offset if offset else since
