"""How built-ins are declared: name, parameters with types, and what happens to arguments that do not fit (null)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import inf
from typing import TypeVar

from app.feel.durations import DaysTimeDuration, YearsMonthsDuration
from app.feel.functions import Function
from app.feel.names import NameTable
from app.feel.ranges import Range
from app.feel.run import Run, Value
from app.feel.temporal import Date, DateTime, Time

Implementation = Callable[..., Value]
Declared = TypeVar("Declared", bound=Implementation)

_KINDS: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "context": (dict,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "day": (Date, DateTime),
    "days duration": (DaysTimeDuration,),
    "months duration": (YearsMonthsDuration,),
    "range": (Range,),
    "point": (Decimal, str, bool, Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration),
}
_MISFIT = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `kind` "any" takes all, "list" wraps a single value, others take their type or a list of one."""

    name: str
    kind: str
    optional: bool
    nullable: bool
    repeated: bool

    def fitted(self, value: Value) -> Value:
        """`value` as this parameter takes it, or the mark of a misfit."""
        kind = self.kind
        if kind == "any":
            return value
        if value is None:
            return None if self.nullable else _MISFIT
        if kind == "list":
            return value if type(value) is list else [value]
        if kind == "function":
            return value if isinstance(value, Function) else _MISFIT
        types = _KINDS[kind]
        if type(value) in types:
            return value
        if type(value) is list and len(value) == 1 and type(value[0]) in types:
            return value[0]
        return _MISFIT


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a built-in."""

    parameters: tuple[Parameter, ...]
    least: int
    most: float
    implementation: Implementation
    variadic: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the parameters, in their order."""
        return tuple(parameter.name for parameter in self.parameters)

    def fitted(self, arguments: list[Value]) -> list[Value]:
        """The arguments as the parameters take them, misfits marked."""
        taking = self.parameters
        if len(arguments) > len(taking):
            taking += (taking[-1],) * (len(arguments) - len(taking))
        return [parameter.fitted(value) for parameter, value in zip(taking, arguments, strict=False)]


def _parameter(text: str) -> Parameter:
    name, _, kind = (piece.strip() for piece in text.partition(":"))
    optional, repeated = name.endswith(("?", "*")), name.endswith("*")
    return Parameter(name.rstrip("?*"), kind.rstrip("?"), optional, kind.endswith("?"), repeated)


class Builtin(Function):
    """A built-in with its overloads; the first that takes the arguments is run, where none does the result is null."""

    __slots__ = ("overloads",)

    def __init__(self, name: str) -> None:
        super().__init__((), lambda run, arguments: None, name)
        self.overloads: list[Overload] = []

    def add(self, overload: Overload) -> None:
        """One more way to call it."""
        self.overloads.append(overload)
        if len(overload.parameters) > len(self.parameters):
            self.parameters = tuple(parameter.name for parameter in overload.parameters)

    def call(self, run: Run, arguments: list[Value]) -> Value:
        """As Function.call; charged by the size of what goes in and comes out."""
        run.spend(1)
        for overload in self.overloads:
            if overload.variadic:
                if not arguments:
                    return None
                single = len(arguments) == 1
                return self._run(run, overload, [arguments[0] if single and _is_list(arguments[0]) else arguments])
            if overload.least <= len(arguments) <= overload.most:
                fitted = overload.fitted(arguments)
                if _MISFIT not in fitted:
                    return self._run(run, overload, fitted)
        return None

    def _run(self, run: Run, overload: Overload, arguments: list[Value]) -> Value:
        for value in arguments:
            _charge(run, value)
        result = overload.implementation(run, *arguments)
        _charge(run, result)
        return result

    def call_named(self, run: Run, arguments: Mapping[str, Value]) -> Value:
        """As `call`; null where no overload has parameters of these names."""
        written = tuple(arguments)  # before(range: r, point: p) is not before(point: p, range: r)
        for overload in sorted(self.overloads, key=lambda one: one.names[: len(written)] != written):
            names = overload.names
            if overload.variadic and len(arguments) > 1:
                continue
            missing = [p.name for p in overload.parameters if p.name not in arguments]
            if arguments.keys() <= set(names) and all(p.optional for p in overload.parameters if p.name in missing):
                given = [_fit(p, arguments) for p in overload.parameters if not p.repeated or p.name in arguments]
                if _MISFIT not in given:
                    return self._run(run, overload, given)
        return None


def _fit(parameter: Parameter, arguments: Mapping[str, Value]) -> Value:
    return parameter.fitted(arguments[parameter.name]) if parameter.name in arguments else None


def _is_list(value: Value) -> bool:
    return type(value) is list


def _charge(run: Run, value: Value) -> None:
    if type(value) is str:
        run.allow_text(len(value))
        run.spend(len(value) // 64)
    elif type(value) is list:
        run.allow_items(len(value))
        run.spend(len(value))
    elif type(value) is Range:
        run.weigh(value.start, value.start)
        run.weigh(value.end, value.end)


BUILTINS: dict[str, Builtin] = {}
BUILTIN_NAMES = NameTable()


def builtin(name: str, *parameters: str, variadic: bool = False) -> Callable[[Declared], Declared]:
    """Declare an overload: each parameter as "name: kind"; "name?" may be left out, "name*" comes any
    number of times (the last), "kind?" may be null.

    A variadic one takes a list, or any number of values instead of it.
    """
    taken = tuple(_parameter(text) for text in parameters)
    least = sum(1 for parameter in taken if not parameter.optional)
    most = inf if any(parameter.repeated for parameter in taken) else len(taken)

    def declared(implementation: Declared) -> Declared:
        if name not in BUILTINS:
            BUILTINS[name] = Builtin(name)
            BUILTIN_NAMES.add(name)
        BUILTINS[name].add(Overload(taken, least, most, implementation, variadic))
        return implementation

    return declared
