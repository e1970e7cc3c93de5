"""A table as boxes: each rule is a mask of atoms on every input, so that questions about rules are about boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.decisions.analysis.axis import SCALAR_KINDS, Axis, Fit, cut_axis
from app.decisions.analysis.constants import Cuts, NotAnalysable, cuts_of
from app.decisions.table import InputColumn, Table
from app.decisions.types import Type, conform
from app.decisions.value_words import NO_WORDS, UNTOLD, ColumnWords, DecisionWords
from app.feel import FeelError, Scope, UnaryTests
from app.feel.syntax import Name, Node, Path
from app.texts import Text


@dataclass(frozen=True)
class Unread:
    """A cell (or a column's allowed values, without `rules`) that is more than comparisons with constants."""

    column: Text
    text: str
    rules: tuple[int, ...]


@dataclass(frozen=True)
class Input:
    """One input of the table: all columns with the same expression.

    `masks` has the atoms that each rule lets through; `domain` are those for which a missing rule is a gap: all, but
    null only where some cell speaks of null. `alone` says that it varies independently of the other inputs, `words`
    what its codes are called.
    """

    label: Text
    axis: Axis
    masks: tuple[int, ...]
    domain: int
    alone: bool
    words: ColumnWords = NO_WORDS


@dataclass(frozen=True)
class Grid:
    """The inputs, and what could not be read: `unread` cells, and for each the mask of the rules that have it."""

    rules: int
    inputs: tuple[Input, ...]
    unread: tuple[Unread, ...]
    unread_masks: tuple[int, ...]

    @property
    def uncertain(self) -> int:
        """The mask of the rules with a cell that could not be read: they may apply less often than their boxes say."""
        found = 0
        for mask in self.unread_masks:
            found |= mask
        return found


def grid_of(table: Table, known: Mapping[str, Type], words: DecisionWords = UNTOLD) -> Grid:
    """The table as boxes; `known` are the types of the names that its expressions read, where the file tells them."""
    groups: dict[tuple[str, ...], list[InputColumn]] = {}
    for column in table.inputs:
        groups.setdefault(_identity(column), []).append(column)
    reader = _Reader(len(table.rules))
    inputs = [reader.read(columns, _origin(columns[0].expression.syntax, known)) for columns in groups.values()]
    alone = _independent([columns[0] for columns in groups.values()])
    return Grid(
        len(table.rules),
        tuple(
            Input(label, axis, masks, domain, single, words.input(columns[0].text))
            for (label, axis, masks, domain), single, columns in zip(inputs, alone, groups.values(), strict=True)
        ),
        tuple(reader.unread),
        tuple(reader.unread_masks),
    )


class _Reader:
    """Reads columns; its state are the cells that could not be read."""

    def __init__(self, rules: int) -> None:
        self.rules = rules
        self.unread: list[Unread] = []
        self.unread_masks: list[int] = []

    def read(self, columns: Sequence[InputColumn], origin: Type | None) -> tuple[Text, Axis, tuple[int, ...], int]:
        """The label, axis, masks and domain of the columns with one expression, whose values are of type `origin`."""
        column = columns[0]
        cells = [(tests, mask) for one in columns for tests, mask in one.cells if not tests.always]
        types = [column.kind] if origin is None else [origin, column.kind]
        try:
            limits = [cuts_of(kind.allowed.tests) for kind in types if kind.allowed is not None]
        except NotAnalysable:
            allowed = next(kind.allowed.text for kind in types if kind.allowed is not None)
            self.unread.append(Unread(column.label, allowed, ()))
            self.unread_masks.append(0)
            limits, types = [], []
        read = list(self._cuts(column, cells, bool(types)))
        kind = _kind(types)
        axis = cut_axis(kind, [*limits, *(cuts for _, _, cuts in read)], _fit(types, kind))
        masks = [axis.everything] * self.rules
        for tests, rules, cuts in read:
            mask = self._mask(column, tests, rules, cuts, axis)
            for position in positions(rules):
                masks[position] &= mask
        speaks_of_null = any(cuts.null for _, _, cuts in read)
        return column.label, axis, tuple(masks), axis.everything if speaks_of_null else axis.everything & ~axis.null

    def _cuts(
        self, column: InputColumn, cells: Sequence[tuple[UnaryTests, int]], readable: bool
    ) -> Iterator[tuple[UnaryTests, int, Cuts]]:
        """The cells that are comparisons with constants; the others are kept as unread."""
        for tests, rules in cells:
            try:
                cuts = cuts_of(tests)
                if not readable or (cuts.values and column.kind.kind not in SCALAR_KINDS):
                    raise NotAnalysable
            except NotAnalysable:
                self._leave(column, tests, rules)
            else:
                yield tests, rules, cuts

    def _mask(self, column: InputColumn, tests: UnaryTests, rules: int, cuts: Cuts, axis: Axis) -> int:
        """The atoms for which the cell holds, asked of the cell itself."""
        try:
            return sum(mask for value, mask in axis.groups(cuts) if tests.matches(value, Scope()) is True)
        except FeelError:  # it meets a limit
            self._leave(column, tests, rules)
            return axis.everything

    def _leave(self, column: InputColumn, tests: UnaryTests, rules: int) -> None:
        self.unread.append(Unread(column.label, tests.text, tuple(position + 1 for position in positions(rules))))
        self.unread_masks.append(rules)


def positions(mask: int) -> Iterator[int]:
    """The numbers of the bits of a mask, from 0."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _identity(column: InputColumn) -> tuple[str, ...]:
    """Columns with the same are one input: the same expression, read as the same type."""
    allowed = column.kind.allowed.text if column.kind.allowed else ""
    return " ".join(column.text.split()), column.kind.kind, allowed


def _kind(types: Sequence[Type]) -> str:
    """The narrowest of the types that a value goes through on its way into the column."""
    return next((kind.kind for kind in reversed(types) if kind.kind != "any"), "any")


def _fit(types: Sequence[Type], kind: str) -> Fit:
    def fit(value: object) -> object:
        for one in types if kind in SCALAR_KINDS else ():
            value = conform(value, one)[0]
        return value

    return fit


def _origin(node: Node, known: Mapping[str, Type]) -> Type | None:
    """The type of what an expression names, where the file tells it: input data, a result, or a part of one."""
    if isinstance(node, Name):
        return known.get(node.name)
    if isinstance(node, Path):
        around = _origin(node.base, known)
        return dict(around.fields).get(node.key) if around is not None else None
    return None


def _independent(columns: Sequence[InputColumn]) -> list[bool]:
    """For each input whether no other reads the same variable, unless both are plain paths to different values."""
    plain = [isinstance(column.expression.syntax, Name | Path) for column in columns]
    names = [column.expression.names for column in columns]
    paths = [" ".join(column.text.split()) for column in columns]
    return [
        not any(
            names[one] & names[other] and not (plain[one] and plain[other] and paths[one] != paths[other])
            for other in range(len(columns))
            if other != one
        )
        for one in range(len(columns))
    ]
