"""Names made of several words or signs ("date and time", "Date-Time"), found in the tokens by the longest match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.feel.errors import FeelError
from app.feel.lexer import Token, tokens_of

MAX_NAME_LENGTH = 200


class NameTable:
    """Compound names by their first piece; simple names need no entry."""

    __slots__ = ("_by_pieces", "_lengths")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_pieces: dict[tuple[str, ...], str] = {}
        self._lengths: dict[str, list[int]] = {}  # the numbers of pieces of the names with that first piece, from most
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Know `name`; one that no expression could write (an open quote in it) is left out."""
        pieces = () if name.isidentifier() else pieces_of(name)
        if len(pieces) > 1:
            self._by_pieces.setdefault(pieces, name)
            lengths = self._lengths.setdefault(pieces[0], [])
            if len(pieces) not in lengths:
                lengths.append(len(pieces))
                lengths.sort(reverse=True)

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[int, str] | None:
        """How many tokens from `at` on form a known name, and the name."""
        for length in self._lengths.get(tokens[at].text, ()):
            name = self._by_pieces.get(tuple(token.text for token in tokens[at : at + length]))
            if name is not None:
                return length, name
        return None


@lru_cache(maxsize=4096)
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
