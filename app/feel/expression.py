"""FEEL texts parsed once: expressions and unary tests, each a closure with the names it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from app.feel.closures import Closure, Compiler
from app.feel.closures.constructs import FRAMES_PER_CALL
from app.feel.errors import FeelError
from app.feel.functions import Function
from app.feel.library import BUILTIN_NAMES
from app.feel.names import NameTable
from app.feel.parser import Parser
from app.feel.run import DEFAULT_LIMITS, Env, Limits, Run, Value
from app.feel.syntax import Node, TestList
from app.feel.types import Type, conforming
from app.feel.values import AS_THEY_ARE, Scope, to_feel
from app.moment import Moment
from app.texts import Text

_NO_TYPES: Mapping[str, Type] = MappingProxyType({})


def parse_expression(
    text: str,
    names: Iterable[str] | NameTable = (),
    *,
    types: Mapping[str, Type] = _NO_TYPES,
    limits: Limits = DEFAULT_LIMITS,
) -> Expression:
    """The expression that `text` is.

    `names` are the names in scope that consist of several words or signs (simple identifiers need not be listed), as a
    NameTable where many texts share them; `types` are the item definitions that `instance of` and parameters may name.
    FeelError with line and column otherwise.
    """
    try:
        node = Parser(text, names, BUILTIN_NAMES, limits, types).whole_expression()
        return Expression(text, node)
    except (RecursionError, MemoryError):
        raise _too_large() from None


def parse_unary_tests(
    text: str,
    names: Iterable[str] | NameTable = (),
    *,
    types: Mapping[str, Type] = _NO_TYPES,
    limits: Limits = DEFAULT_LIMITS,
) -> UnaryTests:
    """The unary tests that `text` is (a cell of a decision table); blank text and "-" always pass."""
    try:
        node = Parser(text, names, BUILTIN_NAMES, limits, types).whole_unary_tests()
        return UnaryTests(text, node)
    except (RecursionError, MemoryError):
        raise _too_large() from None


def _too_large() -> FeelError:
    return FeelError(0, Text("表达式过于复杂", "the expression is too complex"))


class _Compiled:
    """A parsed text and its closure; immutable, so it may be shared by all threads."""

    __slots__ = ("_closure", "_depth", "_reads", "_size", "names", "syntax", "text")

    def __init__(self, text: str, node: Node) -> None:
        compiler = Compiler(text)
        self._closure: Closure
        self._closure, self._size, self._depth = compiler.measured(node)
        self.text, self.syntax = text, node
        self._reads = tuple(sorted(compiler.reads - {"?"}))
        self.names = frozenset(compiler.names - {"?"})

    @property
    def reads(self) -> tuple[str, ...]:
        """All names that it looks up in its scope: `names`, functions, and names in filters that may be variables."""
        return self._reads

    def _in_scope(self, scope: Mapping[str, object]) -> dict[str, Value]:
        """The names read here, as FEEL values."""
        names: dict[str, Value] = {}
        ready = type(scope) is Scope
        for name in self._reads:
            if name in scope:
                value = scope[name]
                names[name] = value if ready or type(value) in AS_THEY_ARE else to_feel(value)
        return names

    def _value(self, names: dict[str, Value], run: Run) -> Value:
        run.spend(self._size)
        try:
            return self._closure(Env(names, None, run))
        except (RecursionError, MemoryError):
            raise _too_large() from None


class Expression(_Compiled):
    """A parsed expression; `names` are the variables it certainly reads (first part of each path), `text` its source.

    Names inside a filter may be fields of the items and are not in `names`.
    """

    __slots__ = ()

    def evaluate(
        self,
        scope: Mapping[str, object],
        moment: Moment | None = None,
        limits: Limits = DEFAULT_LIMITS,
        run: Run | None = None,
    ) -> Value:
        """The FEEL value over `scope`, whose values are plain or FEEL values; null for what has no meaning.

        now() and today() read `moment`. FeelError when a limit is reached. `run` is an outer evaluation whose budget
        this one shares.
        """
        return self._value(self._in_scope(scope), run or Run(limits, moment))

    def as_function(
        self, parameters: Sequence[str], scope: Mapping[str, object], types: Sequence[Type | None] = ()
    ) -> Function:
        """A function value whose body is this expression (a knowledge model), sharing the caller's budget."""
        frames = self._depth + FRAMES_PER_CALL
        expected = tuple(types) or (None,) * len(parameters)

        def invoke(run: Run, arguments: list[Value]) -> Value:
            run.spend(self._size + len(self._reads))
            names = self._in_scope(scope)
            for name, kind, argument in zip(parameters, expected, arguments, strict=True):
                names[name] = conforming(argument, kind, run)
                if argument is not None and names[name] is None:
                    return None
            run.enter(frames)
            result = self._closure(Env(names, None, run))
            run.leave(frames)
            return result

        return Function(parameters, invoke, types=expected)


class UnaryTests(_Compiled):
    """Parsed unary tests; `always` says that they are the dash."""

    __slots__ = ("always",)

    def __init__(self, text: str, node: TestList) -> None:
        super().__init__(text, node)
        self.always = not node.tests

    def matches(
        self,
        input_value: object,
        scope: Mapping[str, object],
        moment: Moment | None = None,
        limits: Limits = DEFAULT_LIMITS,
        run: Run | None = None,
    ) -> bool | None:
        """Whether the input passes; null where that cannot be said (values of different kinds).

        Beside a Scope, whose values are FEEL values, the input is one too.
        """
        if self.always:
            return True
        names = self._in_scope(scope)
        ready = type(scope) is Scope or type(input_value) in AS_THEY_ARE
        names["?"] = input_value if ready else to_feel(input_value)
        found = self._value(names, run or Run(limits, moment))
        return found if type(found) is bool else None
