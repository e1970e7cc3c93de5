"""Which constants a cell compares its input with: between two neighbours of them its verdict cannot change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.feel import (
    Date,
    DateTime,
    DaysTimeDuration,
    Expression,
    FeelError,
    Range,
    Scope,
    Time,
    UnaryTests,
    YearsMonthsDuration,
)
from app.feel.library import BUILTINS
from app.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    Conditional,
    Constant,
    InstanceOf,
    ListOf,
    Logic,
    Membership,
    Name,
    Negation,
    Node,
    Path,
    RangeOf,
    Test,
    TestList,
)

_SCALARS = (bool, Decimal, str, Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration)
_SAME_ALWAYS = frozenset(BUILTINS) - {"now", "today"}
_WHOLE_PARTS = frozenset({"floor", "ceiling"})


class NotAnalysable(Exception):
    """The cell is more than comparisons of its input with constants."""


@dataclass(frozen=True)
class Cuts:
    """The constants of a cell; `ordered` are those it is compared with by <, > or a range; `whole`: only whole numbers.

    `null` says that the cell speaks of null.
    """

    values: tuple[object, ...] = ()
    ordered: tuple[object, ...] = ()
    whole: bool = False
    null: bool = False


def cuts_of(tests: UnaryTests) -> Cuts:
    """The constants of a cell or of allowed values; NotAnalysable where it is anything but comparisons with them."""
    found = _Finder()
    node = tests.syntax
    if not isinstance(node, TestList):
        raise NotAnalysable
    found.whole = not node.negated and len(node.tests) == 1 and _asks_whole(node.tests[0])
    for test in node.tests:
        found.test(test)
    return Cuts(tuple(found.values), tuple(found.ordered), found.whole, found.null)


def constant_value(node: Node) -> object:
    """The value of an expression that reads nothing; NotAnalysable where it reads something or meets a limit."""
    if not _is_closed(node):
        raise NotAnalysable
    try:
        return Expression("", node).evaluate(Scope())
    except FeelError as error:
        raise NotAnalysable from error


class _Finder:
    """Walks one cell; its state are the constants found so far."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self.ordered: list[object] = []
        self.null = self.whole = False

    def test(self, node: Node) -> None:
        """One unary test: a comparison, a value to equal or lie in, or a condition about "?"."""
        if isinstance(node, Test):
            inner = node.expression
            if _is_closed(inner):
                self.keep(constant_value(inner))
            else:
                self.condition(inner)
        else:
            self.condition(node)

    def condition(self, node: Node) -> None:
        """A truth value made of comparisons of "?" with constants."""
        if isinstance(node, Comparison):
            self.comparison(node)
        elif isinstance(node, Between) and _is_input(node.value):
            self.keep(constant_value(node.low), ordered=True)
            self.keep(constant_value(node.high), ordered=True)
        elif isinstance(node, Membership) and _is_input(node.value):
            for test in node.tests:
                self.test(test)
        elif isinstance(node, Logic):
            for operand in node.operands:
                self.condition(operand)
        elif isinstance(node, Call) and _calls(node, {"not"}):
            self.condition(node.arguments[0])
        elif not (_is_input(node) or _is_closed(node) or (isinstance(node, InstanceOf) and _is_input(node.value))):
            raise NotAnalysable

    def comparison(self, node: Comparison) -> None:
        if self.whole and _is_whole(node):
            return
        if _is_input(node.left):
            other = node.right
        elif _is_input(node.right):
            other = node.left
        elif _is_closed(node):
            return
        else:
            raise NotAnalysable
        self.keep(constant_value(other), ordered=node.operator not in ("=", "!="))

    def keep(self, value: object, *, ordered: bool = False) -> None:
        """Remember a constant; of a range its ends, of a list its elements. Times of day with a zone have no order."""
        if value is None:
            self.null = self.null or not ordered
        elif isinstance(value, list):
            for item in value:
                self.keep(item)
        elif isinstance(value, Range):
            self.keep(value.start, ordered=True)
            self.keep(value.end, ordered=True)
        elif isinstance(value, _SCALARS) and not (isinstance(value, Time) and value.zone is not None):
            self.values.append(value)
            if ordered:
                self.ordered.append(value)
        else:
            raise NotAnalysable


def _is_input(node: Node) -> bool:
    return isinstance(node, Name) and node.name == "?"


def _calls(node: Call, functions: Iterable[str]) -> bool:
    """Whether it is a call of one of these with a single argument."""
    return isinstance(node.callee, Name) and node.callee.name in functions and len(node.arguments) == 1


def _asks_whole(node: Node) -> bool:
    """Whether the test passes whole numbers only: ? = floor(?), alone or joined by "and" with others."""
    if isinstance(node, Test):
        return _asks_whole(node.expression)
    if isinstance(node, Logic):
        return node.operator == "and" and any(map(_asks_whole, node.operands))
    return isinstance(node, Comparison) and _is_whole(node)


def _is_whole(node: Comparison) -> bool:
    sides = (node.left, node.right)
    return node.operator == "=" and any(
        _is_input(one) and isinstance(other, Call) and _calls(other, _WHOLE_PARTS) and _is_input(other.arguments[0])
        for one, other in (sides, sides[::-1])
    )


def _is_closed(node: Node) -> bool:
    """Whether the expression reads no variable, no input and no clock, so that its value is always the same."""
    if isinstance(node, Constant):
        return True
    parts = _parts(node)
    return parts is not None and all(map(_is_closed, parts))


def _parts(node: Node) -> tuple[Node, ...] | None:
    """The operands of an expression of a simple kind; null for names and all that binds names."""
    if isinstance(node, Negation):
        return (node.value,)
    if isinstance(node, Arithmetic):
        return (node.first, *(operand for _, operand in node.rest))
    if isinstance(node, Call):
        known = isinstance(node.callee, Name) and node.callee.name in _SAME_ALWAYS
        return node.arguments if known else None
    if isinstance(node, ListOf):
        return node.items
    if isinstance(node, RangeOf):
        return tuple(end for end in (node.start, node.end) if end is not None)
    if isinstance(node, Comparison):
        return (node.left, node.right)
    return _rarer_parts(node)


def _rarer_parts(node: Node) -> tuple[Node, ...] | None:
    if isinstance(node, Logic):
        return node.operands
    if isinstance(node, Between):
        return (node.value, node.low, node.high)
    if isinstance(node, Path):
        return (node.base,)
    if isinstance(node, Conditional):
        return (*(part for branch in node.branches for part in branch), node.otherwise)
    return None
