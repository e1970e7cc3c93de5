"""The boxed iterators of DMN 1.4: what for, filter, some and every make of a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from app.decisions.logic import Run

Body: TypeAlias = Callable[[Mapping[str, object]], object]


def _for(values: list[object], variable: str, body: Body, recalling: Run | None) -> object:
    """The results; where the body looks at those before its own (`recalling`), each copy of them is charged."""
    results: list[object] = []
    for item in values:
        if recalling is not None:
            recalling.feel.spend(len(results))
        results.append(body({variable: item, "partial": list(results) if recalling else None}))
    return results


def _filter(values: list[object], variable: str, body: Body, recalling: Run | None) -> object:
    """The items that match; null counts as no match, anything but true, false and null makes the whole null."""
    matches = [body({**(item if isinstance(item, dict) else {}), variable: item}) for item in values]
    if not all(match is None or isinstance(match, bool) for match in matches):
        return None
    return [item for item, match in zip(values, matches, strict=True) if match is True]


def _some(values: list[object], variable: str, body: Body, recalling: Run | None) -> object:
    matches = _verdicts(values, variable, body)
    return None if matches is None else any(matches)


def _every(values: list[object], variable: str, body: Body, recalling: Run | None) -> object:
    matches = _verdicts(values, variable, body)
    return None if matches is None else all(matches)


def _verdicts(values: list[object], variable: str, body: Body) -> list[bool] | None:
    matches = [body({variable: item}) for item in values]
    return [match is True for match in matches] if all(isinstance(match, bool) for match in matches) else None


# tag: (its iterator variable or "" where the file names it, the tag of its body, other names in scope, what it does)
ITERATIONS: dict[str, tuple[str, str, frozenset[str], Callable[[list[object], str, Body, Run | None], object]]] = {
    "for": ("", "return", frozenset({"partial"}), _for),
    "filter": ("item", "match", frozenset(), _filter),
    "some": ("", "satisfies", frozenset(), _some),
    "every": ("", "satisfies", frozenset(), _every),
}
