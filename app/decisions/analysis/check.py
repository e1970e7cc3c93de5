"""The check of one table: gaps, overlaps, conflicts, unreachable and redundant rules, exact for what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from app.decisions.analysis.axis import ANY_VALUE, EMPTY, OTHER, SPACE, VALUE, Axis
from app.decisions.analysis.cover import Box, Budget, TooMuchWork, by_atom, find_uncovered, meeting, widened, with_boxes
from app.decisions.analysis.grid import Grid, grid_of, positions
from app.decisions.analysis.results import Results
from app.decisions.hit_policy import MANY
from app.decisions.table import Table
from app.decisions.types import Type
from app.decisions.value_words import UNTOLD, DecisionWords

_CLEAREST = (VALUE, SPACE, ANY_VALUE, OTHER, EMPTY)
STEPS = 1_000_000  # about a second
MOST_PAIRS = 20_000
AT_A_TIME = 12  # gaps looked for before those found are widened
MOST_GAPS = 60  # boxes looked for; the words show fewer


@dataclass(frozen=True)
class Pair:
    """Two rules (numbers from 1) that apply together; `only_null` says that they do so for some empty input only."""

    first: int
    second: int
    only_null: bool


@dataclass(frozen=True)
class Idle:
    """A rule that could be left out: wherever it applies others decide, at `point` (one atom an input) `decider`."""

    rule: int
    decider: int
    point: Box


@dataclass(frozen=True)
class TableCheck:
    """What is certain about a table, with rules as numbers from 1.

    `gaps` are boxes that no rule covers, all of them unless `more_gaps`. `never` are rules that no value fits,
    `unreachable` those whose turn never comes, `redundant` those that others decide alike. `unsure` are pairs that
    apply together and whose results could not be compared. `not_checked` names the questions that were given up:
    "table" (all of them), "gaps", "pairs" (only MOST_PAIRS were looked at), "unreachable", "redundant", "priority".
    """

    table: Table
    grid: Grid
    gaps: tuple[Box, ...] = ()
    more_gaps: bool = False
    overlaps: tuple[Pair, ...] = ()
    conflicts: tuple[Pair, ...] = ()
    unsure: tuple[tuple[int, int], ...] = ()
    never: tuple[int, ...] = ()
    unreachable: tuple[Idle, ...] = ()
    redundant: tuple[Idle, ...] = ()
    not_checked: tuple[str, ...] = ()


def check_table(
    table: Table,
    known: Mapping[str, Type],
    *,
    words: DecisionWords = UNTOLD,
    budget: Budget | None = None,
    most_gaps: int = MOST_GAPS,
) -> TableCheck:
    """Checks a table; `known` are the types of names that its expressions read, where its file tells them.

    What would take more steps than the budget has (STEPS without one) is not checked, and said so.
    """
    grid = grid_of(table, known, words)
    budget = budget or Budget(STEPS)
    try:
        return _Check(table, grid, Results(table), budget, most_gaps).whole()
    except TooMuchWork:
        return TableCheck(table, grid, not_checked=("table",))


@dataclass
class _Check:
    """One check; its state are the steps left and what was given up. TooMuchWork where not even rules can be met."""

    table: Table
    grid: Grid
    results: Results
    budget: Budget
    most_gaps: int
    not_checked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        begin = self.budget.part()
        self.rules_of = [by_atom(one.masks, len(one.axis.atoms), begin) for one in self.grid.inputs]
        self.every = (1 << self.grid.rules) - 1
        self.never = [
            position for position in range(self.grid.rules) if any(not one.masks[position] for one in self.grid.inputs)
        ]
        inputs = self.grid.inputs
        self.met = self._met([one.masks for one in inputs], begin)
        self.met_without_null = self._met([[mask & ~one.axis.null for mask in one.masks] for one in inputs], begin)

    def _met(self, columns: Sequence[Sequence[int]], budget: Budget) -> list[int]:
        """For each rule the mask of the rules whose boxes share a point with its own; `columns` has all masks."""
        met = [meeting(masks, budget) for masks in columns]
        return [reduce(and_, (column[rule] for column in met), self.every) for rule in range(self.grid.rules)]

    def whole(self) -> TableCheck:
        gaps, more = self._gaps()
        overlaps, conflicts, unsure = self._pairs()
        unreachable, redundant = self._idle()
        return TableCheck(
            self.table,
            self.grid,
            gaps,
            more,
            overlaps,
            conflicts,
            unsure,
            tuple(position + 1 for position in self.never),
            unreachable,
            redundant,
            tuple(self.not_checked),
        )

    def _gaps(self) -> tuple[tuple[Box, ...], bool]:
        """Boxes that no rule covers, each as wide as it may be, and whether there are more."""
        domain = tuple(one.domain for one in self.grid.inputs)
        budget, known = self.budget.part(), list[Box]()
        try:
            while len(known) < self.most_gaps:
                rules_of, rules = with_boxes(self.rules_of, self.grid.rules, known)
                found, complete = find_uncovered(rules_of, domain, rules, budget, AT_A_TIME)
                for box in dict.fromkeys(widened(box, self.rules_of, domain, self.every) for box in found):
                    if not any(_inside(box, other) for other in known):
                        known.append(box)
                if complete:
                    return tuple(known), False
        except TooMuchWork:
            if not known:
                self.not_checked.append("gaps")
        return tuple(known), bool(known)

    def _pairs(self) -> tuple[tuple[Pair, ...], tuple[Pair, ...], tuple[tuple[int, int], ...]]:
        """Overlaps under UNIQUE, conflicts and unsure pairs under ANY; other policies allow them."""
        overlaps, conflicts, unsure = list[Pair](), list[Pair](), list[tuple[int, int]]()
        if self.table.hit_policy in ("UNIQUE", "ANY"):
            for looked, (first, second) in enumerate(self._meeting()):
                if looked == MOST_PAIRS:
                    self.not_checked.append("pairs")
                    break
                alike = self.results.same(first, second) if self.table.hit_policy == "ANY" else False
                if alike is None:
                    unsure.append((first + 1, second + 1))
                elif not alike:
                    pair = Pair(first + 1, second + 1, not self.met_without_null[first] >> second & 1)
                    (overlaps if self.table.hit_policy == "UNIQUE" else conflicts).append(pair)
        return tuple(overlaps), tuple(conflicts), tuple(unsure)

    def _meeting(self) -> Iterator[tuple[int, int]]:
        """All pairs of rules that certainly apply together for some values."""
        sure = self.every & ~self.grid.uncertain
        for first in range(self.grid.rules):
            others = self.met[first] & sure & -(1 << first + 1) if sure >> first & 1 else 0
            while others:
                lowest = others & -others
                yield first, lowest.bit_length() - 1
                others ^= lowest

    def _idle(self) -> tuple[tuple[Idle, ...], tuple[Idle, ...]]:
        """The rules whose turn never comes, and those that others decide alike."""
        ranked = self.table.hit_policy in ("FIRST", "PRIORITY")
        found: dict[int, Idle] = {}
        budget = self.budget.part()
        try:
            for position in reversed(range(self.grid.rules if self.table.hit_policy not in MANY else 0)):
                others = self._before(position) if ranked else self._alike(position, found)
                if self._is_covered(position, others, budget):
                    found[position] = self._shown(position, others)
        except TooMuchWork:
            self.not_checked.append("unreachable" if ranked else "redundant")
            return (), ()
        idle = tuple(found[position] for position in sorted(found))
        return (idle, ()) if ranked else ((), idle)

    def _before(self, position: int) -> int:
        """The rules that win over this one wherever both apply."""
        if self.table.hit_policy == "FIRST":
            return self.met[position] & (1 << position) - 1
        own = self.results.rank(position)
        if own is None:
            if "priority" not in self.not_checked:
                self.not_checked.append("priority")
            return 0
        found = 0
        for other in positions(self.met[position]):
            rank = self.results.rank(other)
            if rank is not None and (rank, other) < (own, position):
                found |= 1 << other
        return found

    def _alike(self, position: int, redundant: Mapping[int, Idle]) -> int:
        """The other rules that give the same, without those that are redundant themselves."""
        found = 0
        for other in positions(self.met[position]):
            if other != position and other not in redundant and self.results.same(position, other):
                found |= 1 << other
        return found

    def _is_covered(self, position: int, others: int, budget: Budget) -> bool:
        """Whether wherever the rule applies one of `others` does; a cell that could not be read counts as written."""
        if not others or position in self.never:
            return False
        budget.spend(1)
        rules_of, within = list(self.rules_of), [one.masks[position] for one in self.grid.inputs]
        for mask in self.grid.unread_masks:
            if mask & (others | 1 << position):
                rules_of.append([self.every, self.every & ~mask])
                within.append(1 if mask >> position & 1 else 3)
        found, _ = find_uncovered(rules_of, tuple(within), others, budget, 1)
        return not found

    def _shown(self, position: int, others: int) -> Idle:
        """The idle rule with a point where another certainly decides in its place."""
        for mask in self.grid.unread_masks:
            if not mask >> position & 1:
                others &= ~mask
        point = tuple(shown_atom(one.axis, one.masks[position]) for one in self.grid.inputs)
        for one, atom in zip(self.rules_of, point, strict=True):
            others &= one[atom.bit_length() - 1]
        if self.table.hit_policy == "PRIORITY":
            decider = min(positions(others), key=lambda other: (self.results.rank(other) or (), other))
        else:
            decider = next(positions(others))
        return Idle(position + 1, decider + 1, point)


def shown_atom(axis: Axis, mask: int) -> int:
    """The mask of the atom of `mask` that a person understands best: a constant, else a space, null at last."""
    return min(
        (1 << place for place in positions(mask)),
        key=lambda one: _CLEAREST.index(axis.atoms[one.bit_length() - 1].sort),
    )


def _inside(box: Box, other: Box) -> bool:
    return all(mask & larger == mask for mask, larger in zip(box, other, strict=True))
