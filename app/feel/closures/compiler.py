"""The frame of compilation: which handler makes a node's closure, how big and deep it is, which names it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from app.feel.errors import error_at
from app.feel.run import Env, Value
from app.feel.syntax import Node

Closure = Callable[[Env], Value]
Handler = Callable[["Compiler", Any], Closure]
H = TypeVar("H", bound=Handler)
MAX_TREE_DEPTH = 120
UNKNOWN_NAMES = frozenset({"*"})

_HANDLERS: dict[type[Node], Handler] = {}


def compiles(kind: type[Node]) -> Callable[[H], H]:
    """Mark the function that makes closures for one kind of node."""

    def known(handler: H) -> H:
        assert kind not in _HANDLERS, f"{kind.__name__} has two handlers"
        _HANDLERS[kind] = handler
        return handler

    return known


class Compiler:
    """Walks one tree: `reads` are all names looked up outside, `names` those that are variables for certain.

    A name in a filter may be a field of the items, and the callee of a call a built-in.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.size = self.depth = self.deepest = 0
        self.bound: list[frozenset[str]] = []
        self.reads: set[str] = set()
        self.names: set[str] = set()
        self.mentioned: dict[str, int] = {}

    def closure(self, node: Node) -> Closure:
        """The closure of a node; FeelError where the tree is too deep to be evaluated safely."""
        self.size += 1
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        if self.depth > MAX_TREE_DEPTH:
            most = MAX_TREE_DEPTH
            raise error_at(
                self.source, node.at, f"表达式嵌套超过 {most} 层", f"the expression nests deeper than {most} levels"
            )
        made = _HANDLERS[type(node)](self, node)
        self.depth -= 1
        return made

    def measured(self, node: Node) -> tuple[Closure, int, int]:
        """The closure with its number of nodes (what one evaluation costs) and its depth (the frames it needs)."""
        before, outer = self.size, self.deepest
        self.deepest = self.depth
        made = self.closure(node)
        depth = self.deepest - self.depth
        self.deepest = max(outer, self.deepest)
        return made, self.size - before, depth

    @contextmanager
    def binding(self, names: frozenset[str]) -> Iterator[None]:
        """A scope with these names; UNKNOWN_NAMES where only the data know them."""
        self.bound.append(names)
        yield
        self.bound.pop()

    def note(self, name: str, called: bool) -> None:
        """Remember that `name` is read here (as the callee of a call where `called`)."""
        self.mentioned[name] = self.mentioned.get(name, 0) + 1
        if any(name in names for names in self.bound):
            return
        self.reads.add(name)
        if not called and UNKNOWN_NAMES not in self.bound:
            self.names.add(name)
