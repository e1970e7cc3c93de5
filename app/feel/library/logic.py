"""Built-ins about truth and absence: not, is, is defined, get or else, assert, all and any."""

from __future__ import annotations

from app.feel.comparison import equal
from app.feel.errors import FeelError
from app.feel.library.registry import builtin
from app.feel.run import Run, Value
from app.feel.temporal import DateTime, Time
from app.feel.temporal_texts import written_datetime, written_time
from app.texts import Text

MOST_OF_A_CAUSE = 200  # characters; the words are shown to people


@builtin("not", "negand: any")
def negation(run: Run, negand: Value) -> bool | None:
    """True for false and the reverse; null for all else."""
    return not negand if type(negand) is bool else None


@builtin("is defined", "value: any")
def is_defined(run: Run, value: Value) -> bool:
    """Whether there is a value that is not null (Camunda since 8.3: null counts as undefined)."""
    return value is not None


@builtin("get or else", "value: any", "default: any")
def get_or_else(run: Run, value: Value, default: Value) -> Value:
    """The value, or the default where it is null (Camunda)."""
    return default if value is None else value


@builtin("assert", "value: any", "condition: any", "cause?: string?")
def assertion(run: Run, value: Value, condition: Value, cause: str | None = None) -> Value:
    """The value where the condition is true, else a FeelError with the cause (Camunda)."""
    if condition is True:
        return value
    shown = (cause or "assert")[:MOST_OF_A_CAUSE]
    raise FeelError(0, Text(f"表达式中的断言不成立：{shown}", f"an assertion of the expression fails: {shown}"))


@builtin("is", "value1?: any", "value2?: any")
def is_same(run: Run, value1: Value = None, value2: Value = None) -> bool:
    """Whether both are the same element of FEEL's value space: kind, content and zone as written."""
    if type(value1) is not type(value2):
        return False
    if _zone_notation(value1) != _zone_notation(value2):
        return False
    return equal(value1, value2, run) is True


def _zone_notation(value: Value) -> str:
    if type(value) is DateTime:
        return written_datetime(value)
    return written_time(value) if type(value) is Time else ""


@builtin("all", "list: list", variadic=True)
@builtin("and", "list: list", variadic=True)
def all_true(run: Run, items: list[Value]) -> bool | None:
    """False where one is false, true where all are, else null."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any", "list: list", variadic=True)
@builtin("or", "list: list", variadic=True)
def any_true(run: Run, items: list[Value]) -> bool | None:
    """True where one is true, false where all are false, else null."""
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None
