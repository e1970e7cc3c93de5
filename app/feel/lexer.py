"""Text of FEEL to tokens; names stay in pieces here, as only the parser knows which names with spaces are in scope."""

from __future__ import annotations

from typing import NamedTuple

from app.feel.errors import error_at
from app.feel.numbers import ARITHMETIC
from app.feel.run import Value

_TWO_CHARACTERS = frozenset(("**", "..", "<=", ">=", "!=", "->"))
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "'": "'", '"': '"', "\\": "\\"}
_DIGITS = frozenset("0123456789")
_NAME_SIGNS = (("\u200c", "\u200d"), ("\u2070", "\u218f"), ("\u2c00", "\u2fef"))
_BLANKS = frozenset("\ufeff\u180e\u200b\x85")  # beside those that Python calls so
_HEX = frozenset("0123456789abcdefABCDEF")


class Token(NamedTuple):
    """One piece of text: `kind` is number, string, temporal (@"..."), name, quoted (`name`), symbol or end."""

    kind: str
    text: str
    start: int
    end: int
    value: Value = None


def tokens_of(source: str) -> list[Token]:
    """All tokens of `source`, the last of kind "end"; FeelError for a text or comment that is never closed."""
    return _Lexer(source).all()


def is_name_start(character: str) -> bool:
    """Whether a name may begin so: letters of every script, the underscore, and what lies beyond the basic plane.

    Of rule 28 the punctuation of Chinese and Japanese is left out, which people type for signs of FEEL.
    """
    if character.isidentifier() or character >= "\U00010000":
        return True
    return character > "\u2000" and any(first <= character <= last for first, last in _NAME_SIGNS)


def is_name_part(character: str) -> bool:
    """Whether a name may go on so."""
    return is_name_start(character) or ("a" + character).isidentifier()


class _Lexer:
    """A place in the text that moves to the right."""

    def __init__(self, source: str) -> None:
        self.source, self.at, self.tokens = source, 0, list[Token]()

    def all(self) -> list[Token]:
        while True:
            self.skip_blank()
            if self.at >= len(self.source):
                self.tokens.append(Token("end", "", self.at, self.at))
                return self.tokens
            self.tokens.append(self.next())

    def skip_blank(self) -> None:
        source = self.source
        while self.at < len(source):
            if source[self.at].isspace() or source[self.at] in _BLANKS:
                self.at += 1
            elif source.startswith("//", self.at):
                end = source.find("\n", self.at)
                self.at = len(source) if end < 0 else end
            elif source.startswith("/*", self.at):
                end = source.find("*/", self.at + 2)
                if end < 0:
                    raise error_at(source, self.at, "注释没有结束，缺少 */", "the comment is never closed by */")
                self.at = end + 2
            else:
                return

    def next(self) -> Token:
        character = self.source[self.at]
        following = self.source[self.at + 1 : self.at + 2]
        if character in _DIGITS or (character == "." and following in _DIGITS and following):
            return self.number()
        if is_name_start(character):
            return self.name()
        if character == '"':
            return self.string(self.at)
        if character == "@" and following == '"':
            self.at += 1
            return self.string(self.at - 1, "temporal")
        if character == "`":
            return self.quoted_name()
        return self.symbol()

    def symbol(self) -> Token:
        start = self.at
        pair = self.source[start : start + 2]
        self.at += 2 if pair in _TWO_CHARACTERS else 1
        if self.source[start] == "?":
            return Token("name", "?", start, self.at)
        return Token("symbol", self.source[start : self.at], start, self.at)

    def name(self) -> Token:
        start, source = self.at, self.source
        while self.at < len(source) and is_name_part(source[self.at]):
            self.at += 1
        return Token("name", source[start : self.at], start, self.at)

    def quoted_name(self) -> Token:
        start = self.at
        end = self.source.find("`", start + 1)
        if end < 0:
            raise error_at(self.source, start, "名称没有结束，缺少 `", "the name is never closed by `")
        self.at = end + 1
        return Token("quoted", " ".join(self.source[start + 1 : end].split()), start, self.at)

    def digits(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in _DIGITS:
            self.at += 1

    def number(self) -> Token:
        start, source = self.at, self.source
        self.digits()
        if source[self.at : self.at + 1] == "." and source[self.at + 1 : self.at + 2] in _DIGITS:
            self.at += 1
            self.digits()
        self.exponent()
        text = source[start : self.at]
        value = ARITHMETIC.create_decimal(text)
        return Token("number", text, start, self.at, value if value.is_finite() else None)

    def exponent(self) -> None:
        source, at = self.source, self.at
        if source[at : at + 1] in ("e", "E"):
            at += 2 if source[at + 1 : at + 2] in ("+", "-") else 1
            if source[at : at + 1] in _DIGITS:
                self.at = at
                self.digits()

    def string(self, start: int, kind: str = "string") -> Token:
        source, pieces = self.source, list[str]()
        self.at += 1
        while self.at < len(source):
            character = source[self.at]
            self.at += 1
            if character == '"':
                return Token(kind, source[start : self.at], start, self.at, self.joined(pieces, start))
            pieces.append(self.escape() if character == "\\" else character)
        raise error_at(source, start, '文本没有结束，缺少引号 "', 'the text is never closed by a quote "')

    def escape(self) -> str:
        """What a backslash stands for; one before any other character is kept, as patterns for matches() need it."""
        letter = self.source[self.at : self.at + 1]
        length = {"u": 4, "U": 6}.get(letter, 0)
        code = self.source[self.at + 1 : self.at + 1 + length]
        if length and len(code) == length and _HEX.issuperset(code) and int(code, 16) <= 0x10FFFF:
            self.at += 1 + length
            return chr(int(code, 16))
        if letter in _ESCAPES:
            self.at += 1
            return _ESCAPES[letter]
        return "\\"

    def joined(self, pieces: list[str], start: int) -> str:
        text = "".join(pieces)
        if any("\ud800" <= piece <= "\udfff" for piece in pieces):
            try:  # two halves written one after the other are one character
                return text.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                raise error_at(
                    self.source, start, "文本中有不完整的 Unicode 字符", "the text holds half a Unicode character"
                ) from None
        return text
