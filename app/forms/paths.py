"""Places in form data: "orders[0].amount" as a path, "orders[].amount" as the pattern of many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

PART = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")
INDEX_FREE = re.compile(r"\[\d+\]")
MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING", "__bool__": lambda self: False})()


@lru_cache(maxsize=4096)
def parts(path: str) -> tuple[str | int, ...]:
    """("orders", 0, "amount") of "orders[0].amount"."""
    return tuple(int(index) if index else name for name, index in PART.findall(path))


def fill(pattern: str, indices: tuple[int, ...]) -> str:
    """The path of a pattern in the rows `indices`, outermost first."""
    for index in indices:
        pattern = pattern.replace("[]", f"[{index}]", 1)
    return pattern


def join(prefix: str, name: str) -> str:
    """`name` below `prefix`; either may be empty."""
    return f"{prefix}.{name}" if prefix and name else prefix or name


def get(data: Any, path: str) -> Any:
    """The value at `path`, MISSING where there is none."""
    for part in parts(path):
        if isinstance(part, int):
            if not isinstance(data, list) or part >= len(data):
                return MISSING
            data = data[part]
        elif isinstance(data, Mapping) and part in data:
            data = data[part]
        else:
            return MISSING
    return data


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Set `path` in nested dicts and lists; the lists' rows must exist, and what is in the way is replaced."""
    at: Any = data
    steps = parts(path)
    for step, following in pairwise(steps):
        if isinstance(step, int):
            at = at[step]
            continue
        if not isinstance(at.get(step), list if isinstance(following, int) else dict):
            at[step] = [] if isinstance(following, int) else {}
        at = at[step]
    at[steps[-1]] = value


def copied(value: Any) -> Any:
    """A copy whose dicts and lists may be changed."""
    if isinstance(value, Mapping):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [copied(item) for item in value]
    return value


def places(data: Any, pattern: str) -> Iterator[tuple[str, Any]]:
    """Each (path, value) that the pattern has in the data."""
    head, _, tail = pattern.partition("[]")
    if "[]" not in pattern:
        value = get(data, pattern)
        if value is not MISSING:
            yield pattern, value
        return
    rows = get(data, head)
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        for path, value in places(row, tail.lstrip(".")):
            yield f"{head}[{index}]" + ("" if path.startswith("[") else ".") + path, value


def replaced(data: Mapping[str, Any], patterns: tuple[str, ...], change: Callable[[str, Any], Any]) -> dict[str, Any]:
    """A copy of the data in which `change(path, value)` stands at every place of the patterns."""
    result: dict[str, Any] = copied(data)
    for pattern in patterns:
        for path, value in list(places(result, pattern)):
            put(result, path, change(path, value))
    return result
