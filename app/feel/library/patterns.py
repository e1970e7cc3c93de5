"""Built-ins with regular expressions, matched by RE2 in linear time; look-around and back references give null."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

from app.feel.library.registry import builtin
from app.feel.library.xpath_patterns import NoPattern, for_re2
from app.feel.run import Run, Value

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 2 << 20  # bytes of one program; RE2 keeps 128 of them
_DIGITS = frozenset("0123456789")


STEPS_OF_A_REFUSED_PATTERN = 200  # RE2 tries before it finds a program too large
INSTRUCTIONS_A_STEP = 8  # that are compiled while one step is taken
MOVES_A_STEP = 128  # a move is one character read by one instruction, which RE2 does at worst for all of them


def compiled(run: Run, pattern: str, flags: str) -> Any:
    """The RE2 program of an XPath pattern, null where the pattern or a flag is none; charged by its size."""
    run.spend(len(pattern))
    program = _program(pattern, flags)
    size = STEPS_OF_A_REFUSED_PATTERN if program is None else program.programsize // INSTRUCTIONS_A_STEP
    run.spend(size)
    return program


@lru_cache(maxsize=128)
def _program(pattern: str, flags: str) -> Any:
    try:
        return re2.compile(for_re2(pattern, flags), _OPTIONS)
    except (re2.error, UnicodeEncodeError, NoPattern, RecursionError):
        return None


def matches_in(run: Run, program: Any, text: str) -> Iterator[Any]:
    """The matches from left to right, each search charged with the text still to be read and the program's size."""
    size = program.programsize
    run.spend(1 + len(text) * size // MOVES_A_STEP)
    for match in program.finditer(text):
        run.spend(1 + (len(text) - match.start()) * size // MOVES_A_STEP)
        yield match


@builtin("matches", "input: string", "pattern: string", "flags?: string?")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Whether some part of the text matches the pattern."""
    program = compiled(run, pattern, flags or "")
    return None if program is None else next(matches_in(run, program, text), None) is not None


@builtin("replace", "input: string", "pattern: string", "replacement: string", "flags?: string?")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Every match replaced; $1 stands for a group, $0 for the match, \\$ for the sign; null if nothing matches too."""
    program = compiled(run, pattern, flags or "")
    if program is None:
        return None
    literally = flags is not None and "q" in flags
    pieces = [replacement] if literally else _replacement(replacement, program.groups)
    if pieces is None or program.search("") is not None:
        return None
    results: list[str] = []
    end = length = 0
    for match in matches_in(run, program, text):
        results.append(text[end : match.start()])
        results += [piece if isinstance(piece, str) else match.group(piece) or "" for piece in pieces]
        end = match.end()
        length += sum(len(result) for result in results[-1 - len(pieces) :])
        run.allow_text(length)
    return "".join((*results, text[end:]))


def _replacement(text: str, groups: int) -> list[str | int] | None:
    """The literal pieces and group numbers of a replacement; null for a $ or backslash that stands alone."""
    pieces: list[str | int] = []
    at = 0
    while at < len(text):
        character = text[at]
        following = text[at + 1 : at + 2]
        if character == "\\" and following in ("$", "\\"):
            pieces.append(following)
            at += 2
        elif character == "$" and following in _DIGITS and following:
            end = at + 2
            while text[end : end + 1] in _DIGITS and text[end : end + 1] and int(text[at + 1 : end + 1]) <= groups:
                end += 1
            group = int(text[at + 1 : end])
            pieces.append(group if group <= groups else "")
            at = end
        elif character in "\\$":
            return None
        else:
            pieces.append(character)
            at += 1
    return pieces


@builtin("split", "string: string", "delimiter: string")
def split(run: Run, text: str, delimiter: str) -> list[Value] | None:
    """The pieces between the matches of the delimiter, a pattern; null where that matches the empty text."""
    program = compiled(run, delimiter, "")
    if program is None or program.search("") is not None:
        return None
    pieces: list[Value] = []
    end = 0
    for match in matches_in(run, program, text):
        pieces.append(text[end : match.start()])
        end = match.end()
    return [*pieces, text[end:]]


@builtin("extract", "string: string", "pattern: string")
def extract(run: Run, text: str, pattern: str) -> list[Value] | None:
    """All matches of the pattern (Camunda)."""
    program = compiled(run, pattern, "")
    return None if program is None else [match.group() for match in matches_in(run, program, text)]
