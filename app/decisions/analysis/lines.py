"""Ordered kinds of values as keys on a line, and which value to show for the open space between two of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from decimal import Context, Decimal, localcontext
from typing import Any, TypeAlias

from app.feel import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from app.feel.calendar import MOST_YEAR, day_at, day_number
from app.feel.numbers import rounded
from app.feel.temporal import NANOS, NANOS_PER_DAY, instant, moment_at, time_at, time_of_day

Key: TypeAlias = Any  # a Decimal, an int or a text: whatever the line's values are ordered by

_PLACES = 45  # of a number between two others that are looked at, from its first digit on
_EXACT = Context(prec=200)


@dataclass(frozen=True)
class Line:
    """A kind of values in their order: `key` and `value` turn a value into a key and back.

    `steps` says that keys are whole numbers; `low` and `high` are the ends of the line; `reach` is how far beyond an
    outermost constant an example is looked for; `floors` gives keys near a key, from round ones to the key itself.
    """

    name: str
    key: Callable[[Any], Key]
    value: Callable[[Any], object]
    floors: Callable[[Any], Iterator[Key]]
    steps: bool
    reach: Callable[[Any], Key]
    low: Key | None = None
    high: Key | None = None

    def between(self, after: Key | None, before: Key | None) -> Key | None:
        """A round key strictly between the two, of which one may be null (no end); null where there is none."""
        with localcontext(_EXACT):
            start, end = self._ends(after, before)
            if self.steps:
                start, end = math.floor(start), math.ceil(end)
            if end - start <= (1 if self.steps else 0):
                return None
            middle = (start + end) // 2 if self.steps else (start + end) / 2
            return next((found for found in self.floors(middle) if start < found < end), None)

    def _ends(self, after: Key | None, before: Key | None) -> tuple[Key, Key]:
        """The two ends, an infinite one moved near, but not beyond the end of the line."""
        if after is None:
            after = before - self.reach(before)
            after = after if self.low is None else max(after, self.low - 1)
        if before is None:
            before = after + self.reach(after)
            before = before if self.high is None else min(before, self.high + 1)
        return after, before


@dataclass(frozen=True)
class TextLine:
    """Texts in their order, where cells compare them by < and > or with ranges."""

    name: str = "ordered text"

    def key(self, value: Key) -> Key:
        return value

    def value(self, key: Key) -> Key:
        return key

    def between(self, after: str | None, before: str | None) -> str | None:
        """A text strictly between the two; null where there is none."""
        if after is None:
            return "" if before else None
        return next((after + end for end in ("a", " ", "\0") if before is None or after + end < before), None)


def _powers(middle: Decimal) -> Iterator[Decimal]:
    """Multiples of powers of ten at or below the number, the roundest first, as far as FEEL has such numbers."""
    first = middle.adjusted()
    for places in range(first, first - _PLACES, -1):
        unit = Decimal(1).scaleb(places)
        found = (middle / unit).to_integral_value("ROUND_FLOOR") * unit
        if rounded(found) == found:
            yield found.quantize(Decimal(1)) if 0 < places < _PLACES else found


def _whole_powers(middle: int) -> Iterator[int]:
    for places in range(abs(middle).bit_length() * 3 // 10, -1, -1):
        found = middle // 10**places * 10**places
        if rounded(Decimal(found)) == found:
            yield found


def _units(*units: int) -> Callable[[Any], Iterator[Key]]:
    """Multiples of each unit at or below a key, then the key."""

    def floors(middle: Any) -> Iterator[Key]:
        yield from (middle // unit * unit for unit in units)
        yield middle

    return floors


def _calendar_days(middle: int) -> Iterator[int]:
    """New year's day, the first of the month, the day."""
    year, month, _ = day_at(middle)
    yield day_number(year, 1, 1)
    yield day_number(year, month, 1)
    yield middle


_FIRST_DAY, _LAST_DAY = day_number(-MOST_YEAR, 1, 1), day_number(MOST_YEAR, 12, 31)


def _moments(name: str, value: Callable[[int], DateTime | None]) -> Line:
    low, high = _FIRST_DAY * NANOS_PER_DAY, (_LAST_DAY + 1) * NANOS_PER_DAY - 1
    units = _units(NANOS_PER_DAY, 3600 * NANOS, 60 * NANOS, NANOS)
    return Line(name, instant, value, units, True, lambda key: 4 * NANOS_PER_DAY, low, high)


def _spread(key: Any) -> Any:
    """As far again as the number is from 0."""
    return max(abs(key), 2)


NUMBERS = Line("number", lambda value: value, lambda key: key, _powers, False, _spread)
WHOLE_NUMBERS = Line("integer", lambda value: value, lambda key: rounded(Decimal(key)), _whole_powers, True, _spread)
DATES = Line(
    "date",
    lambda day: day_number(*day),
    lambda key: Date(*day_at(key)),
    _calendar_days,
    True,
    lambda key: 730,
    _FIRST_DAY,
    _LAST_DAY,
)
TIMES = Line(
    "time",
    time_of_day,
    lambda key: time_at(key, None),
    _units(3600 * NANOS, 60 * NANOS, NANOS),
    True,
    lambda key: NANOS_PER_DAY,
    0,
    NANOS_PER_DAY - 1,
)
LOCAL_MOMENTS = _moments("date and time", lambda key: moment_at(key, None))
ZONED_MOMENTS = _moments("date and time", lambda key: moment_at(key, UTC))
LENGTHS = Line(
    "days and time duration",
    lambda value: value.seconds,
    DaysTimeDuration,
    _units(86_400, 3600, 60, 1),
    False,
    lambda key: Decimal(4 * 86_400),
)
MONTHS = Line(
    "years and months duration", lambda value: value.months, YearsMonthsDuration, _units(12), True, lambda key: 48
)
TEXTS = TextLine()


def line_of(value: object) -> Line | None:
    """The line on which a constant lies; null for texts, truth values and times of day with a zone."""
    if isinstance(value, Decimal):
        return NUMBERS
    if isinstance(value, DateTime):
        return LOCAL_MOMENTS if value.time.zone is None else ZONED_MOMENTS
    if isinstance(value, Date):
        return DATES
    if isinstance(value, Time):
        return TIMES if value.zone is None else None
    if isinstance(value, DaysTimeDuration):
        return LENGTHS
    return MONTHS if isinstance(value, YearsMonthsDuration) else None
