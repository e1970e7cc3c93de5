"""The parser's place in the tokens: look, take, go back, match names in scope, and say what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from app.feel.errors import FeelError, error_at
from app.feel.lexer import Token, tokens_of
from app.feel.names import NameTable
from app.feel.run import Limits
from app.texts import Text

RESERVED = frozenset(
    ("and", "or", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between", "instance")
)
_HINTS = {
    "==": ("相等用一个 =", "equality is written with one ="),
    "&&": ("“并且”写作 and", "write and"),
    "||": ("“或者”写作 or", "write or"),
    "!": ("否定写作 not(...)", "write not(...)"),
    "'": ('文本用双引号 "', 'a text needs double quotes "'),
}


class Cursor:
    """Tokens of one text, with the compound names that are in scope at the place reached."""

    def __init__(self, source: str, names: Iterable[str] | NameTable, builtins: NameTable, limits: Limits) -> None:
        if len(source) > limits.characters:
            most = limits.characters
            raise FeelError(0, Text(f"表达式超过 {most} 个字符", f"the expression is longer than {most} characters"))
        self.source, self.limits = source, limits
        self.tokens, self.at, self.nesting = tokens_of(source), 0, 0
        self.keys = NameTable()  # of all contexts read so far, which may stand behind a dot
        self.scopes = [builtins, names if isinstance(names, NameTable) else NameTable(names)]

    @property
    def token(self) -> Token:
        """The token reached."""
        return self.tokens[self.at]

    @property
    def start(self) -> int:
        """Where in the text the token reached begins."""
        return self.tokens[self.at].start

    def sees(self, *texts: str) -> bool:
        """Whether the token reached is one of these symbols or words (texts in quotes never are)."""
        token = self.tokens[self.at]
        return token.text in texts and token.kind in ("symbol", "name")

    def ahead(self, distance: int) -> Token:
        """The token `distance` further on, the end where there is none."""
        return self.tokens[min(self.at + distance, len(self.tokens) - 1)]

    def take(self) -> Token:
        """The token reached; moves on."""
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def skip(self, *texts: str) -> bool:
        """Move on where the token reached is one of these."""
        if self.sees(*texts):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Move on over `text`; FeelError where something else stands there."""
        if not self.skip(text):
            raise self.unexpected(f"“{text}”", f"`{text}`")

    def unexpected(self, zh: str, en: str) -> FeelError:
        """The error here: what was expected and what was found."""
        token = self.token
        found_zh = "表达式已结束" if token.kind == "end" else f"却是“{token.text[:40]}”"
        found_en = "the expression ends" if token.kind == "end" else f"found `{token.text[:40]}`"
        hint = _HINTS.get(self._signs_here())
        if token.kind == "name" and self.at and self.tokens[self.at - 1].kind == "name":
            hint = (
                "带空格的名称须在作用域内，或写在反引号 ` 之间",
                "a name with spaces must be in scope, or in backticks",
            )
        more_zh, more_en = (f"（{hint[0]}）", f" ({hint[1]})") if hint else ("", "")
        return error_at(
            self.source, token.start, f"此处应为{zh}，{found_zh}{more_zh}", f"expected {en}, but {found_en}{more_en}"
        )

    def _signs_here(self) -> str:
        start = self.token.start
        for signs in (self.source[max(start - 1, 0) : start + 1], self.source[start : start + 2]):
            if signs in _HINTS:
                return signs
        return self.token.text

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One level deeper; FeelError where the expression nests too deep."""
        self.nesting += 1
        if self.nesting > self.limits.nesting:
            most = self.limits.nesting
            raise error_at(
                self.source, self.start, f"表达式嵌套超过 {most} 层", f"the expression nests deeper than {most} levels"
            )
        yield
        self.nesting -= 1

    @contextmanager
    def scope(self, *names: str) -> Iterator[NameTable]:
        """A scope in which `names` (and those added to it) are known too."""
        table = NameTable(names)
        self.scopes.append(table)
        yield table
        self.scopes.pop()

    def known_name(self) -> tuple[int, str] | None:
        """The longest compound name in scope at the token reached: its number of tokens, and the name."""
        best: tuple[int, str] | None = None
        for table in self.scopes:
            found = table.longest(self.tokens, self.at)
            if found and table is self.scopes[0] and not self._is_meant(found[0]):
                continue
            if found and (best is None or found[0] >= best[0]):
                best = found
        return best

    def _is_meant(self, length: int) -> bool:
        """Whether the built-in ahead is meant: "date and time" only where it is called, else it joins two variables."""
        words = {token.text for token in self.tokens[self.at : self.at + length]}
        return self.ahead(length).text == "(" or not words & RESERVED
