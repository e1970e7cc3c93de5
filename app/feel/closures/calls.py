"""Closures for calls: of built-ins, of functions in scope, with arguments by position or by name."""

from __future__ import annotations

from app.feel.closures.compiler import Closure, Compiler, compiles
from app.feel.closures.operators import reader
from app.feel.functions import Function
from app.feel.library import BUILTINS
from app.feel.run import Env, Value
from app.feel.syntax import Call, Name


@compiles(Call)
def call(compiler: Compiler, node: Call) -> Closure:
    callee = _callee(compiler, node)
    arguments = tuple(compiler.closure(argument) for argument in node.arguments)
    if node.names is not None:
        names = node.names

        def by_name(env: Env) -> Value:
            function = callee(env)
            if function is None:
                return None
            given = {name: argument(env) for name, argument in zip(names, arguments, strict=True)}
            return function.call_named(env.run, given)

        return by_name

    def by_position(env: Env) -> Value:
        function = callee(env)
        return None if function is None else function.call(env.run, [argument(env) for argument in arguments])

    return by_position


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
    read = reader(compiler, name)

    def named(env: Env) -> Value:
        value = read(env)
        return value if isinstance(value, Function) else builtin

    return named
