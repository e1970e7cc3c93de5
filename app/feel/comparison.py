"""Equality and order of FEEL values with three truth values: what cannot be compared is null."""

from __future__ import annotations

from decimal import Decimal

from app.feel.durations import DaysTimeDuration, YearsMonthsDuration
from app.feel.errors import FeelError
from app.feel.ranges import Range
from app.feel.run import Run, Value
from app.feel.temporal import Date, DateTime, Time, clock_nanos, instant, time_of_day, wall_nanos
from app.texts import Text

_PLAIN_KINDS = frozenset((bool, Decimal, str, Date, YearsMonthsDuration, DaysTimeDuration))
MAX_VALUE_DEPTH = 60


def too_deep() -> FeelError:
    """The error for values that hold one another too deep."""
    return FeelError(0, Text(f"值的嵌套超过 {MAX_VALUE_DEPTH} 层", f"values nest deeper than {MAX_VALUE_DEPTH} levels"))


def equal(left: Value, right: Value, run: Run, depth: int = 0) -> bool | None:
    """left = right: null equals only null; values of different kinds compare to null."""
    kind = type(left)
    if left is None or right is None:
        return left is right
    if kind is not type(right):
        return None
    if kind in _PLAIN_KINDS:
        run.weigh(left, right)
        return bool(left == right)
    if kind is list:
        return _equal_lists(left, right, run, depth + 1)
    if kind is dict:
        return _equal_contexts(left, right, run, depth + 1)
    if kind is DateTime or kind is Time:
        one, other = _counted(left, right)
        return one == other
    if kind is Range:
        return _equal_ranges(left, right, run, depth + 1)
    return left is right


def _counted(left: Value, right: Value) -> tuple[int, int]:
    """Two times or moments as numbers; one without a zone is taken to be in that of the other (DMN 1.5, table 54)."""
    if type(left) is Time:
        if (left.zone is None) != (right.zone is None):
            return clock_nanos(left), clock_nanos(right)
        return time_of_day(left), time_of_day(right)
    if (left.time.zone is None) != (right.time.zone is None):
        return wall_nanos(left), wall_nanos(right)
    return instant(left), instant(right)


def _equal_lists(left: list[Value], right: list[Value], run: Run, depth: int) -> bool | None:
    if len(left) != len(right):
        return False
    if depth > MAX_VALUE_DEPTH:
        raise too_deep()
    run.spend(len(left))
    result: bool | None = True
    for one, other in zip(left, right, strict=True):
        same = equal(one, other, run, depth)
        if same is False:
            return False
        if same is None:
            result = None
    return result


def _equal_contexts(left: dict[str, Value], right: dict[str, Value], run: Run, depth: int) -> bool | None:
    if left.keys() != right.keys():
        return False
    if depth > MAX_VALUE_DEPTH:
        raise too_deep()
    run.spend(len(left))
    result: bool | None = True
    for key, one in left.items():
        same = equal(one, right[key], run, depth)
        if same is False:
            return False
        if same is None:
            result = None
    return result


def _equal_ranges(left: Range, right: Range, run: Run, depth: int) -> bool:
    return (
        left.start_included == right.start_included
        and left.end_included == right.end_included
        and equal(left.start, right.start, run, depth) is True
        and equal(left.end, right.end, run, depth) is True
    )


def order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1 as left is below, at or above right; null where they have no order."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is Decimal or kind is str or kind is Date:
        return -1 if left < right else (1 if left > right else 0)
    if kind is DaysTimeDuration:
        left, right = left.seconds, right.seconds
    elif kind is YearsMonthsDuration:
        left, right = left.months, right.months
    elif kind is DateTime or kind is Time:
        left, right = _counted(left, right)
    else:
        return None
    return -1 if left < right else (1 if left > right else 0)


def within(value: Value, bounds: Range, run: Run) -> bool | None:
    """Whether `value` lies in `bounds`; null where an end has no order with it."""
    if value is None:
        return None
    run.weigh(value, bounds.start)
    run.weigh(value, bounds.end)
    low = _above(value, bounds.start, bounds.start_included)
    if low is False:
        return False
    high = _below(value, bounds.end, bounds.end_included)
    if high is False:
        return False
    return None if low is None or high is None else True


def _above(value: Value, start: Value, included: bool) -> bool | None:
    if start is None:
        return None if included else True
    found = order(value, start)
    return None if found is None else found > 0 or (found == 0 and included)


def _below(value: Value, end: Value, included: bool) -> bool | None:
    if end is None:
        return None if included else True
    found = order(value, end)
    return None if found is None else found < 0 or (found == 0 and included)


def listed(value: Value, items: list[Value], run: Run) -> bool:
    """Whether an element of `items` equals `value`."""
    run.spend(len(items))
    return any(equal(item, value, run) is True for item in items)


def satisfies_value(value: Value, test: Value, run: Run) -> bool | None:
    """Whether `value` passes a test's value: lies in a range, is an element of a list (or its range), or equals it."""
    kind = type(test)
    if kind is Range:
        return within(value, test, run)
    if kind is list:
        if type(value) is list and equal(value, test, run) is True:
            return True
        run.spend(len(test))
        return any(
            (within(value, item, run) if type(item) is Range else equal(value, item, run)) is True for item in test
        )
    return equal(value, test, run)
