"""Closures for names, literals, arithmetic, comparison and logic: the hot path of every gateway condition."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from app.feel import arithmetic
from app.feel.closures.compiler import Closure, Compiler, compiles
from app.feel.comparison import equal, order, within
from app.feel.library.registry import Builtin
from app.feel.numbers import ARITHMETIC
from app.feel.ranges import Range
from app.feel.run import LONG_TEXT, STEPS_OF_HARD_ARITHMETIC, Env, Value
from app.feel.syntax import Arithmetic, Between, Comparison, Constant, InstanceOf, Logic, Name, Negation
from app.feel.types import is_complete, is_instance


@compiles(Constant)
def constant(compiler: Compiler, node: Constant) -> Closure:
    value = node.value
    return lambda env: value


@compiles(Name)
def name(compiler: Compiler, node: Name) -> Closure:
    compiler.note(node.name, called=False)
    return reader(compiler, node.name, None)


def reader(compiler: Compiler, key: str, builtin: Builtin | None) -> Closure:
    """The value of a name: the innermost scope that has it, else `builtin`.

    That is null where no function is expected: a variable that is not there must not turn into the function product().
    """
    if not compiler.bound:
        return lambda env: env.names.get(key, builtin)

    def read(env: Env) -> Value:
        scope: Env | None = env
        while scope is not None:
            if key in scope.names:
                return scope.names[key]
            scope = scope.up
        return builtin

    return read


@compiles(Negation)
def negation(compiler: Compiler, node: Negation) -> Closure:
    value = compiler.closure(node.value)
    if isinstance(node.value, Constant):
        negated = arithmetic.negate(node.value.value)
        return lambda env: negated
    return lambda env: arithmetic.negate(value(env))


_DECIMAL_OPERATIONS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": ARITHMETIC.add,
    "-": ARITHMETIC.subtract,
    "*": ARITHMETIC.multiply,
}
_OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}


@compiles(Arithmetic)
def arithmetic_chain(compiler: Compiler, node: Arithmetic) -> Closure:
    made = compiler.closure(node.first)
    compiler.size += STEPS_OF_HARD_ARITHMETIC * sum(operator == "**" for operator, _ in node.rest)
    if len(node.rest) == 1:
        operator, operand = node.rest[0]
        return _pair(operator, made, compiler.closure(operand))
    steps = [(_OPERATIONS[operator], compiler.closure(operand)) for operator, operand in node.rest]

    def chain(env: Env) -> Value:
        value = made(env)
        for operation, operand in steps:
            value = operation(value, operand(env))
            if type(value) is str:
                _allow(value, env)
        return value

    return chain


def _pair(operator: str, left: Closure, right: Closure) -> Closure:
    exact, operation = _DECIMAL_OPERATIONS.get(operator), _OPERATIONS[operator]

    def pair(env: Env) -> Value:
        one, other = left(env), right(env)
        if exact is not None and type(one) is Decimal and type(other) is Decimal:
            result = exact(one, other)
            return result if result.is_finite() else None
        value = operation(one, other)
        if type(value) is str:
            _allow(value, env)
        return value

    return pair


def _allow(text: str, env: Env) -> None:
    env.run.allow_text(len(text))
    env.run.spend(len(text) // 64)


@compiles(Comparison)
def comparison(compiler: Compiler, node: Comparison) -> Closure:
    left, right = compiler.closure(node.left), compiler.closure(node.right)
    if node.operator == "=":
        return _equality(left, right)
    if node.operator == "!=":
        same = _equality(left, right)

        def differs(env: Env) -> bool | None:
            found = same(env)
            return None if found is None else not found

        return differs
    return _ordering(node.operator, left, right)


def _equality(left: Closure, right: Closure) -> Closure:
    def same(env: Env) -> bool | None:
        one, other = left(env), right(env)
        kind = type(one)
        if kind is type(other) and (kind is Decimal or kind is bool or (kind is str and len(one) <= LONG_TEXT)):
            return bool(one == other)
        return equal(one, other, env.run)

    return same


_WANTED = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}


def _ordering(operator: str, left: Closure, right: Closure) -> Closure:
    wanted = _WANTED[operator]

    def ordered(env: Env) -> bool | None:
        one, other = left(env), right(env)
        if type(one) is str:
            env.run.weigh(one, other)
        found = order(one, other)
        return None if found is None else found in wanted

    return ordered


@compiles(Between)
def between(compiler: Compiler, node: Between) -> Closure:
    value, low, high = compiler.closure(node.value), compiler.closure(node.low), compiler.closure(node.high)

    def inside(env: Env) -> bool | None:
        return within(value(env), Range(low(env), high(env), True, True), env.run)

    return inside


@compiles(Logic)
def logic(compiler: Compiler, node: Logic) -> Closure:
    """Three truth values: an operand that is no truth value counts as null; one that decides ends the evaluation."""
    operands = tuple(compiler.closure(operand) for operand in node.operands)
    decisive = node.operator == "or"

    def judged(env: Env) -> Value:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(env)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                result = None
        return result

    return judged


@compiles(InstanceOf)
def instance_of(compiler: Compiler, node: InstanceOf) -> Closure:
    value, expected = compiler.closure(node.value), node.type
    if expected is None or not is_complete(expected):
        return lambda env: None
    return lambda env: is_instance(value(env), expected, env.run)
