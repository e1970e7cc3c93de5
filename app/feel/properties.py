"""The parts of temporal values and ranges that a path may read: a whitelist, so that no Python attribute is reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.feel.durations import DaysTimeDuration, YearsMonthsDuration, duration_of
from app.feel.numbers import ARITHMETIC
from app.feel.ranges import Range
from app.feel.run import Value

Part = Callable[[Value], Value]


def _seconds(value: datetime | time) -> Decimal:
    if not value.microsecond:
        return Decimal(value.second)
    return Decimal(value.second * 1_000_000 + value.microsecond).scaleb(-6, ARITHMETIC)


def _offset(value: datetime | time) -> DaysTimeDuration | None:
    offset = value.utcoffset()
    return None if offset is None else duration_of(offset)


def _zone_name(value: datetime | time) -> str | None:
    zone: tzinfo | None = value.tzinfo
    return zone.key if isinstance(zone, ZoneInfo) else None


_DAY: dict[str, Part] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_CLOCK: dict[str, Part] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": _seconds,
    "time offset": _offset,
    "timezone": _zone_name,
}
PROPERTIES: dict[type, dict[str, Part]] = {
    date: _DAY,
    time: _CLOCK,
    datetime: {**_DAY, **_CLOCK},
    DaysTimeDuration: {
        "days": lambda value: Decimal(value.parts[0]),
        "hours": lambda value: Decimal(value.parts[1]),
        "minutes": lambda value: Decimal(value.parts[2]),
        "seconds": lambda value: Decimal(value.parts[3]),
    },
    YearsMonthsDuration: {
        "years": lambda value: Decimal(value.parts[0]),
        "months": lambda value: Decimal(value.parts[1]),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
