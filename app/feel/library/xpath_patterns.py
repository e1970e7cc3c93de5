"""The patterns of XPath (F&O 3.1, 5.6; XML Schema's with anchors and groups) written for RE2, which is linear in time.

Of back references only those to a group of fixed letters are possible; a pattern with another is refused.
"""

from __future__ import annotations

from app.feel.library.character_sets import (
    BLOCKS,
    CATEGORIES,
    INITIALS,
    NAME_CHARACTERS,
    SPACES,
    Ranges,
    category,
    complement,
    in_any_case,
    minus,
    union,
)

_SIGNS = frozenset("\\|.?*+(){}-[]^$")
_BLANKS = frozenset("\t\n\r ")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_DIGITS = frozenset("0123456789")
_WORD = ("L", "M", "N", "S")
FLAGS = frozenset("smixq")
LONGEST_REPEATED = 100  # letters of a group that is referred to
MOST_READ, MOST_WRITTEN = 20_000, 500_000  # characters; RE2 refuses programs as large anyhow


class NoPattern(Exception):
    """The text is no pattern of XPath, or one that cannot be matched in linear time."""


def for_re2(pattern: str, flags: str) -> str:
    """The pattern with its flags as RE2 reads it; NoPattern where it is none."""
    if not FLAGS.issuperset(flags) or len(pattern) > MOST_READ:
        raise NoPattern
    fold = "(?i)" if "i" in flags else ""
    if "q" in flags:
        return fold + "".join(map(_escaped, pattern))
    if "x" in flags:
        pattern = _without_blanks(pattern)
    return fold + ("(?m)" if "m" in flags else "") + _Translator(pattern, flags).whole()


def _without_blanks(pattern: str) -> str:
    pieces: list[str] = []
    depth, escaped = 0, False
    for character in pattern:
        if character in _BLANKS and not depth:
            continue
        pieces.append(character)
        if not escaped and character in "[]":
            depth += 1 if character == "[" else -1
        escaped = character == "\\" and not escaped
    return "".join(pieces)


def _escaped(character: str) -> str:
    return f"\\x{{{ord(character):x}}}" if not character.isalnum() else character


def _class(ranges: Ranges) -> str:
    if not ranges:
        return "[^\\x{0}-\\x{10ffff}]"
    return "[" + "".join(f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in ranges) + "]"


