"""Closures for what makes values: if, lists, contexts, ranges and function definitions."""

from __future__ import annotations

from app.feel.closures.compiler import Closure, Compiler, compiles
from app.feel.comparison import order
from app.feel.functions import Function
from app.feel.ranges import Range
from app.feel.run import DEFAULT_LIMITS, Env, Run, Value
from app.feel.syntax import Conditional, Constant, ContextOf, Definition, ListOf, RangeOf
from app.feel.types import conforming

FRAMES_PER_CALL = 3  # Function.call, the function below and the closure of the body


@compiles(Conditional)
def conditional(compiler: Compiler, node: Conditional) -> Closure:
    branches = [(compiler.closure(condition), compiler.closure(result)) for condition, result in node.branches]
    otherwise = compiler.closure(node.otherwise)

    def choose(env: Env) -> Value:
        for condition, result in branches:
            if condition(env) is True:
                return result(env)
        return otherwise(env)

    return choose


@compiles(ListOf)
def list_of(compiler: Compiler, node: ListOf) -> Closure:
    items = [compiler.closure(item) for item in node.items]
    return lambda env: [item(env) for item in items]


@compiles(ContextOf)
def context_of(compiler: Compiler, node: ContextOf) -> Closure:
    entries: list[tuple[str, Closure]] = []
    seen: frozenset[str] = frozenset()
    for key, value in node.entries:
        with compiler.binding(seen):
            entries.append((key, compiler.closure(value)))
        seen |= {key}

    def build(env: Env) -> Value:
        made: dict[str, Value] = {}
        inner = Env(made, env, env.run)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return build


@compiles(RangeOf)
def range_of(compiler: Compiler, node: RangeOf) -> Closure:
    start = compiler.closure(node.start) if node.start else None
    end = compiler.closure(node.end) if node.end else None

    def build(env: Env) -> Value:
        low, high = start and start(env), end and end(env)
        return Range(low, high, node.start_included, node.end_included) if _is_range(low, high, node) else None

    if isinstance(node.start or node.end, Constant) and isinstance(node.end or node.start, Constant):
        fixed = build(Env({}, None, Run(DEFAULT_LIMITS, None)))
        return lambda env: fixed
    return build


def _is_range(low: Value, high: Value, node: RangeOf) -> bool:
    """Whether two ends make a range: no end that is written is null, and the two have an order."""
    if node.start is None or node.end is None:
        return low is not None or high is not None
    return order(low, high) is not None


@compiles(Definition)
def definition(compiler: Compiler, node: Definition) -> Closure:
    if node.body is None:
        return lambda env: None
    parameters = tuple(name for name, _ in node.parameters)
    types = tuple(expected for _, expected in node.parameters)
    with compiler.binding(frozenset(parameters)):
        body, cost, depth = compiler.measured(node.body)
    frames = depth + FRAMES_PER_CALL

    def define(env: Env) -> Value:
        def invoke(run: Run, arguments: list[Value]) -> Value:
            run.spend(cost)
            names: dict[str, Value] = {}
            for parameter, expected, argument in zip(parameters, types, arguments, strict=True):
                names[parameter] = conforming(argument, expected, run)
                if argument is not None and names[parameter] is None:
                    return None
            run.enter(frames)
            result = body(Env(names, env, run))
            run.leave(frames)
            return result

        return Function(parameters, invoke, types=types)

    return define
