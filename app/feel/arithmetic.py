"""What + - * / and the sign do over all kinds of values; a pair without a meaning gives null."""

from __future__ import annotations

from decimal import Decimal

from app.feel import numbers
from app.feel.calendar import MOST_YEAR, day_at, day_number, days_in_month
from app.feel.durations import MOST_MONTHS, DaysTimeDuration, YearsMonthsDuration, days_time, years_months
from app.feel.run import Value
from app.feel.temporal import (
    MIDNIGHT_UTC,
    NANOS_PER_DAY,
    Date,
    DateTime,
    Time,
    clock_nanos,
    date_of,
    duration_of,
    instant,
    moved,
    nanos_of,
    time_at,
    time_of_day,
)


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
    """A date, time or moment moved by a duration; null beyond the calendar."""
    kind, length = type(value), type(by)
    if length is YearsMonthsDuration:
        if kind is Date:
            return _shifted_months(value, by.months)
        day = _shifted_months(value.date, by.months) if kind is DateTime else None
        return None if day is None else DateTime(day, value.time)
    if length is not DaysTimeDuration:
        return None
    if kind is Time:
        return time_at(clock_nanos(value) + nanos_of(by), value.zone)
    if kind is Date:
        return date_of(*day_at(day_number(*value) + nanos_of(by) // NANOS_PER_DAY))
    return moved(value, nanos_of(by)) if kind is DateTime else None


def _shifted_months(value: Date, months: int) -> Date | None:
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not -MOST_YEAR <= year <= MOST_YEAR:
        return None
    return Date(year, month + 1, min(value.day, days_in_month(year, month + 1)))


def subtract(left: Value, right: Value) -> Value:
    """left - right: a duration between two dates, times or moments, or a value moved back by a duration."""
    first, second = type(left), type(right)
    if first is Decimal and second is Decimal:
        return numbers.subtract(left, right)
    if second is DaysTimeDuration or second is YearsMonthsDuration:
        return add(left, negate(right))
    if first is Time and second is Time:
        same = (left.zone is None) == (right.zone is None)
        return duration_of(time_of_day(left) - time_of_day(right)) if same else None
    if first in (Date, DateTime) and second in (Date, DateTime):
        return _between(left, right)
    return None


def _between(left: Date | DateTime, right: Date | DateTime) -> DaysTimeDuration | None:
    start, end = at_midnight(right), at_midnight(left)
    if (start.time.zone is None) != (end.time.zone is None):
        return None
    return duration_of(instant(end) - instant(start))


def at_midnight(value: Date | DateTime) -> DateTime:
    """A date as the moment it begins, which is midnight UTC (DMN 1.5, 10.3.2.3.5)."""
    return value if isinstance(value, DateTime) else DateTime(value, MIDNIGHT_UTC)


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
    return None if months is None or months.copy_abs() > MOST_MONTHS else years_months(int(months))


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
