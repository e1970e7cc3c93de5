"""Words that fit into a shape: how wide letters are in a drawing, and where a line may break."""

from __future__ import annotations

from collections.abc import Iterator

WIDE, NARROW = 12.5, 6.8  # of a Chinese and a Latin letter at 13 px, in a drawing's units


def cut_lines(words: str, room: float, most: int) -> tuple[str, ...]:
    """The words cut to lines of `room` units; Chinese breaks anywhere, Latin at spaces."""
    lines, line = [], ""
    for piece in _pieces(words):
        if line and _length(line + piece.rstrip()) > room:
            lines.append(line.strip())
            line = ""
        line += piece
    lines = [one for one in [*lines, line.strip()] if one]
    return (*lines[: most - 1], lines[most - 1] + "…") if len(lines) > most else tuple(lines)


def _pieces(words: str) -> Iterator[str]:
    piece = ""
    for letter in words:
        piece += letter
        if ord(letter) > 0x2E7F or letter in " \n":
            yield piece
            piece = ""
    if piece:
        yield piece


def _length(words: str) -> float:
    return sum(WIDE if ord(letter) > 0x2E7F else NARROW for letter in words)