class _Translator:
    """Reads a pattern from left to right; `fixed` are the groups that always match the same letters."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern, self.flags, self.at = pattern, flags, 0
        self.depth = self.groups = self.size = 0
        self.open: set[int] = set()
        self.fixed: dict[int, str] = {}

    def whole(self) -> str:
        """The whole pattern for RE2."""
        found = self.branches()
        if self.at < len(self.pattern):
            raise NoPattern
        return found

    def ahead(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        if self.at >= len(self.pattern):
            raise NoPattern
        self.at += 1
        return self.pattern[self.at - 1]

    def branches(self) -> str:
        pieces: list[str] = []
        while self.ahead() not in ("", ")"):
            if self.ahead() == "|":
                pieces.append(self.take())
                self.fixed = {} if not self.depth else self.fixed
            else:
                pieces.append(self.piece())
        return "".join(pieces)

    def piece(self) -> str:
        before = self.groups
        atom = self.atom()
        quantifier = self.quantifier()
        if quantifier:
            for group in range(before + 1, self.groups + 1):
                self.fixed.pop(group, None)
        self.size += len(atom)
        if self.size > MOST_WRITTEN:
            raise NoPattern
        return atom + quantifier

    def quantifier(self) -> str:
        sign = self.ahead()
        if sign == "" or sign not in "?*+{":
            return ""
        found = self.take()
        if sign == "{":
            end = self.pattern.find("}", self.at)
            least, comma, most = self.pattern[self.at : end].partition(",")
            bounds = [bound for bound in (least, most) if bound]
            if end < 0 or not least or not all(_DIGITS.issuperset(bound) and len(bound) < 5 for bound in bounds):
                raise NoPattern
            if most and int(most) < int(least):
                raise NoPattern
            found, self.at = f"{{{least}{comma}{most}}}", end + 1
        if self.ahead() == "?":
            found += self.take()
        return found

    def atom(self) -> str:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return _class(self.class_ranges())
        if character == ".":
            return "(?s:.)" if "s" in self.flags else "[^\\n\\r]"
        if character in "^$":
            return character
        if character == "\\":
            return self.escape()
        if character in "?*+{}|)]":
            raise NoPattern
        return _escaped(character)

    def group(self) -> str:
        plain = self.ahead() == "?"
        if plain and self.pattern[self.at : self.at + 2] != "?:":
            raise NoPattern
        self.at += 2 if plain else 0
        self.depth += 1
        start = self.at
        if not plain:
            self.groups += 1
        number = self.groups
        self.open |= set() if plain else {number}
        inner = self.branches()
        written = self.pattern[start : self.at]
        if self.take() != ")":
            raise NoPattern
        self.depth -= 1
        self.open -= set() if plain else {number}
        if not plain and not self.depth and len(written) <= LONGEST_REPEATED and not _SIGNS.intersection(written):
            self.fixed[number] = written
        return f"({'?:' if plain else ''}{inner})"

    def escape(self) -> str:
        character = self.take()
        if character in _SIGNS or character in _CONTROLS:
            return _escaped(_CONTROLS.get(character, character))
        if character in _DIGITS:
            return self.back_reference(character)
        if character in "dw":
            return "\\p{Nd}" if character == "d" else "[" + "".join(f"\\p{{{name}}}" for name in _WORD) + "]"
        if character in "DW":
            return "\\P{Nd}" if character == "D" else "[^" + "".join(f"\\p{{{name}}}" for name in _WORD) + "]"
        return _class(self.many(character))

    def back_reference(self, digits: str) -> str:
        while self.ahead() in _DIGITS and self.ahead() and int(digits + self.ahead()) <= self.groups:
            digits += self.take()
        text = self.fixed.get(int(digits))
        if text is None or int(digits) in self.open:
            raise NoPattern
        return "".join(map(_escaped, text))

    def many(self, character: str) -> Ranges:
        """The characters that an escape such as \\i, \\S or \\p{Lu} stands for."""
        found = self.property() if character in "pP" else self.known(character.lower())
        return complement(found) if character.isupper() else found

    def known(self, character: str) -> Ranges:
        if character == "w":
            return union(each for name in _WORD for each in category(name))
        if character == "d":
            return category("Nd")
        found = {"s": SPACES, "i": INITIALS, "c": NAME_CHARACTERS}.get(character)
        if found is None:
            raise NoPattern
        return found

    def property(self) -> Ranges:
        end = self.pattern.find("}", self.at)
        name = self.pattern[self.at + 1 : end]
        if self.ahead() != "{" or end < 0:
            raise NoPattern
        self.at = end + 1
        if name.startswith("Is") and name[2:] in BLOCKS:
            return BLOCKS[name[2:]]
        if name not in CATEGORIES:
            raise NoPattern
        return category(name)

    def class_ranges(self) -> Ranges:
        """What stands in brackets, behind the opening one."""
        negated = self.ahead() == "^"
        self.at += negated
        found: list[tuple[int, int]] = []
        start, less = self.at, None
        while self.ahead() != "]" or self.at == start:
            if self.pattern[self.at : self.at + 2] == "-[" and self.at > start:
                self.at += 2
                less = self.class_ranges()
                break
            found += self.member(first=self.at == start)
        if self.take() != "]":
            raise NoPattern
        ranges = self.cased(union(found))
        ranges = complement(ranges) if negated else ranges
        return ranges if less is None else minus(ranges, less)

    def cased(self, ranges: Ranges) -> Ranges:
        return in_any_case(ranges) if "i" in self.flags else ranges

    def member(self, first: bool) -> Ranges:
        """A character, a range of characters, or an escape for many."""
        character = self.take()
        if character == "\\":
            escape = self.take()
            if escape not in _SIGNS and escape not in _CONTROLS:
                return self.many(escape)
            character = _CONTROLS.get(escape, escape)
        elif character in "[]" or (character == "-" and not first and self.ahead() != "]"):
            raise NoPattern
        if self.ahead() != "-" or self.pattern[self.at + 1 : self.at + 2] in ("]", "["):
            return ((ord(character), ord(character)),)
        self.at += 1
        last = self.take()
        if last == "\\":
            escape = self.take()
            if escape not in _SIGNS and escape not in _CONTROLS:
                raise NoPattern
            last = _CONTROLS.get(escape, escape)
        elif last == "[":
            raise NoPattern
        if last < character:
            raise NoPattern
        return ((ord(character), ord(last)),)
