"""Names made of several words or signs ("date and time", "Date-Time"), found in the tokens by the longest match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.feel.errors import FeelError
from app.feel.lexer import Token, tokens_of

MAX_NAME_LENGTH = 200


class NameTable:
    """Compound names by their first piece; simple names need no entry."""

    __slots__ = ("_by_first",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Know `name`; one that no expression could write (an open quote in it) is left out."""
        pieces = pieces_of(name)
        if len(pieces) > 1:
            known = self._by_first.setdefault(pieces[0], [])
            known.append((pieces, name))
            known.sort(key=lambda entry: -len(entry[0]))

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[int, str] | None:
        """How many tokens from `at` on form a known name, and the name."""
        for pieces, name in self._by_first.get(tokens[at].text, ()):
            if all(tokens[at + i].text == piece for i, piece in enumerate(pieces) if at + i < len(tokens)):
                return len(pieces), name
        return None


def pieces_of(name: str) -> tuple[str, ...]:
    """The texts of the tokens that `name` consists of; empty where it cannot be written."""
    if len(name) > MAX_NAME_LENGTH:
        return ()
    try:
        tokens = tokens_of(name)
    except FeelError:
        return ()
    if tokens[0].kind != "name":
        return ()
    return tuple(token.text for token in tokens[:-1])


def joined(source: str, tokens: Sequence[Token]) -> str:
    """The name that tokens of `source` form, blanks between them as one space."""
    return " ".join(source[tokens[0].start : tokens[-1].end].split())
