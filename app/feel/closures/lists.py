"""Closures for paths and filters, over single values and over lists."""

from __future__ import annotations

from decimal import Decimal

from app.feel.closures.compiler import UNKNOWN_NAMES, Closure, Compiler, compiles
from app.feel.comparison import MAX_VALUE_DEPTH, too_deep
from app.feel.properties import PROPERTIES
from app.feel.run import Env, Run, Value
from app.feel.syntax import Constant, Filter, Negation, Node, Path

ITEM = frozenset({"item"})


@compiles(Path)
def path(compiler: Compiler, node: Path) -> Closure:
    keys = [node.key]
    base: Node = node.base
    while isinstance(base, Path):
        keys.append(base.key)
        base = base.base
    steps = tuple(reversed(keys))
    start = compiler.closure(base)
    compiler.size += len(steps)

    def follow(env: Env) -> Value:
        value = start(env)
        for key in steps:
            value = value.get(key) if type(value) is dict else step(value, key, env.run, 0)
        return value

    return follow


def step(value: Value, key: str, run: Run, depth: int) -> Value:
    """One step of a path: an entry of a context, a known part of a temporal value or range, or that of each element."""
    kind = type(value)
    if kind is dict:
        return value.get(key)
    if kind is list:
        if depth > MAX_VALUE_DEPTH:
            raise too_deep()
        run.spend(len(value))
        return [step(item, key, run, depth + 1) for item in value]
    part = PROPERTIES.get(kind, {}).get(key)
    return part(value) if part else None


@compiles(Filter)
def filtered(compiler: Compiler, node: Filter) -> Closure:
    base = compiler.closure(node.base)
    index = _fixed_index(node.condition)
    if index is not None:
        return lambda env: element(_as_list(base(env)), index)
    with compiler.binding(UNKNOWN_NAMES), compiler.binding(ITEM):
        condition, cost, _ = compiler.measured(node.condition)

    def choose(env: Env) -> Value:
        items = _as_list(base(env))
        return None if items is None else _chosen(items, condition, cost, env)

    return choose


def _fixed_index(node: Node) -> Decimal | None:
    if isinstance(node, Negation):
        index = _fixed_index(node.value)
        return None if index is None else index.copy_negate()
    return node.value if isinstance(node, Constant) and type(node.value) is Decimal else None


def _as_list(value: Value) -> list[Value] | None:
    return value if value is None or type(value) is list else [value]


def element(items: list[Value] | None, index: Decimal) -> Value:
    """The element at `index`: from 1, or from -1 backwards; null outside."""
    if items is None or not -len(items) <= index <= len(items):
        return None
    position = int(index)
    return None if position == 0 else items[position - 1 if position > 0 else position]


def _chosen(items: list[Value], condition: Closure, cost: int, env: Env) -> Value:
    """The elements for which the condition is true; where it is a number, the element at that place."""
    if not items:
        return None if type(condition(Env({}, env, env.run))) is Decimal else []
    kept: list[Value] = []
    for place, item in enumerate(items):
        env.run.spend(cost)
        found = condition(item_scope(item, env))
        if place == 0 and type(found) is Decimal:
            return element(items, found)
        if found is True:
            kept.append(item)
    return kept


def item_scope(item: Value, env: Env) -> Env:
    """The scope of a filter: `item`, and where it is a context its entries, which come first."""
    scope = Env({"item": item}, env, env.run)
    return Env(item, scope, env.run) if type(item) is dict else scope
