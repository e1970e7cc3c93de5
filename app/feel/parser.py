"""The grammar of operators, control and unary tests; with the operands below it, all of FEEL (DMN 1.3 to 1.5)."""

from __future__ import annotations

from app.feel.errors import FeelError
from app.feel.primaries import PrimaryParser
from app.feel.syntax import (
    Arithmetic,
    Between,
    Comparison,
    Conditional,
    InstanceOf,
    Iterator,
    Logic,
    Loop,
    Membership,
    Name,
    Negation,
    Node,
    Quantified,
    Test,
    TestList,
)

OR, AND, COMPARE, ADD, MULTIPLY, POWER = range(1, 7)
_LEVELS = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), COMPARE),
    "+": ADD,
    "-": ADD,
    "*": MULTIPLY,
    "/": MULTIPLY,
    "**": POWER,
}
_COMPARATORS = ("=", "!=", "<", "<=", ">", ">=")


class Parser(PrimaryParser):
    """Reads one text of FEEL into its syntax tree."""

    def whole_expression(self) -> Node:
        """The text as one expression; FeelError where more follows."""
        node = self.expression()
        self.require_end()
        return node

    def whole_unary_tests(self) -> TestList:
        """The text as unary tests; blank text is the dash, as table editors write it."""
        if self.token.kind == "end" or (self.sees("-") and self.ahead(1).kind == "end"):
            return TestList(0, (), False)
        if self.sees("not") and self.ahead(1).text == "(" and (negated := self.negated_tests()):
            return negated
        tests = self.tests()
        self.require_end()
        return TestList(0, tests, False)

    def negated_tests(self) -> TestList | None:
        """not(tests) as the whole text; null (and back where we were) for an expression that begins with not(...)."""
        before = self.at
        try:
            self.at += 2
            tests = self.tests()
            self.expect(")")
            if self.token.kind == "end":
                return TestList(0, tests, True)
        except FeelError:
            pass  # the text is read again as an expression, which then says what is wrong
        self.at = before
        return None

    def require_end(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected("运算符或表达式的结尾", "an operator or the end of the expression")

    def expression(self) -> Node:
        return self.binary(OR)

    def endpoint(self) -> Node:
        return self.binary(ADD)

    def binary(self, lowest: int, left: Node | None = None) -> Node:
        """Operators of level `lowest` and up, each level from the left."""
        node = self.unary() if left is None else left
        while True:
            token = self.token
            level = _LEVELS.get(token.text, 0) if token.kind in ("symbol", "name") else 0
            if not level or level < lowest:
                return node
            if level == COMPARE:
                node = self.comparison(node)
            elif level < COMPARE:
                node = self.logic(node, level)
            else:
                node = self.arithmetic(node, level)

    def logic(self, first: Node, level: int) -> Node:
        operator = self.token.text
        operands = [first]
        while self.skip(operator):
            operands.append(self.binary(level + 1))
        return Logic(first.at, operator, tuple(operands))

    def arithmetic(self, first: Node, level: int) -> Node:
        rest: list[tuple[str, Node]] = []
        while self.token.kind == "symbol" and _LEVELS.get(self.token.text) == level:
            rest.append((self.take().text, self.binary(level + 1)))
        return Arithmetic(first.at, first, tuple(rest))

    def comparison(self, left: Node) -> Node:
        at, operator = self.start, self.take().text
        if operator == "between":
            low = self.binary(ADD)
            self.expect("and")
            return Between(at, left, low, self.binary(ADD))
        if operator == "in":
            return Membership(at, left, self.membership())
        return Comparison(at, operator, left, self.binary(ADD))

    def membership(self) -> tuple[Node, ...]:
        """What follows `in`: one test, or several in parentheses."""
        start = self.start
        if not self.sees("("):
            return (self.test() if self.sees(*_COMPARATORS) else Test(start, self.binary(ADD)),)
        with self.nested():
            self.expect("(")
            tests = self.tests()
            first = tests[0]
            if len(tests) == 1 and isinstance(first, Test) and self.sees(".."):
                interval = self.range_from(start, first.expression, False)
                return (Test(start, self.binary(ADD, self.steps(interval))),)
            self.expect(")")
        if len(tests) == 1 and isinstance(first, Test):
            return (Test(start, self.binary(ADD, self.steps(first.expression))),)
        return tests

    def tests(self) -> tuple[Node, ...]:
        """Unary tests with commas between them."""
        tests = [self.test()]
        while self.skip(","):
            tests.append(self.test())
        return tuple(tests)

    def test(self) -> Node:
        """One unary test: a comparison without its left side, or an expression."""
        start = self.start
        if self.sees(*_COMPARATORS):
            operator = self.take().text
            return Comparison(start, operator, Name(start, "?"), self.binary(ADD))
        return Test(start, self.expression())

    def unary(self) -> Node:
        start = self.start
        signs = 0
        while self.skip("-"):
            signs += 1
        node = self.postfix()
        while self.sees("instance") and self.ahead(1).text == "of":
            at = self.start
            self.at += 2
            node = InstanceOf(at, node, self.type())
        for _ in range(min(signs, 2 - signs % 2)):  # two signs undo each other
            node = Negation(start, node)
        return node

    def control(self) -> Node:
        with self.nested():
            if self.sees("if"):
                return self.conditional()
            if self.sees("for"):
                return self.loop()
            return self.quantified()

    def conditional(self) -> Node:
        start = self.start
        branches: list[tuple[Node, Node]] = []
        while self.skip("if"):
            condition = self.expression()
            self.expect("then")
            result = self.expression()
            branches.append((condition, result))
            self.expect("else")
        return Conditional(start, tuple(branches), self.expression())

    def loop(self) -> Node:
        start = self.take().start
        with self.scope() as names:
            iterators = [self.iterator()]
            names.add(iterators[0].name)
            while self.skip(","):
                iterators.append(self.iterator())
                names.add(iterators[-1].name)
            self.expect("return")
            return Loop(start, tuple(iterators), self.expression())

    def quantified(self) -> Node:
        start, every = self.start, self.take().text == "every"
        with self.scope() as names:
            iterators = [self.iterator()]
            names.add(iterators[0].name)
            while self.skip(","):
                iterators.append(self.iterator())
                names.add(iterators[-1].name)
            self.expect("satisfies")
            return Quantified(start, every, tuple(iterators), self.expression())

    def iterator(self) -> Iterator:
        start = self.start
        name = self.words_before("in")
        self.expect("in")
        source = self.expression()
        return Iterator(start, name, source, self.endpoint() if self.skip("..") else None)
