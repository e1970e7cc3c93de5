"""The grammar of types: number, list<string>, context<a: date>, function<number>->string, and item definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.feel.cursor import Cursor
from app.feel.lexer import Token
from app.feel.names import NameTable, joined
from app.feel.run import Limits
from app.feel.types import SIMPLE_TYPE_NAMES, UNKNOWN, Type

_TYPE_NAMES = NameTable(SIMPLE_TYPE_NAMES)


class TypeParser(Cursor):
    """Reads types; `types` are the item definitions in scope by name."""

    def __init__(
        self,
        source: str,
        names: Iterable[str] | NameTable,
        builtins: NameTable,
        limits: Limits,
        types: Mapping[str, Type],
    ) -> None:
        super().__init__(source, names, builtins, limits)
        self.types = types
        self.type_names = NameTable(types)

    def type(self) -> Type | None:
        """The type written here; null for one that nobody defined."""
        with self.nested():
            name = self.type_name()
            if name == "list" or name == "range":
                return Type(name, of=self.element_type())
            if name == "context":
                return self.context_type()
            if name == "function":
                return self.function_type()
            if name in self.types:
                return self.types[name]
            return Type(name) if name in SIMPLE_TYPE_NAMES else None

    def type_name(self) -> str:
        """The name of a type, of one or several words, dots between imported parts."""
        if self.token.kind not in ("name", "quoted"):
            raise self.unexpected("类型", "a type")
        for table in (self.type_names, _TYPE_NAMES):
            if found := table.longest(self.tokens, self.at):
                self.at += found[0]
                return found[1]
        pieces: list[Token] = [self.take()]
        while self.sees(".") and self.ahead(1).kind == "name":
            pieces += [self.take(), self.take()]
        return joined(self.source, pieces)

    def element_type(self) -> Type | None:
        if not self.skip("<"):
            return None
        inner = self.type()
        self.expect(">")
        return inner or UNKNOWN

    def context_type(self) -> Type:
        entries: dict[str, Type] = {}
        if self.skip("<"):
            while not self.sees(">"):
                key = self.words_before(":", ",", ">")
                self.expect(":")
                entries[key] = self.type() or UNKNOWN
                if not self.skip(","):
                    break
            self.expect(">")
        return Type("context", entries=entries)

    def function_type(self) -> Type:
        if not self.skip("<"):
            return Type("function")
        parameters: list[Type] = []
        while not self.sees(">"):
            parameters.append(self.type() or UNKNOWN)
            if not self.skip(","):
                break
        self.expect(">")
        self.expect("->")
        return Type("function", parameters=tuple(parameters), result=self.type())

    def words_before(self, *ends: str) -> str:
        """The name that stands before one of these symbols, whatever pieces it has."""
        first = self.at
        if self.token.kind == "string":
            return str(self.take().value)
        if self.token.kind not in ("name", "quoted"):
            raise self.unexpected("名称", "a name")
        if self.token.kind == "quoted":
            return self.take().text
        while self.token.kind in ("name", "number") or (self.token.kind == "symbol" and self.token.text in "+-*/.'"):
            if self.at > first and self.sees(*ends):
                break
            self.take()
        return joined(self.source, self.tokens[first : self.at])
