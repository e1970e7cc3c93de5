"""One input of a table cut into atoms: no cell can tell two values of an atom apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from app.decisions.analysis.constants import Cuts
from app.decisions.analysis.lines import NUMBERS, TEXTS, WHOLE_NUMBERS, Line, TextLine, line_of
from app.feel import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration

VALUE, SPACE, OTHER, ANY_VALUE, EMPTY = "value", "space", "other", "any", "empty"
Fit = Callable[[object], object]  # a value as the column's type wants it, null where it does not conform

_SAMPLES: dict[str, object] = {
    "any": "…",
    "number": Decimal(1),
    "integer": Decimal(1),
    "string": "…",
    "date": Date(2026, 1, 1),
    "time": Time(12, 0, 0),
    "date and time": DateTime(Date(2026, 1, 1), Time(0, 0, 0)),
    "days and time duration": DaysTimeDuration(Decimal(86_400)),
    "years and months duration": YearsMonthsDuration(1),
    "list": [],
    "context": {},
}
SCALAR_KINDS = frozenset(_SAMPLES) - {"list", "context"} | {"boolean"}


@dataclass(frozen=True)
class Atom:
    """Values that all cells treat alike: a constant, the space between two, all other texts, or null.

    `value` stands for all of them; `after` and `before` are the constants around a space (null: no end).
    """

    sort: str
    value: object
    after: object = None
    before: object = None


@dataclass(frozen=True)
class Segment:
    """Neighbouring atoms of one kind, the first of which is number `first` of the axis.

    On a line the constant number i has the position 2i + 1 and the space before it 2i; without a line each atom stands
    alone, but for texts (`alike`), where a cell treats all but its own constants alike.
    """

    first: int
    atoms: tuple[Atom, ...]
    line: Line | TextLine | None = None
    keys: tuple[Any, ...] = ()
    positions: tuple[int, ...] = ()
    alike: bool = False

    @cached_property
    def _places(self) -> dict[object, int]:
        """Where each text stands."""
        return {atom.value: place for place, atom in enumerate(self.atoms)}

    def groups(self, cuts: Cuts) -> Iterator[tuple[object, int]]:
        """A value and the mask of the atoms that a cell with these constants treats like it."""
        if self.line is not None:
            yield from self._runs(self.line, cuts)
        elif self.alike:
            named = {value for value in cuts.values if isinstance(value, str)}
            own = {self._places[value] for value in named if value in self._places}
            yield from ((self.atoms[place].value, self._mask(place, place + 1)) for place in own)
            rest = next((place for place in reversed(range(len(self.atoms))) if place not in own), None)
            if rest is not None:
                others = self._mask(0, len(self.atoms)) - sum(self._mask(place, place + 1) for place in own)
                yield self.atoms[rest].value, others
        else:
            yield from ((atom.value, self._mask(place, place + 1)) for place, atom in enumerate(self.atoms))

    def _runs(self, line: Line | TextLine, cuts: Cuts) -> Iterator[tuple[object, int]]:
        keys = sorted({line.key(value) for value in cuts.values if _is_on(line, value)})
        begin = 0
        for key in keys:
            position = 2 * bisect_left(self.keys, key) + 1
            place = bisect_left(self.positions, position)
            if begin < place:
                yield self.atoms[begin].value, self._mask(begin, place)
            begin = place
            if place < len(self.positions) and self.positions[place] == position:
                begin += 1
                yield self.atoms[place].value, self._mask(place, begin)
        if begin < len(self.atoms):
            yield self.atoms[begin].value, self._mask(begin, len(self.atoms))

    def _mask(self, begin: int, end: int) -> int:
        return (1 << self.first + end) - (1 << self.first + begin)


@dataclass(frozen=True)
class Axis:
    """All atoms of an input; bit i of a mask is `atoms[i]`, the last of which is null."""

    atoms: tuple[Atom, ...]
    segments: tuple[Segment, ...]

    @property
    def everything(self) -> int:
        return (1 << len(self.atoms)) - 1

    @property
    def null(self) -> int:
        """The mask of null alone."""
        return 1 << len(self.atoms) - 1

    def segment_of(self, place: int) -> Segment:
        """The segment of the atom of that number."""
        return next(found for found in reversed(self.segments) if found.first <= place)

    def groups(self, cuts: Cuts) -> Iterator[tuple[object, int]]:
        """A value and the mask of the atoms that a cell with these constants treats like it, for all atoms."""
        for segment in self.segments:
            yield from segment.groups(cuts)


def cut_axis(kind: str, cuts: Sequence[Cuts], fit: Fit) -> Axis:
    """The axis of an input of a FEEL type, cut at the constants of its cells and of its allowed values.

    `fit` drops what does not conform to the type: those values reach the table as null.
    """
    values = [value for cut in cuts for value in cut.values]
    ordered = any(isinstance(value, str) for cut in cuts for value in cut.ordered)
    whole = any(cut.whole for cut in cuts) or kind == "integer"
    segments: list[Segment] = []
    first = 0
    for segment in _segments(kind, values, ordered, whole):
        kept = [place for place, atom in enumerate(segment.atoms) if fit(atom.value) is not None]
        atoms = tuple(
            Atom(one.sort, fit(one.value), one.after, one.before) for one in (segment.atoms[place] for place in kept)
        )
        positions = tuple(segment.positions[place] for place in kept) if segment.line else ()
        segments.append(Segment(first, atoms, segment.line, segment.keys, positions, segment.alike))
        first += len(atoms)
    segments.append(Segment(first, (Atom(EMPTY, None),)))
    return Axis(tuple(atom for segment in segments for atom in segment.atoms), tuple(segments))


def _segments(kind: str, values: Sequence[object], ordered: bool, whole: bool) -> Iterator[Segment]:
    """The kinds of values that the input may have, each cut at the constants of that kind."""
    found = False
    for line in dict.fromkeys(map(line_of, values)):
        if line is not None and kind in ("any", line.name, "integer" if line is NUMBERS else ""):
            found = True
            yield _cut_line(WHOLE_NUMBERS if whole and line is NUMBERS else line, values)
    texts = sorted({value for value in values if isinstance(value, str)})
    if kind == "string" or (kind == "any" and texts):
        found = True
        yield _cut_line(TEXTS, texts) if ordered else _texts(texts)
    if kind == "boolean" or (kind == "any" and any(isinstance(value, bool) for value in values)):
        found = True
        yield Segment(0, (Atom(VALUE, True), Atom(VALUE, False)))
    if not found:
        yield Segment(0, (Atom(ANY_VALUE, _SAMPLES.get(kind, "…")),))


def _is_on(line: Line | TextLine, value: object) -> bool:
    if isinstance(line, TextLine):
        return isinstance(value, str)
    return line_of(value) is (NUMBERS if line is WHOLE_NUMBERS else line)


def _cut_line(line: Line | TextLine, values: Sequence[object]) -> Segment:
    """The constants of a line and the spaces between them that hold any value."""
    constants = {line.key(value): value for value in values if _is_on(line, value)}
    keys = sorted(constants)
    ends = [None, *keys, None]
    atoms: dict[int, Atom] = {}
    for place, (after, before) in enumerate(pairwise(ends)):
        between = line.between(after, before)
        if between is not None:
            known = (None if key is None else constants[key] for key in (after, before))
            atoms[2 * place] = Atom(SPACE, line.value(between), *known)
        if before is not None:
            atoms[2 * place + 1] = Atom(VALUE, constants[before])
    return Segment(0, tuple(atoms.values()), line, tuple(keys), tuple(atoms))


def _texts(texts: Sequence[str]) -> Segment:
    """The texts that cells name, and one for all others."""
    other = "…"
    while other in texts:
        other += "…"
    return Segment(0, (*(Atom(VALUE, text) for text in texts), Atom(OTHER, other)), alike=True)
