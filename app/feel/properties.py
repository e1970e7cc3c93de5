"""The parts of temporal values and ranges that a path may read: a whitelist, so that no Python attribute is reached."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.feel.calendar import day_like
from app.feel.durations import DaysTimeDuration, YearsMonthsDuration
from app.feel.numbers import ARITHMETIC
from app.feel.ranges import Range
from app.feel.run import Value
from app.feel.temporal import NANOS, Date, DateTime, Time, offset_of

Part = Callable[[Value], Value]


def _second(value: Time) -> Decimal:
    if not value.nano:
        return Decimal(value.second)
    return ARITHMETIC.normalize(ARITHMETIC.scaleb(Decimal(value.second * NANOS + value.nano), -9))


def _offset(value: Time | DateTime) -> DaysTimeDuration | None:
    offset = offset_of(value)
    return None if offset is None else DaysTimeDuration(Decimal(offset))


def _zone_name(value: Time) -> str | None:
    return value.zone.key if isinstance(value.zone, ZoneInfo) else None


_DAY: dict[str, Callable[[Date], Value]] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(day_like(*value).isoweekday()),
}
_CLOCK: dict[str, Callable[[Time], Value]] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": _second,
    "timezone": _zone_name,
}


def _of_date(part: Callable[[Date], Value]) -> Part:
    return lambda value: part(value.date)


def _of_time(part: Callable[[Time], Value]) -> Part:
    return lambda value: part(value.time)


PROPERTIES: dict[type, dict[str, Part]] = {
    Date: _DAY,
    Time: {**_CLOCK, "time offset": _offset},
    DateTime: {
        **{name: _of_date(part) for name, part in _DAY.items()},
        **{name: _of_time(part) for name, part in _CLOCK.items()},
        "time offset": _offset,
    },
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
