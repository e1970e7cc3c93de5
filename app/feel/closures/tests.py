"""Closures for unary tests: of a table's cell, and of what follows `in`."""

from __future__ import annotations

from app.feel.closures.compiler import Closure, Compiler, compiles
from app.feel.comparison import satisfies_value
from app.feel.run import Env, Value
from app.feel.syntax import Constant, Membership, Test, TestList

UNDER_TEST = frozenset({"?"})


@compiles(Membership)
def membership(compiler: Compiler, node: Membership) -> Closure:
    value = compiler.closure(node.value)
    with compiler.binding(UNDER_TEST):
        passed = any_of(tuple(compiler.closure(test) for test in node.tests))
    return lambda env: passed(Env({"?": value(env)}, env, env.run))


@compiles(TestList)
def test_list(compiler: Compiler, node: TestList) -> Closure:
    if not node.tests:
        return lambda env: True
    passed = any_of(tuple(compiler.closure(test) for test in node.tests))
    if not node.negated:
        return passed

    def refused(env: Env) -> bool | None:
        found = passed(env)
        return None if found is None else not found

    return refused


def any_of(tests: tuple[Closure, ...]) -> Closure:
    """True where one test passes; else null where one was null."""
    if len(tests) == 1:
        return tests[0]

    def some(env: Env) -> bool | None:
        result: bool | None = False
        for test in tests:
            found = test(env)
            if found is True:
                return True
            if found is None:
                result = None
        return result

    return some


@compiles(Test)
def test(compiler: Compiler, node: Test) -> Closure:
    """A test that speaks of "?" must be true itself; a computed truth value decides beside a value of another kind."""
    before = compiler.mentioned.get("?", 0)
    made = compiler.closure(node.expression)
    if isinstance(node.expression, Constant):
        value = node.expression.value
        return lambda env: satisfies_value(env.names["?"], value, env.run)
    if compiler.mentioned.get("?", 0) > before:

        def spoken(env: Env) -> bool | None:
            found = made(env)
            return found if type(found) is bool else None

        return spoken

    def compared(env: Env) -> Value:
        found, given = made(env), env.names["?"]
        if type(found) is bool and type(given) is not bool:
            return found
        return satisfies_value(given, found, env.run)

    return compared
