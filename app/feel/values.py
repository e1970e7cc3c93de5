"""The border of FEEL: which values come in (a whitelist), how they leave as plain values, and how they are written."""

from __future__ import annotations

import datetime as python
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeGuard

from app.feel.comparison import MAX_VALUE_DEPTH, too_deep
from app.feel.durations import DaysTimeDuration, YearsMonthsDuration
from app.feel.errors import FeelError
from app.feel.functions import Function
from app.feel.numbers import json_number, rounded, written
from app.feel.ranges import Range
from app.feel.run import DEFAULT_LIMITS, Run, Value
from app.feel.temporal import Date, DateTime, Time, from_python
from app.feel.temporal_texts import iso_datetime, written_date, written_datetime, written_time
from app.plain import Plain
from app.texts import Text

AS_THEY_ARE = frozenset(
    (type(None), bool, str, Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration, Range, Function)
)


class Scope(dict[str, Value]):
    """Names whose values are FEEL values already (`Scope.of` makes them so): expressions read it without converting."""

    @classmethod
    def of(cls, names: Mapping[str, object]) -> Scope:
        """Every value of `names` as a FEEL value."""
        return cls((name, to_feel(value)) for name, value in names.items())


def to_feel(value: object, depth: int = 0) -> Value:
    """A plain value (or a FEEL value) as a FEEL value: numbers become Decimal, all else is copied or kept.

    FeelError for what FEEL has no kind for, and for values that nest deeper than 60.
    """
    kind = type(value)
    if kind in AS_THEY_ARE:
        return value
    if kind is int:
        return rounded(Decimal(value))  # type: ignore[arg-type]
    if isinstance(value, Decimal):
        return rounded(value)
    if depth > MAX_VALUE_DEPTH:
        raise too_deep()
    if isinstance(value, list | tuple):
        return [to_feel(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_feel(item, depth + 1) for key, item in value.items()}
    return _other_to_feel(value)


def _other_to_feel(value: object) -> Value:
    if isinstance(value, float):
        return rounded(Decimal(repr(value)))
    if isinstance(value, int):
        return rounded(Decimal(int(value)))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Function):
        return value
    if isinstance(value, python.date | python.time):
        return from_python(value)
    kind = type(value).__name__
    raise FeelError(0, Text(f"{kind} 类型的值不能用于表达式", f"a value of type {kind} cannot be used in FEEL"))


def to_plain(value: Value, run: Run | None = None) -> Plain:
    """A FEEL value as a plain value: temporal values as ISO text, a number without decimal places as int.

    FeelError for ranges and functions, which have no plain form, and for what is larger than the budget of `run`
    allows: a value may hold the same list or text many times, its plain form is written out.
    """
    return _to_plain(value, run or Run(DEFAULT_LIMITS, None), 0)


def _to_plain(value: Value, run: Run, depth: int) -> Plain:
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        run.spend(len(value) // 64)
        return value
    if kind is Decimal:
        return json_number(value)
    if kind is int:
        return value
    if depth > MAX_VALUE_DEPTH:
        raise too_deep()
    if kind is list:
        run.spend(len(value))
        return [_to_plain(item, run, depth + 1) for item in value]
    if isinstance(value, dict):
        run.spend(len(value))
        return {key: _to_plain(item, run, depth + 1) for key, item in value.items()}
    if kind is DateTime:
        return iso_datetime(value)
    if is_temporal(value):
        return written_value(value)
    raise FeelError(0, Text("区间和函数不能作为结果保存", "a range or a function cannot be kept as a result"))


def is_temporal(value: Value) -> TypeGuard[Date | Time | DateTime | DaysTimeDuration | YearsMonthsDuration]:
    """Whether the value is a date, time, moment or duration."""
    return type(value) in (Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration)


def written_value(value: object) -> str:
    """A number, truth value or temporal value as FEEL's string() writes it."""
    if isinstance(value, Decimal):
        return written(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, DateTime):
        return written_datetime(value)
    if isinstance(value, Date):
        return written_date(value)
    return written_time(value) if isinstance(value, Time) else str(value)


def to_text(value: Value, run: Run) -> str | None:
    """What FEEL's string() gives: a text itself, null for null, the FEEL notation of all else."""
    if value is None or type(value) is str:
        return value
    text = _notation(value, run, 0)
    run.allow_text(len(text))
    return text


def _notation(value: Value, run: Run, depth: int) -> str:
    kind = type(value)
    if value is None:
        return "null"
    if kind is str:
        run.spend(1 + len(value) // 64)
        return f'"{_escaped(value)}"'
    if depth > MAX_VALUE_DEPTH:
        raise too_deep()
    if kind is list:
        run.spend(1 + len(value))
        return "[" + ", ".join(_notation(item, run, depth + 1) for item in value) + "]"
    if kind is dict:
        run.spend(1 + len(value))
        return "{" + ", ".join(f"{_key(key)}: {_notation(item, run, depth + 1)}" for key, item in value.items()) + "}"
    if kind is Range:
        return _range_notation(value, run, depth + 1)
    if kind is Decimal:
        run.spend(abs(value.adjusted()) // 64)
    return "function" if isinstance(value, Function) else written_value(value)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _key(key: str) -> str:
    plain = key and all(word.isidentifier() for word in key.split(" "))
    return key if plain else f'"{_escaped(key)}"'


def _range_notation(value: Range, run: Run, depth: int) -> str:
    if value.start is None and value.end is not None:
        return f"({'<=' if value.end_included else '<'} {_notation(value.end, run, depth)})"
    if value.end is None and value.start is not None:
        return f"({'>=' if value.start_included else '>'} {_notation(value.start, run, depth)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{_notation(value.start, run, depth)}..{_notation(value.end, run, depth)}{closing}"
