"""Built-ins on texts, all counted in characters from 1."""

from __future__ import annotations

import base64
from decimal import Decimal

from app.feel.library.registry import builtin
from app.feel.run import Run, Value


@builtin("substring", "string: string", "start position: number", "length?: number")
def substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """From `start` (negative: from the end), `length` characters or all; null where the start lies outside."""
    position = bounded(start)
    if position == 0 or abs(position) > len(text):
        return None
    first = position - 1 if position > 0 else len(text) + position
    if length is None:
        return text[first:]
    return text[first : first + bounded(length)] if length >= 1 else None


def bounded(value: Decimal) -> int:
    """The whole part of a number, cut to what can be a position in a text or list."""
    return int(max(min(value, Decimal(10**12)), Decimal(-(10**12))))


@builtin("string length", "string: string")
def string_length(run: Run, text: str) -> Decimal:
    """The number of characters."""
    return Decimal(len(text))


@builtin("upper case", "string: string")
def upper_case(run: Run, text: str) -> str:
    """In capitals."""
    return text.upper()


@builtin("lower case", "string: string")
def lower_case(run: Run, text: str) -> str:
    """In small letters."""
    return text.lower()


@builtin("substring before", "string: string", "match: string")
def substring_before(run: Run, text: str, match: str) -> str:
    """What stands before the first match, empty where there is none."""
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string", "match: string")
def substring_after(run: Run, text: str, match: str) -> str:
    """What stands after the first match, empty where there is none."""
    return text.partition(match)[2] if match else text


@builtin("contains", "string: string", "match: string")
def contains(run: Run, text: str, match: str) -> bool:
    """Whether `match` is a part of the text."""
    return match in text


@builtin("starts with", "string: string", "match: string")
def starts_with(run: Run, text: str, match: str) -> bool:
    """Whether the text begins with `match`."""
    return text.startswith(match)


@builtin("ends with", "string: string", "match: string")
def ends_with(run: Run, text: str, match: str) -> bool:
    """Whether the text ends with `match`."""
    return text.endswith(match)


@builtin("trim", "string: string")
def trim(run: Run, text: str) -> str:
    """Without blanks at both ends (Camunda)."""
    return text.strip()


@builtin("is blank", "string: string")
def is_blank(run: Run, text: str) -> bool:
    """Whether there is nothing but blanks (Camunda)."""
    return not text.strip()


@builtin("is empty", "list: list")
def is_empty(run: Run, items: list[Value]) -> bool:
    """Whether the list has no element (Camunda)."""
    return not items


@builtin("to base64", "value: string")
def to_base64(run: Run, text: str) -> str:
    """The text's UTF-8 bytes in base64 (Camunda)."""
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


@builtin("string join", "list: list", "delimiter?: string?")
def string_join(run: Run, items: list[Value], delimiter: str | None = None) -> str | None:
    """The texts of a list one after the other, nulls left out; null where an element is no text."""
    return _joined(run, items, delimiter or "")


@builtin("string join", "list: list", "delimiter: string", "prefix: string", "suffix: string")
def string_join_within(run: Run, items: list[Value], delimiter: str, prefix: str, suffix: str) -> str | None:
    """As before, between a prefix and a suffix."""
    joined = _joined(run, items, delimiter)
    return None if joined is None else prefix + joined + suffix


def _joined(run: Run, items: list[Value], delimiter: str) -> str | None:
    texts = [item for item in items if item is not None]
    if not all(type(item) is str for item in texts):
        return None
    run.allow_text(sum(len(text) for text in texts) + len(delimiter) * len(texts))
    return delimiter.join(texts)
