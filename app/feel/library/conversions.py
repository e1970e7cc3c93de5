"""Built-ins that make one kind of value of another: string, number, from json, to json."""

from __future__ import annotations

from decimal import Decimal

import orjson

from app.feel.arithmetic import negate
from app.feel.comparison import order
from app.feel.errors import FeelError
from app.feel.library.registry import BUILTIN_NAMES, BUILTINS, builtin
from app.feel.numbers import ARITHMETIC
from app.feel.parser import Parser
from app.feel.ranges import Range
from app.feel.run import DEFAULT_LIMITS, Run, Value
from app.feel.syntax import Call, Constant, Name, Negation, Node, RangeOf
from app.feel.values import to_feel, to_plain, to_text
from app.plain import loads

_DIGITS = frozenset("0123456789")
LONGEST_JSON_NUMBER = 40  # digits; longer ones are written with an exponent
_MAKERS = ("date", "time", "date and time", "duration")


@builtin("string", "from: any")
def string(run: Run, value: Value) -> str | None:
    """The value as text: a text itself, numbers without exponent, temporal values as ISO, null for null."""
    return to_text(value, run)


@builtin("number", "from: string?")
def number(run: Run, text: str | None) -> Decimal | None:
    """The number a text names in FEEL's own notation (or with an exponent); null for other texts."""
    return None if text is None else number_from_text(text.strip())


@builtin("number", "from: number")
def number_itself(run: Run, value: Decimal) -> Decimal:
    """A number is itself (Camunda)."""
    return value


@builtin("number", "from: string", "grouping separator: any", "decimal separator: any")
def number_grouped(run: Run, text: str, grouping: Value, decimal: Value) -> Decimal | None:
    """The number of a text with separators: grouping by blank, comma, point or null, decimal point, comma or null."""
    if grouping not in (" ", ",", ".", None) or decimal not in (",", ".", None):
        return None
    if grouping is not None and grouping == decimal:
        return None
    if grouping is not None:
        text = text.replace(grouping, "")
    if decimal == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    return number_from_text(text)


def number_from_text(text: str) -> Decimal | None:
    """-12.5, .5 or 1e3 as a number; null for all else (no blanks, no underscores, digits of ASCII only)."""
    mantissa, mark, exponent = text.replace("E", "e").partition("e")
    if not _is_decimal(mantissa.removeprefix("-")):
        return None
    if mark and not (exponent.lstrip("+-") and len(exponent) <= 6 and _DIGITS.issuperset(exponent[1:].lstrip("+-"))):
        return None
    value = ARITHMETIC.create_decimal(text)
    return value if value.is_finite() else None


def _is_decimal(text: str) -> bool:
    whole, _, fraction = text.partition(".")
    return bool(whole or fraction) and _DIGITS.issuperset(whole) and _DIGITS.issuperset(fraction)


@builtin("range", "from: string")
def range_of_text(run: Run, text: str) -> Range | None:
    """The range that a text such as "[18..21]" names: two ends, literals in their order; null for other texts."""
    run.spend(10 + len(text))
    try:
        node = Parser(text, (), BUILTIN_NAMES, DEFAULT_LIMITS, {}).whole_expression()
    except (FeelError, RecursionError):
        return None
    if not isinstance(node, RangeOf) or node.start is None or node.end is None:
        return None
    low, high = _literal(run, node.start), _literal(run, node.end)
    if order(low, high) not in (-1, 0):
        return None
    return Range(low, high, node.start_included, node.end_included)


def _literal(run: Run, node: Node) -> Value:
    """The value of a literal, of a negated one, or of date("...") and its like."""
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Negation) and isinstance(node.value, Constant):
        return negate(node.value.value)
    if isinstance(node, Call) and isinstance(node.callee, Name) and node.callee.name in _MAKERS:
        (argument,) = node.arguments if len(node.arguments) == 1 else (None,)
        if isinstance(argument, Constant):
            return BUILTINS[node.callee.name].call(run, [argument.value])
    return None


@builtin("from json", "value: string")
def from_json(run: Run, text: str) -> Value:
    """The value of a JSON text, null where it is none (Camunda)."""
    run.spend(len(text))
    try:
        return to_feel(loads(text))
    except (orjson.JSONDecodeError, ValueError, TypeError, ArithmeticError):
        return None


@builtin("to json", "value: any")
def to_json(run: Run, value: Value) -> str | None:
    """The value as JSON text; numbers as JSON numbers, temporal values as ISO texts (Camunda)."""
    plain = to_plain(value, run)
    try:
        return orjson.dumps(plain, default=_json_number).decode()
    except TypeError:
        return None


def _json_number(value: object) -> object:
    if isinstance(value, Decimal):
        short = abs(value.adjusted()) < LONGEST_JSON_NUMBER
        return orjson.Fragment((format(value, "f") if short else str(value)).encode())
    raise TypeError(type(value).__name__)
