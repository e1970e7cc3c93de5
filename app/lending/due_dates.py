"""Due dates and the periods between them: months, weeks or days, with short months and a given first date."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

UNITS = ("months", "weeks", "days")
CLAMP, MONTH_END = "clamp_to_month_end", "month_end"
DAYS_OF = {"weeks": 7, "days": 1}
LAST_DAY = 31


@dataclass(frozen=True)
class DueRule:
    """When instalments fall due: every `every` `unit` from the payout, or from `first_due_on` where it is agreed.

    `date_rule` clamp_to_month_end keeps the wanted day and uses a short month's last day (31 Jan, 28 Feb, 31 Mar);
    month_end keeps the last day once a due date is one (28 Feb, 31 Mar). Without an agreed first date the first
    instalment is due no earlier than `min_days_to_first_due` days after the payout, and that day is then kept.
    """

    unit: str = "months"
    every: int = 1
    first_due_on: date | None = None
    date_rule: str = CLAMP
    min_days_to_first_due: int = 0

    def __post_init__(self) -> None:
        if self.unit not in UNITS or self.every < 1 or self.date_rule not in (CLAMP, MONTH_END):
            raise ValueError(f"due dates need a unit of {UNITS}, a step above zero and {CLAMP} or {MONTH_END}")


@dataclass(frozen=True)
class Period:
    """The time that one instalment's interest is for; `month_marks` bound its months, empty for weeks and days."""

    number: int
    start_on: date
    due_on: date
    month_marks: tuple[date, ...] = ()


def months_after(start: date, months: int, wanted_day: int = 0) -> date:
    """The same day (or `wanted_day`) some months later, or that month's last day."""
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(wanted_day or start.day, calendar.monthrange(year, month)[1]))


def is_last_of_month(day: date) -> bool:
    """Whether the next day is in another month."""
    return (day + timedelta(days=1)).month != day.month


def due_dates(start_on: date, count: int, rule: DueRule) -> tuple[date, ...]:
    """The due dates of `count` instalments of a loan paid out on `start_on`."""
    first = _first_due(start_on, rule)
    if rule.unit != "months":
        return tuple(first + timedelta(days=DAYS_OF[rule.unit] * rule.every * step) for step in range(count))
    if rule.date_rule == MONTH_END:
        return _keeping_month_ends(first, count, rule.every)
    wanted = start_on.day if first == months_after(start_on, rule.every) and not rule.first_due_on else first.day
    return tuple(months_after(first, rule.every * step, wanted) for step in range(count))


def _first_due(start_on: date, rule: DueRule) -> date:
    earliest = start_on + timedelta(days=rule.min_days_to_first_due)
    if rule.first_due_on is not None:
        if rule.first_due_on <= start_on or rule.first_due_on < earliest:
            raise ValueError(f"the first due date {rule.first_due_on} is earlier than agreed")
        return rule.first_due_on
    if rule.unit != "months":
        natural = start_on + timedelta(days=DAYS_OF[rule.unit] * rule.every)
    elif rule.date_rule == MONTH_END and is_last_of_month(start_on):
        natural = months_after(start_on, rule.every, LAST_DAY)
    else:
        natural = months_after(start_on, rule.every)
    return max(natural, earliest)


def _keeping_month_ends(first: date, count: int, every: int) -> tuple[date, ...]:
    days = [first]
    for _ in range(count - 1):
        days.append(months_after(days[-1], every, LAST_DAY if is_last_of_month(days[-1]) else 0))
    return tuple(days[:count])


def periods_between(start_on: date, dues: Sequence[date], rule: DueRule) -> tuple[Period, ...]:
    """The periods that end on the due dates, the first one beginning on `start_on`; ValueError unless they rise."""
    days = [start_on, *dues]
    if any(left >= right for left, right in pairwise(days)):
        raise ValueError("due dates rise, and the first is after the payout")
    wanted = max((day.day for day in dues), default=0)
    return tuple(
        Period(number, left, right, _month_marks(left, right, rule, wanted) if rule.unit == "months" else ())
        for number, (left, right) in enumerate(pairwise(days), start=1)
    )


def _month_marks(left: date, right: date, rule: DueRule, wanted_day: int) -> tuple[date, ...]:
    """A regular period counts its months from its start, an odd first one back from its due date."""
    wanted = wanted_day if is_last_of_month(right) else right.day
    if right == months_after(left, rule.every) or left == months_after(right, -rule.every, wanted):
        inner = (months_after(left, step, wanted) for step in range(1, rule.every))
        return (left, *inner, right)
    marks = [right]
    while marks[-1] > left:
        marks.append(months_after(right, -len(marks), wanted))
    return tuple(reversed(marks))


def periods(start_on: date, count: int, rule: DueRule) -> tuple[Period, ...]:
    """The periods of `count` instalments of a loan paid out on `start_on`."""
    return periods_between(start_on, due_dates(start_on, count, rule), rule)
