"""Closures for `for`, `some` and `every`: each round is charged with the size of its body."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from app.feel.calendar import day_at, day_number
from app.feel.closures.compiler import Closure, Compiler, compiles
from app.feel.numbers import ALL_WHOLE, ARITHMETIC, ONE
from app.feel.ranges import Range
from app.feel.run import Env, Value
from app.feel.syntax import Iterator as IteratorNode
from app.feel.syntax import Loop, Quantified
from app.feel.temporal import Date

Source = Callable[[Env], "Iterable[Value] | None"]


@compiles(Loop)
def loop(compiler: Compiler, node: Loop) -> Closure:
    names = frozenset(iterator.name for iterator in node.iterators)
    before = compiler.mentioned.get("partial", 0)
    with compiler.binding(frozenset({"partial"})):
        sources = _sources(compiler, node.iterators)
        with compiler.binding(names):
            body, cost, _ = compiler.measured(node.body)
    uses_partial = compiler.mentioned.get("partial", 0) > before

    def repeat(env: Env) -> Value:
        results: list[Value] = []
        run = env.run
        outer = Env({}, env, run)
        rounds = _rounds(sources, 0, outer)
        if rounds is None:
            return None
        for inner in rounds:
            run.spend(cost)
            run.allow_items(len(results) + 1)
            if uses_partial:
                run.spend(len(results))
                outer.names["partial"] = list(results)
            results.append(body(inner))
        return results

    return repeat


@compiles(Quantified)
def quantified(compiler: Compiler, node: Quantified) -> Closure:
    names = frozenset(iterator.name for iterator in node.iterators)
    sources = _sources(compiler, node.iterators)
    with compiler.binding(names):
        body, cost, _ = compiler.measured(node.body)
    decisive = not node.every

    def judge(env: Env) -> Value:
        rounds = _rounds(sources, 0, env)
        if rounds is None:
            return None
        result: bool | None = not decisive
        for inner in rounds:
            env.run.spend(cost)
            value = body(inner)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                result = None
        return result

    return judge


def _sources(compiler: Compiler, iterators: tuple[IteratorNode, ...]) -> list[tuple[str, Source]]:
    made: list[tuple[str, Source]] = []
    seen: frozenset[str] = frozenset()
    for iterator in iterators:
        with compiler.binding(seen):
            start = compiler.closure(iterator.source)
            end = compiler.closure(iterator.end) if iterator.end else None
        made.append((iterator.name, _source(start, end)))
        seen |= {iterator.name}
    return made


def _source(start: Closure, end: Closure | None) -> Source:
    def values(env: Env) -> Iterable[Value] | None:
        value = start(env)
        if end is not None:
            return _counted(value, end(env))
        if type(value) is list:
            return value
        if type(value) is Range:
            return _within(value)
        return None if value is None else [value]

    return values


def _counted(start: Value, end: Value) -> Iterable[Value] | None:
    """The whole numbers, or the days, from start to end, downwards where the end is below."""
    if type(start) is Decimal and type(end) is Decimal:
        if start != start.to_integral_value() or end != end.to_integral_value():
            return None
        if start.copy_abs() >= ALL_WHOLE or end.copy_abs() >= ALL_WHOLE:
            return None
        low, high = int(start), int(end)
        return (Decimal(n) for n in (range(low, high + 1) if low <= high else range(low, high - 1, -1)))
    if type(start) is Date and type(end) is Date:
        return _days(day_number(*start), day_number(*end))
    return None


def _days(first: int, last: int) -> Iterable[Date]:
    days = range(first, last + 1) if first <= last else range(first, last - 1, -1)
    return (Date(*day_at(day)) for day in days)


def _within(bounds: Range) -> Iterable[Value] | None:
    start, end = bounds.start, bounds.end
    if type(start) is Decimal and type(end) is Decimal:
        low = start if bounds.start_included else ARITHMETIC.add(start, ONE)
        high = end if bounds.end_included else ARITHMETIC.subtract(end, ONE)
        return _counted(low, high) if low <= high else []
    if type(start) is Date and type(end) is Date:
        first = day_number(*start) + (0 if bounds.start_included else 1)
        last = day_number(*end) - (0 if bounds.end_included else 1)
        return _days(first, last) if first <= last else []
    return None


def _rounds(sources: list[tuple[str, Source]], level: int, env: Env) -> Iterator[Env] | None:
    """One scope a round, over all combinations, the last iterator turning fastest; null where a source is null."""
    name, source = sources[level]
    values = source(env)
    if values is None:
        return None
    if level == len(sources) - 1:
        return (Env({name: value}, env, env.run) for value in values)
    return _combined(sources, level, env, name, values)


def _combined(
    sources: list[tuple[str, Source]], level: int, env: Env, name: str, values: Iterable[Value]
) -> Iterator[Env]:
    for value in values:
        env.run.spend(1)
        yield from _rounds(sources, level + 1, Env({name: value}, env, env.run)) or ()
