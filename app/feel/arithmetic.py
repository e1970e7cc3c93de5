"""What + - * / and the sign do over all kinds of values; a pair without a meaning gives null."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.feel import numbers
from app.feel.durations import (
    SECONDS_PER_DAY,
    DaysTimeDuration,
    YearsMonthsDuration,
    days_time,
    duration_of,
    years_months,
)
from app.feel.run import Value
from app.feel.temporal import days_in_month, instant, time_of_day


def add(left: Value, right: Value) -> Value:
    """left + right for durations, moments and texts (numbers take the short way in the closures)."""
    first, second = type(left), type(right)
    if first is Decimal and second is Decimal:
        return numbers.add(left, right)
    if first is str and second is str:
        return left + right
    if first is DaysTimeDuration or first is YearsMonthsDuration:
        if second is first:
            return _add_durations(left, right)
        left, right = right, left
    return shifted(left, right)


def _add_durations(left: Value, right: Value) -> Value:
    if type(left) is YearsMonthsDuration:
        return years_months(left.months + right.months)
    return days_time(numbers.add(left.seconds, right.seconds))


def shifted(value: Value, by: Value) -> Value:
    """A date, time or moment moved by a duration; null beyond the years 1 to 9999."""
    kind = type(by)
    if kind is YearsMonthsDuration and type(value) in (date, datetime):
        return _shifted_months(value, by.months)
    if kind is not DaysTimeDuration:
        return None
    if type(value) is time:
        return _turned(value, by)
    delta = by.delta
    if delta is None or type(value) not in (date, datetime):
        return None
    try:
        if type(value) is date:
            return value + timedelta(days=delta // timedelta(days=1))
        if isinstance(value.tzinfo, ZoneInfo):
            return (value.astimezone(UTC) + delta).astimezone(value.tzinfo)
        return value + delta
    except OverflowError:
        return None


def _shifted_months(value: Value, months: int) -> Value:
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return value.replace(year=year, month=month + 1, day=min(value.day, days_in_month(year, month + 1)))


def _turned(value: time, by: DaysTimeDuration) -> time:
    within_day = DaysTimeDuration(numbers.ARITHMETIC.remainder(by.seconds, Decimal(SECONDS_PER_DAY)))
    moved = datetime.combine(date(2000, 1, 2), value.replace(tzinfo=None)) + (within_day.delta or timedelta())
    return moved.time().replace(tzinfo=value.tzinfo)


def subtract(left: Value, right: Value) -> Value:
    """left - right: a duration between two dates, times or moments, or a value moved back by a duration."""
    first, second = type(left), type(right)
    if first is Decimal and second is Decimal:
        return numbers.subtract(left, right)
    if second is DaysTimeDuration or second is YearsMonthsDuration:
        return add(left, negate(right))
    if first is time and second is time:
        same = (left.tzinfo is None) == (right.tzinfo is None)
        return duration_of(time_of_day(left) - time_of_day(right)) if same else None
    if first in (date, datetime) and second in (date, datetime):
        return _between(left, right)
    return None


def _between(left: date | datetime, right: date | datetime) -> DaysTimeDuration | None:
    start, end = at_midnight(right), at_midnight(left)
    if type(left) is not type(right):  # a bare date stands for midnight UTC beside a zoned moment
        start, end = _zoned_like(start, end), _zoned_like(end, start)
    if (start.tzinfo is None) != (end.tzinfo is None):
        return None
    return duration_of(instant(end) - instant(start))


def at_midnight(value: date | datetime) -> datetime:
    """A date as the moment it begins, without a zone."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _zoned_like(value: datetime, other: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None and other.tzinfo is not None else value


def multiply(left: Value, right: Value) -> Value:
    """left * right: numbers, or a duration and a number."""
    first, second = type(left), type(right)
    if first is Decimal and second is Decimal:
        return numbers.multiply(left, right)
    if first is Decimal:
        left, right, first, second = right, left, second, first
    if second is not Decimal:
        return None
    if first is DaysTimeDuration:
        return days_time(numbers.multiply(left.seconds, right))
    if first is YearsMonthsDuration:
        return _whole_months(numbers.multiply(Decimal(left.months), right))
    return None


def _whole_months(months: Decimal | None) -> YearsMonthsDuration | None:
    return None if months is None else years_months(int(months))


def divide(left: Value, right: Value) -> Value:
    """left / right: numbers, a duration by a number, or two durations of one kind (a number)."""
    first, second = type(left), type(right)
    if first is Decimal and second is Decimal:
        return numbers.divide(left, right)
    if second is Decimal:
        if first is DaysTimeDuration:
            return days_time(numbers.divide(left.seconds, right))
        return _whole_months(numbers.divide(Decimal(left.months), right)) if first is YearsMonthsDuration else None
    if first is not second:
        return None
    if first is DaysTimeDuration:
        return numbers.divide(left.seconds, right.seconds)
    return numbers.divide(Decimal(left.months), Decimal(right.months)) if first is YearsMonthsDuration else None


def power(left: Value, right: Value) -> Value:
    """left ** right for numbers."""
    return numbers.power(left, right) if type(left) is Decimal and type(right) is Decimal else None


def negate(value: Value) -> Value:
    """-value for numbers and durations."""
    kind = type(value)
    if kind is Decimal:
        return numbers.ARITHMETIC.minus(value)
    if kind is DaysTimeDuration:
        return DaysTimeDuration(numbers.ARITHMETIC.minus(value.seconds))
    return YearsMonthsDuration(-value.months) if kind is YearsMonthsDuration else None
