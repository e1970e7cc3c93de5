"""The syntax tree of FEEL: what the parser builds, the closures are made from, and a table check may look at."""

from __future__ import annotations

from dataclasses import dataclass

from app.feel.run import Value
from app.feel.types import Type


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of an expression that begins at character `at` (from 0)."""

    at: int


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A literal: number, text, true, false, null, or a temporal @"..."."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, a parameter, a built-in, or "?" for the value under test."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """base.key"""

    base: Node
    key: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """base[condition]"""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """callee(arguments), with `names` where arguments are given by name."""

    callee: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """-value"""

    value: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """first, then each (operator, operand) from the left; one level of precedence a node."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """operands joined by "and", or all by "or"."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """left operator right, the operator one of = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """value between low and high"""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """value in tests"""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """value instance of type"""

    value: Node
    type: Type | None


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """if, any number of else if, and else: (condition, result) pairs and what holds otherwise."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """name in source, or name in source..end"""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """for iterators return body"""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """some (or every) iterators satisfies body"""

    every: bool
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """[items]"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """{key: value, ...}; a value sees the entries before it."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Definition(Node):
    """function(parameters) body; `body` is None for external functions, which are never run here."""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Node | None


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """Two ends (a missing one is open) and whether each belongs to the range."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A unary test that is an expression: passed when it is true of "?", or when "?" equals or lies in its value."""

    expression: Node


@dataclass(frozen=True, slots=True)
class TestList(Node):
    """Unary tests, of which one must pass (none may, when negated); no tests are the dash, which always passes."""

    tests: tuple[Node, ...]
    negated: bool
