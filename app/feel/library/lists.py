"""Built-ins that look into lists or make new ones; positions count from 1, or from -1 backwards."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from functools import cmp_to_key

from app.feel.comparison import MAX_VALUE_DEPTH, equal, listed, order, too_deep
from app.feel.functions import Function
from app.feel.library.registry import builtin
from app.feel.library.strings import bounded
from app.feel.run import Run, Value


@builtin("list contains", "list: list", "element: any")
def list_contains(run: Run, items: list[Value], element: Value) -> bool:
    """Whether an element of the list equals the value."""
    return listed(element, items, run)


@builtin("sublist", "list: list", "start position: number", "length?: number")
def sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> list[Value] | None:
    """From `start`, `length` elements or all; null where they lie outside."""
    position = bounded(start)
    if position == 0 or abs(position) > len(items):
        return None
    first = position - 1 if position > 0 else len(items) + position
    if length is None:
        return items[first:]
    end = first + bounded(length)
    return items[first:end] if length >= 1 and end <= len(items) else None


@builtin("append", "list: list", "item: any", "items*: any")
def append(run: Run, items: list[Value], *added: Value) -> list[Value]:
    """The list with the items behind it."""
    return [*items, *added]


@builtin("concatenate", "list: list", "lists*: list")
def concatenate(run: Run, *lists: list[Value] | None) -> list[Value]:
    """The lists one behind the other."""
    return [item for items in lists if items is not None for item in items]


@builtin("insert before", "list: list", "position: number", "newItem: any")
def insert_before(run: Run, items: list[Value], position: Decimal, new_item: Value) -> list[Value] | None:
    """The list with the item put in before that place."""
    place = _place(items, position)
    return None if place is None else [*items[:place], new_item, *items[place:]]


@builtin("remove", "list: list", "position: number")
def remove(run: Run, items: list[Value], position: Decimal) -> list[Value] | None:
    """The list without the element at that place."""
    place = _place(items, position)
    return None if place is None else [*items[:place], *items[place + 1 :]]


def _place(items: list[Value], position: Decimal) -> int | None:
    """A position as Python counts, null outside the list."""
    number = bounded(position)
    if number == 0 or abs(number) > len(items):
        return None
    return number - 1 if number > 0 else len(items) + number


@builtin("list replace", "list: list", "position: number", "newItem: any")
def list_replace(run: Run, items: list[Value], position: Decimal, new_item: Value) -> list[Value] | None:
    """The list with another element at that place."""
    place = _place(items, position)
    return None if place is None else [*items[:place], new_item, *items[place + 1 :]]


@builtin("list replace", "list: list", "match: function", "newItem: any")
def list_replace_matching(run: Run, items: list[Value], match: Function, new_item: Value) -> list[Value] | None:
    """The list with every element replaced for which match(item, newItem) is true; null where it is no truth value."""
    if len(match.parameters) != 2:
        return None
    results: list[Value] = []
    for item in items:
        found = match.call(run, [item, new_item])
        if type(found) is not bool:
            return None
        results.append(new_item if found else item)
    return results


@builtin("reverse", "list: list")
def reverse(run: Run, items: list[Value]) -> list[Value]:
    """The list backwards."""
    return items[::-1]


@builtin("index of", "list: list", "match: any")
def index_of(run: Run, items: list[Value], match: Value) -> list[Value]:
    """The places (from 1) of all elements equal to the value."""
    run.spend(len(items))
    return [Decimal(place) for place, item in enumerate(items, 1) if equal(item, match, run) is True]


def distinct(run: Run, items: list[Value]) -> list[Value]:
    """Each value once, in the order of first appearance; numbers and texts by hashing, others by comparing."""
    seen: set[Hashable] = set()
    composed: list[Value] = []
    results: list[Value] = []
    for item in items:
        if item is None or type(item) in (str, Decimal, bool):
            key = (type(item), item)
            run.weigh(item, item)
            fresh = key not in seen
            seen.add(key)
        else:
            fresh = not listed(item, composed, run)
            if fresh:
                composed.append(item)
        if fresh:
            results.append(item)
    return results


@builtin("distinct values", "list: list")
def distinct_values(run: Run, items: list[Value]) -> list[Value]:
    """Each value once."""
    return distinct(run, items)


@builtin("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Value]) -> list[Value]:
    """Each value that occurs more than once (Camunda)."""
    return [item for item in distinct(run, items) if len(index_of(run, items, item)) > 1]


@builtin("union", "list: list", "lists*: list")
def union(run: Run, *lists: list[Value] | None) -> list[Value]:
    """All values of the lists, each once."""
    return distinct(run, concatenate(run, *lists))


@builtin("flatten", "list: list")
def flatten(run: Run, items: list[Value]) -> list[Value]:
    """Lists within the list dissolved, at every depth."""
    results: list[Value] = []
    _flatten(run, items, results, 0)
    return results


def _flatten(run: Run, items: list[Value], results: list[Value], depth: int) -> None:
    if depth > MAX_VALUE_DEPTH:
        raise too_deep()
    run.spend(len(items))
    for item in items:
        if type(item) is list:
            _flatten(run, item, results, depth + 1)
        else:
            results.append(item)
    run.allow_items(len(results))


@builtin("sort", "list: list")
def sort_naturally(run: Run, items: list[Value]) -> list[Value] | None:
    """In ascending order; null where two elements have none."""
    if any(order(item, items[0]) is None for item in items):
        return None

    def compared(one: Value, other: Value) -> int:
        run.weigh(one, other)
        return order(one, other) or 0

    run.spend(len(items) * len(items).bit_length() // 4)
    return sorted(items, key=cmp_to_key(compared))


@builtin("sort", "list: list", "precedes: function")
def sort(run: Run, items: list[Value], precedes: Function) -> list[Value] | None:
    """In the order in which precedes(a, b) says that a comes first."""
    if len(precedes.parameters) != 2:
        return None

    def compared(one: Value, other: Value) -> int:
        if precedes.call(run, [one, other]) is True:
            return -1
        return 1 if precedes.call(run, [other, one]) is True else 0

    return sorted(items, key=cmp_to_key(compared))


@builtin("partition", "list: list", "size: number")
def partition(run: Run, items: list[Value], size: Decimal) -> list[Value] | None:
    """The list in pieces of `size` elements, the last perhaps shorter (Camunda)."""
    step = bounded(size)
    return None if step < 1 else [items[start : start + step] for start in range(0, len(items), step)]
