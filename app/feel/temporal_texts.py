"""Dates, times and moments as ISO 8601 texts (XML Schema's, and a named zone behind "@"), read and written."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, tzinfo
from zoneinfo import ZoneInfo

from app.feel.calendar import day_at, day_number
from app.feel.temporal import MIDNIGHT, Date, DateTime, Time, date_of, offset_of, offset_zone, zone_named

_DATE = re.compile(r"(-?)([0-9]{4}|[1-9][0-9]{4,8})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,18}))?"
    r"(?:(Z|z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_+/-]{1,60}))?"
)


def date_from_text(text: str) -> Date | None:
    """The date of "2017-12-31"; a year has four digits or more, and then no zero in front."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year = int(found[2])
    return date_of(-year if found[1] else year, int(found[3]), int(found[4]))


def time_from_text(text: str) -> Time | None:
    """The time of day of "11:22:33", with a fraction, an offset, Z or @Zone where written; 24:00:00 is 00:00:00."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second, fraction = int(found[1]), int(found[2]), int(found[3]), found[4]
    if hour == 24 and not (minute or second or fraction):
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    zone = UTC if found[5] else _zone_of(found)
    if zone is None and (found[6] or found[10]):
        return None
    return Time(hour, minute, second, int((fraction or "0")[:9].ljust(9, "0")), zone)


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


def datetime_from_text(text: str) -> DateTime | None:
    """The moment of "2017-12-31T11:22:33", or midnight of a bare date."""
    day_text, separator, time_text = text.partition("T")
    day = date_from_text(day_text)
    if day is None or not separator:
        return None if day is None else DateTime(day, MIDNIGHT)
    clock = time_from_text(time_text)
    if clock is None:
        return None
    if time_text.startswith("24"):
        following = date_of(*day_at(day_number(*day) + 1))
        return None if following is None else DateTime(following, clock)
    return DateTime(day, clock)


def written_date(value: Date) -> str:
    """2017-12-31."""
    return f"{'-' if value.year < 0 else ''}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def written_time(value: Time) -> str:
    """11:22:33 with what it has of fraction and zone."""
    return _clock(value) + _written_zone(value.zone)


def written_datetime(value: DateTime) -> str:
    """2017-12-31T11:22:33 with what it has of fraction and zone."""
    return f"{written_date(value.date)}T{written_time(value.time)}"


def _clock(value: Time) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    return f"{text}.{value.nano:09}".rstrip("0") if value.nano else text


def _written_zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    return written_offset(int((zone.utcoffset(None) or timedelta()).total_seconds()))


def written_offset(offset: int) -> str:
    """Z, +08:00 or -02:45:55 for an offset in seconds."""
    if not offset:
        return "Z"
    hours, rest = divmod(abs(offset), 3600)
    minutes, second = divmod(rest, 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}" + (f":{second:02}" if second else "")


def iso_datetime(value: DateTime) -> str:
    """As `written_datetime`, but a named zone is given as its offset then, which every ISO reader knows."""
    offset = offset_of(value)
    if offset is None:
        return written_datetime(value)
    return f"{written_date(value.date)}T{_clock(value.time)}{written_offset(offset)}"
