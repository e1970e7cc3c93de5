"""The types of DMN (item definitions, typeRef) and what conforms to them (DMN 1.5, 7.3.2 and 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from app.feel import (
    Date,
    DateTime,
    DaysTimeDuration,
    Function,
    Range,
    Run,
    Time,
    UnaryTests,
    YearsMonthsDuration,
    parse_expression,
)
from app.feel import Type as FeelType
from app.texts import Text


@dataclass(frozen=True)
class Allowed:
    """The allowed values of a column or type: as written, as tests, and as a list where they are plain values."""

    text: str
    tests: UnaryTests
    values: tuple[object, ...] = ()


@dataclass(frozen=True)
class Type:
    """A FEEL type: a basic `kind`, a "list" of `item` or a "context" of `fields`; perhaps with allowed values.

    A "function" gives `item` for parameters `fields`. `also` binds the value as a whole beside `allowed`: the
    constraint of a collection, and what a type inherits.
    """

    kind: str
    item: Type | None = None
    fields: tuple[tuple[str, Type], ...] = ()
    allowed: Allowed | None = None
    also: tuple[Allowed, ...] = ()

    def of_list(self) -> Type:
        """The type of a list of these."""
        return Type("list", item=self)

    def allowing(self, allowed: Allowed | None) -> Type:
        """The same type with allowed values; for a list they bind each item."""
        if allowed is None:
            return self
        if self.kind == "list" and self.item is not None:
            return replace(self, item=self.item.allowing(allowed))
        return replace(self, allowed=allowed, also=self.bounds)

    def constrained(self, constraint: Allowed | None) -> Type:
        """The same type with a constraint on the whole value, also where that is a list (DMN 1.5, 7.3.2)."""
        return self if constraint is None else replace(self, also=(*self.also, constraint))

    @property
    def bounds(self) -> tuple[Allowed, ...]:
        """All that the value as a whole must satisfy."""
        return self.also if self.allowed is None else (self.allowed, *self.also)


ANY = Type("any")

# Names that files use for the basic types: DMN 1.1 to 1.5, and Camunda 7 ("integer", "long", "double").
_KINDS: dict[str, str] = {
    "any": "any",
    "number": "number",
    "long": "integer",
    "integer": "integer",
    "double": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "datetime": "date and time",
    "date and time": "date and time",
    "daytimeduration": "days and time duration",
    "days and time duration": "days and time duration",
    "yearmonthduration": "years and months duration",
    "years and months duration": "years and months duration",
    "context": "context",
    "list": "list",
    "function": "function",
    "range": "range",
    "null": "any",
}

WORDS: dict[str, Text] = {
    "number": Text("数字", "a number"),
    "integer": Text("整数", "a whole number"),
    "string": Text("文本", "a text"),
    "boolean": Text("是或否", "true or false"),
    "date": Text("日期", "a date"),
    "time": Text("时间", "a time"),
    "date and time": Text("日期和时间", "a date and time"),
    "days and time duration": Text("天和时间的时长", "a duration of days and time"),
    "years and months duration": Text("年和月的时长", "a duration of years and months"),
    "context": Text("具名数据", "a context"),
    "list": Text("列表", "a list"),
    "function": Text("函数", "a function"),
    "range": Text("区间", "a range"),
}

_BELONGS: dict[str, Callable[[object], bool]] = {
    "number": lambda value: isinstance(value, Decimal | int) and not isinstance(value, bool),
    "integer": lambda value: (
        not isinstance(value, bool)
        and (isinstance(value, int) or (isinstance(value, Decimal) and value == value.to_integral_value()))
    ),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, Date),
    "time": lambda value: isinstance(value, Time),
    "date and time": lambda value: isinstance(value, DateTime),
    "days and time duration": lambda value: isinstance(value, DaysTimeDuration),
    "years and months duration": lambda value: isinstance(value, YearsMonthsDuration),
    "function": lambda value: isinstance(value, Function),
    "range": lambda value: isinstance(value, Range),
}

# Process variables hold dates and durations as ISO texts; a typed input reads them by these built-ins.
_FROM_TEXT = {
    "date": parse_expression("date(value)"),
    "time": parse_expression("time(value)"),
    "date and time": parse_expression("date and time(value)"),
    "days and time duration": parse_expression("duration(value)"),
    "years and months duration": parse_expression("duration(value)"),
}
_DATE_AND_TIME = parse_expression('date and time(value, time("00:00:00Z"))')


def basic_type(name: str) -> Type | None:
    """The basic type of that name, None where it is none; "feel:number" is "number"."""
    kind = _KINDS.get(name.removeprefix("feel:").strip().lower())
    if kind is None:
        return None
    return Type("list", item=ANY) if kind == "list" else Type(kind)


def find_type(types: Mapping[str, Type], name: str) -> Type | None:
    """The type that a typeRef names: defined in the file (`types`), basic, or a component of one ("tLoan.amount")."""
    found = types.get(name) or basic_type(name)
    if found is None and ":" in name:  # a prefix for the file's own namespace, as in DMN 1.1
        found = find_type(types, name.rpartition(":")[2])
    if found is None and "." in name:
        outer, _, field = name.rpartition(".")
        around = find_type(types, outer)
        found = dict(around.fields).get(field) if around else None
    return found


def conform(value: object, expected: Type, run: Run | None = None) -> tuple[object, Text | None]:
    """The value as the type wants it and None, or null and the reason why it does not conform; null always conforms.

    `run` is the evaluation whose budget is charged.
    """
    if value is None or (expected.kind == "any" and not expected.bounds):
        return value, None
    fitted, fault = _fit(value, expected, run)
    for bound in expected.bounds if fault is None else ():
        if bound.tests.matches(fitted, {}, run=run) is not True:
            return None, Text(f"不在允许值（{bound.text}）之内", f"is not one of the allowed values ({bound.text})")
    return fitted, fault


def from_variables(value: object, expected: Type, run: Run | None = None) -> object:
    """A process variable made ready for a typed input: ISO texts become dates and so on, absent components null."""
    if isinstance(value, str) and expected.kind in _FROM_TEXT:
        read = _FROM_TEXT[expected.kind].evaluate({"value": value}, run=run)
        return value if read is None else read
    if isinstance(value, list) and expected.kind == "list" and expected.item is not None:
        _spend(run, len(value))
        return [from_variables(item, expected.item, run) for item in value]
    if isinstance(value, dict) and expected.fields:
        _spend(run, len(value))
        return {**value, **{name: from_variables(value.get(name), kind, run) for name, kind in expected.fields}}
    return value


def _spend(run: Run | None, steps: int) -> None:
    if run is not None:
        run.spend(steps)


def _fit(value: object, expected: Type, run: Run | None) -> tuple[object, Text | None]:
    if expected.kind == "list":
        return _fit_list(value, expected, run)
    if isinstance(value, list) and expected.kind != "any":
        alone = len(value) == 1 and not isinstance(value[0], list)
        return _fit(value[0], expected, run) if alone else _misfit(expected)
    if expected.kind == "context":
        return _fit_context(value, expected, run)
    if expected.kind == "date and time" and _BELONGS["date"](value):
        return _DATE_AND_TIME.evaluate({"value": value}), None
    if expected.kind == "any" or _BELONGS[expected.kind](value):
        return value, None
    return _misfit(expected)


def _fit_list(value: object, expected: Type, run: Run | None) -> tuple[object, Text | None]:
    items: list[object] = []
    given = value if isinstance(value, list) else [value]
    _spend(run, len(given))
    for item in given:
        fitted, fault = conform(item, expected.item or ANY, run)
        if fault is not None:
            return None, fault
        items.append(fitted)
    return items, None


def _fit_context(value: object, expected: Type, run: Run | None) -> tuple[object, Text | None]:
    if not isinstance(value, dict):
        return _misfit(expected)
    _spend(run, len(value))
    result = dict(value)
    for name, kind in expected.fields:
        if name not in value:
            return None, Text(f"缺少“{name}”", f'has no "{name}"')
        result[name], fault = conform(value[name], kind, run)
        if fault is not None:
            return None, Text(f"的“{name}”{fault.zh}", f'has a "{name}" that {fault.en}')
    return result, None


def _misfit(expected: Type) -> tuple[object, Text]:
    words = WORDS[expected.kind]
    return None, Text(f"不是{words.zh}", f"is not {words.en}")


def as_feel(kind: Type, known: dict[int, FeelType]) -> FeelType:
    """The same type for FEEL's `instance of` and typed parameters, which do not look at allowed values.

    `known` are those made before by the id of their type: types that name each other often share their parts.
    """
    if id(kind) not in known:
        known[id(kind)] = _as_feel(kind, known)
    return known[id(kind)]


def _as_feel(kind: Type, known: dict[int, FeelType]) -> FeelType:
    function = kind.kind == "function"
    inner = {field: as_feel(each, known) for field, each in kind.fields}
    return FeelType(
        {"any": "Any", "integer": "number"}.get(kind.kind, kind.kind),
        of=as_feel(kind.item, known) if kind.kind == "list" and kind.item is not None else None,
        entries={} if function else inner,
        allowed=_BELONGS["integer"] if kind.kind == "integer" else None,
        parameters=tuple(inner.values()) if function else None,
        result=as_feel(kind.item or ANY, known) if function else None,
    )
