"""The rules of an input column by value: which cells a number or a text meets, without trying each of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.feel import UnaryTests
from app.feel.syntax import Comparison, Constant, Name, Negation, Node, RangeOf, Test

MOST_CELLS = 500  # of a column; with more the index would cost more than it saves
_KINDS = (str, bool, type(None))

Cell = tuple[UnaryTests, int]
Interval = tuple[Decimal | None, bool, Decimal | None, bool]  # lower end and whether it belongs, upper end likewise


@dataclass(frozen=True)
class ColumnIndex:
    """`exact` has the mask for each text, truth value and null that a cell names; numbers lie on a line that `ends`
    cut: the end number i has the place 2i + 1 in `masks`, the space before it 2i. `rest` are cells that must be tried.
    """

    exact: dict[object, int]
    ends: tuple[Decimal, ...]
    masks: tuple[int, ...]
    rest: tuple[Cell, ...]

    def matched(self, value: object) -> int | None:
        """The mask of the rules whose cell, among those indexed, the value passes; null for kinds not indexed."""
        if isinstance(value, Decimal):
            place = bisect_left(self.ends, value)
            at_end = place < len(self.ends) and self.ends[place] == value
            return self.masks[2 * place + at_end]
        return self.exact.get(value, 0) if type(value) in _KINDS else None


def index_of(cells: Sequence[Cell]) -> ColumnIndex:
    """The index of a column's distinct cells; what is no list of constants, comparisons and ranges stays in `rest`."""
    exact: dict[object, int] = {}
    intervals: list[tuple[Interval, int]] = []
    rest: list[Cell] = []
    for tests, mask in cells:
        parts = _parts(tests) if len(cells) <= MOST_CELLS else None
        if parts is None:
            rest.append((tests, mask))
            continue
        for part in parts:
            if isinstance(part, tuple):
                intervals.append((part, mask))
            else:
                exact[part] = exact.get(part, 0) | mask
    ends = sorted({end for (low, _, high, _), _ in intervals for end in (low, high) if end is not None})
    return ColumnIndex(exact, tuple(ends), tuple(_masks(ends, intervals)), tuple(rest))


def _masks(ends: Sequence[Decimal], intervals: Iterable[tuple[Interval, int]]) -> list[int]:
    masks = [0] * (2 * len(ends) + 1)
    for (low, low_included, high, high_included), mask in intervals:
        first = 0 if low is None else 2 * bisect_left(ends, low) + (1 if low_included else 2)
        last = len(masks) - 1 if high is None else 2 * bisect_left(ends, high) + (1 if high_included else 0)
        for place in range(first, last + 1):
            masks[place] |= mask
    return masks


def _parts(tests: UnaryTests) -> list[object] | None:
    """The intervals and constants of a cell, null where it has anything else."""
    syntax = tests.syntax
    found = [_part(each) for each in getattr(syntax, "tests", ())]
    return None if getattr(syntax, "negated", True) or not found or _OTHER in found else found


_OTHER = object()


def _part(node: Node) -> object:
    """An interval of numbers as a tuple, a text, truth value or null as itself, or the mark of anything else."""
    if isinstance(node, Comparison) and isinstance(node.left, Name) and node.left.name == "?":
        return _compared(node.operator, _number(node.right))
    if not isinstance(node, Test):
        return _OTHER
    number = _number(node.expression)
    if number is not None:
        return number, True, number, True
    if isinstance(node.expression, Constant) and type(node.expression.value) in _KINDS:
        return node.expression.value
    return _range(node.expression) if isinstance(node.expression, RangeOf) else _OTHER


def _compared(operator: str, number: Decimal | None) -> object:
    if number is None or operator == "!=":
        return _OTHER
    intervals: dict[str, Interval] = {
        "<": (None, False, number, False),
        "<=": (None, False, number, True),
        ">": (number, False, None, False),
        ">=": (number, True, None, False),
        "=": (number, True, number, True),
    }
    return intervals[operator]


def _range(node: RangeOf) -> object:
    if node.start is None or node.end is None:
        return _OTHER
    low, high = _number(node.start), _number(node.end)
    return _OTHER if low is None or high is None else (low, node.start_included, high, node.end_included)


def _number(node: Node) -> Decimal | None:
    if isinstance(node, Negation):
        number = _number(node.value)
        return None if number is None else number.copy_negate()
    return node.value if isinstance(node, Constant) and type(node.value) is Decimal else None
