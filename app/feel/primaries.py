"""The grammar of what stands between operators: literals, names, lists, ranges, contexts, functions and calls."""

from __future__ import annotations

from abc import abstractmethod

from app.feel.cursor import RESERVED
from app.feel.errors import error_at
from app.feel.literals import temporal_from_text
from app.feel.names import NameTable
from app.feel.properties import PROPERTIES
from app.feel.syntax import Call, Constant, ContextOf, Definition, Filter, ListOf, Name, Node, Path, RangeOf
from app.feel.type_names import TypeParser
from app.feel.types import Type

_WORDS = {"true": True, "false": False, "null": None}
_COMPARATORS = ("<", "<=", ">", ">=", "=", "!=")
PROPERTY_NAMES = NameTable(name for names in PROPERTIES.values() for name in names)
CONTROL = frozenset(("if", "for", "some", "every"))


class PrimaryParser(TypeParser):
    """Reads operands; the operators around them are read by its heir."""

    @abstractmethod
    def expression(self) -> Node:
        """A whole expression (the heir's)."""

    @abstractmethod
    def control(self) -> Node:
        """What begins with if, for, some or every (the heir's)."""

    @abstractmethod
    def endpoint(self) -> Node:
        """One end of a range: everything but comparisons and logic (the heir's)."""

    def postfix(self) -> Node:
        """An operand with the paths, filters and calls behind it."""
        return self.steps(self.primary())

    def steps(self, node: Node) -> Node:
        """The paths, filters and calls behind `node`."""
        while True:
            if self.sees("."):
                node = self.path(node)
            elif self.sees("("):
                node = self.call(node)
            elif self.sees("[") and self.begins_filter():
                node = self.filter(node)
            else:
                return node

    def primary(self) -> Node:
        token = self.token
        if token.kind in ("number", "string"):
            return Constant(self.take().start, token.value)
        if token.kind == "temporal":
            return Constant(self.take().start, temporal_from_text(str(token.value)))
        if token.kind == "quoted":
            return Name(self.take().start, token.text)
        if token.kind == "name":
            return self.word()
        with self.nested():
            if token.text == "[":
                return self.list_or_range()
            if token.text == "(":
                return self.parenthesis()
            if token.text == "{":
                return self.context()
            if token.text == "]" and token.kind == "symbol":
                return self.open_range()
        raise self.unexpected("一个值或名称", "a value or a name")

    def word(self) -> Node:
        start = self.start
        if found := self.known_name():
            self.at += found[0]
            return Name(start, found[1])
        text = self.token.text
        if text in CONTROL:
            return self.control()
        if text in _WORDS:
            return Constant(self.take().start, _WORDS[text])
        if text == "function" and self.ahead(1).text == "(":
            return self.definition()
        if text in RESERVED:
            raise self.unexpected("一个值或名称", "a value or a name")
        return Name(self.take().start, text)

    def path(self, base: Node) -> Node:
        start = self.start
        self.expect(".")
        if self.token.kind == "quoted":
            return Path(start, base, self.take().text)
        if self.token.kind != "name":
            raise self.unexpected("属性名", "the name of a property")
        known = PROPERTY_NAMES.longest(self.tokens, self.at) or self.keys.longest(self.tokens, self.at)
        if found := known or self.known_name():
            self.at += found[0]
            return Path(start, base, found[1])
        return Path(start, base, self.take().text)

    def call(self, callee: Node) -> Node:
        start = self.start
        with self.nested():
            self.expect("(")
            named = self.named_argument()
            names: list[str] = []
            arguments: list[Node] = []
            while not self.sees(")"):
                if named:
                    names.append(self.words_before(":"))
                    self.expect(":")
                arguments.append(self.expression())
                if not self.skip(","):
                    break
            self.expect(")")
        if len(set(names)) < len(names):
            raise error_at(self.source, start, "同名参数出现两次", "a parameter is named twice")
        return Call(callee.at, callee, tuple(arguments), tuple(names) if named else None)

    def named_argument(self) -> bool:
        """Whether the arguments ahead are written name: value."""
        distance = 0
        while self.ahead(distance).kind in ("name", "number", "quoted") or self.ahead(distance).text in ("-", "+", "'"):
            distance += 1
        return distance > 0 and self.ahead(0).kind in ("name", "quoted") and self.ahead(distance).text == ":"

    def begins_filter(self) -> bool:
        """Whether the bracket ahead opens a filter, and does not close a range like [1..5[."""
        following = self.ahead(1)
        if following.kind == "symbol":
            return following.text in ("(", "[", "{", "-")
        return following.kind != "end" and (following.kind != "name" or following.text not in RESERVED - CONTROL)

    def filter(self, base: Node) -> Node:
        start = self.start
        with self.nested():
            self.expect("[")
            condition = self.expression()
            self.expect("]")
        return Filter(start, base, condition)

    def list_or_range(self) -> Node:
        start = self.start
        self.expect("[")
        items: list[Node] = []
        while not self.sees("]"):
            items.append(self.item())
            if len(items) == 1 and self.sees(".."):
                return self.range_from(start, items[0], True)
            if not self.skip(","):
                break
        self.expect("]")
        return ListOf(start, tuple(items))

    def item(self) -> Node:
        """An element of a list: an expression, or a comparison that stands for an open range."""
        return self.half_line() if self.sees(*_COMPARATORS) else self.expression()

    def half_line(self) -> Node:
        """> 5 and its like as a range."""
        start, sign = self.start, self.take().text
        end = self.endpoint()
        if sign in ("<", "<="):
            return RangeOf(start, None, end, False, sign == "<=")
        if sign in (">", ">="):
            return RangeOf(start, end, None, sign == ">=", False)
        if sign == "!=":
            raise error_at(self.source, start, "!= 不能表示区间", "!= does not make a range")
        return RangeOf(start, end, end, True, True)

    def parenthesis(self) -> Node:
        start = self.start
        self.expect("(")
        inner = self.item()
        if self.sees(".."):
            return self.range_from(start, inner, False)
        self.expect(")")
        return inner

    def open_range(self) -> Node:
        start = self.start
        self.expect("]")
        return self.range_from(start, self.endpoint(), False)

    def range_from(self, start: int, low: Node, included: bool) -> Node:
        self.expect("..")
        high = self.endpoint()
        if not self.sees("]", ")", "["):
            raise self.unexpected("区间的结尾 ] 或 )", "the range's end ] or )")
        return RangeOf(start, low, high, included, self.take().text == "]")

    def context(self) -> Node:
        start = self.start
        self.expect("{")
        entries: dict[str, Node] = {}
        with self.scope() as names:
            while not self.sees("}"):
                at = self.start
                key = self.words_before(":")
                self.expect(":")
                if key in entries:
                    raise error_at(self.source, at, f"键“{key}”出现两次", f"the key `{key}` is given twice")
                entries[key] = self.expression()
                names.add(key)
                self.keys.add(key)
                if not self.skip(","):
                    break
            self.expect("}")
        return ContextOf(start, tuple(entries.items()))

    def definition(self) -> Node:
        start = self.take().start
        self.expect("(")
        parameters: list[tuple[str, Type | None]] = []
        while not self.sees(")"):
            name = self.words_before(":", ",", ")")
            parameters.append((name, self.type() if self.skip(":") else None))
            if not self.skip(","):
                break
        self.expect(")")
        with self.nested(), self.scope(*(name for name, _ in parameters)):
            if self.skip("external"):
                self.expression()
                return Definition(start, tuple(parameters), None)
            return Definition(start, tuple(parameters), self.expression())
