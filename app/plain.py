"""Plain values and their bytes: what crosses packages and is stored as JSON, with Decimal kept exactly.

A plain value is None, bool, int, Decimal, str, a list of plain values or a dict of them by str. Dates and times
are ISO strings. A float never is one: `plain` turns it into the Decimal that its shortest notation names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import orjson

DECIMAL_TAG = "$decimal"
MAX_DEPTH = 60

Plain = Any  # None | bool | int | Decimal | str | list["Plain"] | dict[str, "Plain"]


def plain(value: object, depth: int = 0) -> Plain:
    """`value` as a plain value; ValueError where it holds anything else or nests deeper than 60."""
    if depth > MAX_DEPTH:
        raise ValueError(f"values nest deeper than {MAX_DEPTH}")
    if value is None or isinstance(value, bool | int | str | Decimal):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        if DECIMAL_TAG in value:
            raise ValueError(f"{DECIMAL_TAG} is no key of a plain value")
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    raise ValueError(f"{type(value).__name__} is no plain value")


def _tag(value: object) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {DECIMAL_TAG: str(value)}
    raise TypeError(f"{type(value).__name__} is no plain value")


def dumps(value: Plain) -> bytes:
    """The JSON bytes of a plain value, keys sorted, so that equal values have equal bytes."""
    return orjson.dumps(value, default=_tag, option=orjson.OPT_SORT_KEYS)


def loads(data: bytes | str) -> Plain:
    """The plain value of JSON bytes that `dumps` wrote, or of any JSON."""
    return _untag(orjson.loads(data))


def _untag(value: Any) -> Plain:
    if isinstance(value, dict):
        if len(value) == 1 and DECIMAL_TAG in value:
            return Decimal(value[DECIMAL_TAG])
        return {key: _untag(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_untag(item) for item in value]
    return Decimal(repr(value)) if isinstance(value, float) else value
