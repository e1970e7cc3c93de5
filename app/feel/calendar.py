"""The Gregorian calendar for every year of FEEL (-999,999,999 to 999,999,999), reckoned in whole days.

It repeats every 400 years, weekdays too; so each question is asked of Python's calendar in one of its own years.
"""

from __future__ import annotations

from datetime import date

MOST_YEAR = 999_999_999
_CYCLE, _CYCLE_DAYS = 400, 146_097
_EPOCH = date(1970, 1, 1).toordinal()


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1 January 1970, negative before."""
    cycles, within = divmod(year, _CYCLE)
    return date(within + _CYCLE, month, day).toordinal() - _EPOCH + (cycles - 1) * _CYCLE_DAYS


def day_at(number: int) -> tuple[int, int, int]:
    """Year, month and day of the day so many days after 1 January 1970."""
    cycles, within = divmod(number + _EPOCH - 1, _CYCLE_DAYS)
    near = date.fromordinal(within + 1)
    return near.year + cycles * _CYCLE, near.month, near.day


def year_like(year: int) -> int:
    """The year itself where Python's clocks know it, else one with the same days, in the same far past or future."""
    if 1 < year < 9999:
        return year
    return year % _CYCLE + (_CYCLE if year <= 1 else 20 * _CYCLE)


def day_like(year: int, month: int, day: int) -> date:
    """A day of Python's calendar with the same weekday, week of the year and day of the year."""
    return date(year % _CYCLE + 5 * _CYCLE, month, day)
