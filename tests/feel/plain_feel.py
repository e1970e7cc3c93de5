"""Whether a value is nothing but FEEL: no Python object, no method, no subclass of what FEEL knows."""

from __future__ import annotations

from decimal import Decimal

from app.feel import Date, DateTime, DaysTimeDuration, Function, Range, Time, YearsMonthsDuration
from app.feel.library.registry import Builtin

SCALARS = (type(None), bool, Decimal, str, Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration)


def feel_faults(value: object) -> list[str]:
    """What in `value`, at any depth, is none of FEEL's kinds; the same list or context is looked at once."""
    faults: list[str] = []
    seen: set[int] = set()
    todo = [value]
    while todo:
        one = todo.pop()
        if type(one) in (list, dict, Range):
            if id(one) in seen:
                continue
            seen.add(id(one))
        if type(one) is list:
            todo += one
        elif type(one) is dict:
            todo += one.values()
            faults += [f"a key of type {type(key).__name__}" for key in one if type(key) is not str]
        elif type(one) is Range:
            todo += (one.start, one.end)
        elif type(one) not in (*SCALARS, Function, Builtin):
            faults.append(type(one).__name__)
        elif type(one) is Decimal and not one.is_finite():
            faults.append(f"the number {one}")
    return faults
