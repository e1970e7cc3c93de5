"""Types of FEEL as `instance of`, function parameters and item definitions name them, and whether a value is of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.feel.comparison import MAX_VALUE_DEPTH, too_deep
from app.feel.durations import DaysTimeDuration, YearsMonthsDuration
from app.feel.functions import Function
from app.feel.ranges import Range
from app.feel.run import Run, Value
from app.feel.temporal import MIDNIGHT_UTC, Date, DateTime, Time

_SIMPLE: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "days and time duration": (DaysTimeDuration,),
    "years and months duration": (YearsMonthsDuration,),
}
SIMPLE_TYPE_NAMES = (*_SIMPLE, "Any", "Null", "list", "context", "range", "function")


@dataclass(frozen=True)
class Type:
    """A type: `name` as FEEL writes it, `of` for the element of a list or range, `entries` of a context.

    `allowed` narrows it further (an item definition's allowed values): a function from value to true.
    A function's type has `parameters` and `result`.
    """

    name: str
    of: Type | None = None
    entries: Mapping[str, Type] = field(default_factory=dict)
    allowed: Callable[[Value], bool] | None = None
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None


ANY, UNKNOWN = Type("Any"), Type("unknown")


def is_instance(value: Value, expected: Type, run: Run, depth: int = 0) -> bool:
    """Whether `value` is of the type; null is of type Null only (an entry of a context may be null)."""
    if depth > MAX_VALUE_DEPTH:
        raise too_deep()
    if value is None:
        return expected.name == "Null"
    if expected.allowed is not None and not expected.allowed(value):
        return False
    if expected.name == "Any":
        return True
    if expected.name in _SIMPLE:
        return type(value) in _SIMPLE[expected.name]
    return _is_composed(value, expected, run, depth + 1)


def _is_composed(value: Value, expected: Type, run: Run, depth: int) -> bool:
    of = expected.of
    if expected.name == "list":
        if type(value) is not list or of is None:
            return type(value) is list
        run.spend(len(value))
        return all(_fits(item, of, run, depth) for item in value)
    if expected.name == "context":
        run.spend(len(expected.entries))
        return type(value) is dict and all(
            key in value and _fits(value[key], entry, run, depth) for key, entry in expected.entries.items()
        )
    if expected.name == "range":
        return type(value) is Range and (
            of is None or (_fits(value.start, of, run, depth) and _fits(value.end, of, run, depth))
        )
    return expected.name == "function" and isinstance(value, Function) and _is_function(value, expected)


def _fits(value: Value, expected: Type, run: Run, depth: int) -> bool:
    return value is None or is_instance(value, expected, run, depth)


def _is_function(value: Function, expected: Type) -> bool:
    """Whether the function takes what the type's parameters give; what it returns is known when it is called only."""
    if expected.parameters is None:
        return True
    takes = value.types or (None,) * len(value.parameters)
    return len(takes) == len(expected.parameters) and all(
        own is None or conforms(given, own) for given, own in zip(expected.parameters, takes, strict=True)
    )


def conforms(one: Type, other: Type) -> bool:
    """Whether each value of type `one` is of type `other` too (DMN 1.5, 10.3.2.9.2)."""
    if other.name == "Any" or one.name == "Null":
        return True
    if one.name != other.name:
        return False
    if one.name == "context":
        known = one.entries
        return all(key in known and conforms(known[key], entry) for key, entry in other.entries.items())
    if one.name != "function":
        return conforms(one.of or ANY, other.of or ANY) if one.name in ("list", "range") else True
    mine, theirs = one.parameters or (), other.parameters or ()
    fitting = all(conforms(given, own) for given, own in zip(theirs, mine, strict=False))
    return len(mine) == len(theirs) and fitting and conforms(one.result or ANY, other.result or ANY)


def is_complete(written: Type) -> bool:
    """Whether a type that an expression names is one: it exists, and lists and the like say of what (rule 52)."""
    if written.name in ("list", "range"):
        return written.of is not None and is_complete(written.of)
    if written.name == "context":
        return bool(written.entries) and all(map(is_complete, written.entries.values()))
    if written.name != "function":
        return written.name in SIMPLE_TYPE_NAMES
    known = (*(written.parameters or ()), written.result or UNKNOWN)
    return written.parameters is not None and all(map(is_complete, known))


def conforming(value: Value, expected: Type | None, run: Run) -> Value:
    """`value` as DMN passes it for an expected type: a list of one for its element, a date for a moment; else null."""
    if expected is None or value is None or is_instance(value, expected, run):
        return value
    if type(value) is list and len(value) == 1 and is_instance(value[0], expected, run):
        return value[0]
    if expected.name == "list" and is_instance([value], expected, run):
        return [value]
    if expected.name == "date and time" and type(value) is Date:
        return DateTime(value, MIDNIGHT_UTC)
    return None
