"""Closures for calls: of built-ins, of functions in scope, with arguments by position or by name."""

from __future__ import annotations

from app.feel.closures.compiler import Closure, Compiler, compiles
from app.feel.closures.operators import reader
from app.feel.functions import Function
from app.feel.library import BUILTINS
from app.feel.run import DEFAULT_LIMITS, Env, Run, Value
from app.feel.syntax import Call, Constant, Name, Node

TAKING_FUNCTIONS = frozenset(("sort", "list replace"))
TEMPORAL_MAKERS = frozenset(("date", "time", "date and time", "duration"))


@compiles(Call)
def call(compiler: Compiler, node: Call) -> Closure:
    callee = _callee(compiler, node)
    arguments = tuple(_argument(compiler, node.callee, argument) for argument in node.arguments)
    if node.names is not None:
        names = node.names

        def by_name(env: Env) -> Value:
            function = callee(env)
            if function is None:
                return None
            given = {name: argument(env) for name, argument in zip(names, arguments, strict=True)}
            return function.call_named(env.run, given)

        return by_name

    known, fixed = _folded(node)

    def by_position(env: Env) -> Value:
        function = callee(env)
        if function is known:
            return fixed
        return None if function is None else function.call(env.run, [argument(env) for argument in arguments])

    return by_position


def _argument(compiler: Compiler, callee: Node, node: Node) -> Closure:
    """An argument; where a function may be wanted, the name of a built-in stands for it: sort(list, precedes)."""
    wanted = not isinstance(callee, Name) or callee.name not in BUILTINS or callee.name in TAKING_FUNCTIONS
    if wanted and isinstance(node, Name) and node.name in BUILTINS:
        compiler.note(node.name, called=True)
        return reader(compiler, node.name, BUILTINS[node.name])
    return compiler.closure(node)


def _folded(node: Call) -> tuple[Value, Value]:
    """The built-in and its result where date("2026-01-31") and its like are worked out once; else null and null."""
    if isinstance(node.callee, Name) and node.callee.name in TEMPORAL_MAKERS and len(node.arguments) == 1:
        (argument,) = node.arguments
        if isinstance(argument, Constant) and type(argument.value) is str:
            builtin = BUILTINS[node.callee.name]
            return builtin, builtin.call(Run(DEFAULT_LIMITS, None), [argument.value])
    return None, None


def _callee(compiler: Compiler, node: Call) -> Closure:
    """The function called, null where there is none; a variable named like a built-in does not hide it from calls."""
    if not isinstance(node.callee, Name):
        made = compiler.closure(node.callee)

        def computed(env: Env) -> Value:
            value = made(env)
            return value if isinstance(value, Function) else None

        return computed
    name = node.callee.name
    builtin = BUILTINS.get(name)
    compiler.note(name, called=builtin is not None)
    read = reader(compiler, name, None)

    def named(env: Env) -> Value:
        value = read(env)
        return value if isinstance(value, Function) else builtin

    return named
