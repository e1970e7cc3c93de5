"""Which points of a box no rule covers: a search by inputs that goes on only where rules still differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import TypeAlias

Box: TypeAlias = tuple[int, ...]  # for each input the mask of its atoms
_QUICK = 8  # operations of the simplest kind that count as one step
_MOST_INPUTS = 200  # on which rules differ, so that the search stays within Python's stack


class TooMuchWork(Exception):
    """The search needed more steps than it may take."""


@dataclass
class Budget:
    """How many steps a check may still take; a step is about a microsecond of operations on masks."""

    steps: int
    whole: Budget | None = None

    def part(self) -> Budget:
        """Half of what is left, for one question: one that is too hard leaves something for the next."""
        return Budget(self.steps // 2, self)

    def spend(self, steps: int) -> None:
        """TooMuchWork where fewer are left."""
        if steps > self.steps:
            raise TooMuchWork
        self.steps -= steps
        if self.whole is not None:
            self.whole.spend(steps)


def by_atom(masks: Sequence[int], atoms: int, budget: Budget) -> list[int]:
    """For each atom of an input the mask of the rules that let it through; `masks` are those of the rules."""
    shared = _shared(masks)
    found = [0] * atoms
    for mask, rules in shared.items():
        budget.spend(mask.bit_count() // _QUICK)
        while mask:
            lowest = mask & -mask
            found[lowest.bit_length() - 1] |= rules
            mask ^= lowest
    return found


def find_uncovered(
    rules_of: Sequence[Sequence[int]], within: Box, rules: int, budget: Budget, most: int
) -> tuple[list[Box], bool]:
    """Boxes inside `within` that none of `rules` (a mask) reaches, disjoint, and whether those are all.

    `rules_of` has for each input and atom the mask of the rules that let it through. At most about `most` are given.
    """
    if not all(within):
        return [], True
    search = _Search(rules_of, within, rules, budget, most)
    search.look(0, rules)
    return search.found, not search.stopped


@dataclass
class _Search:
    """One search; its state are the boxes found and the places known to be covered."""

    rules_of: Sequence[Sequence[int]]
    within: Box
    rules: int
    budget: Budget
    most: int
    found: list[Box] = field(default_factory=list)
    stopped: bool = False

    def __post_init__(self) -> None:
        self.classes = [self._classes(place, mask) for place, mask in enumerate(self.within)]
        # inputs on which the rules differ, those that tell most of them apart first
        differing = [place for place, groups in enumerate(self.classes) if len(groups) > 1 or self.rules not in groups]
        self.order = sorted(differing, key=lambda place: self._open(place).bit_count())
        if len(self.order) > _MOST_INPUTS:
            raise TooMuchWork
        self.open_from = [self.rules]
        for place in reversed(self.order):
            self.open_from.append(self.open_from[-1] & self._open(place))
        self.open_from.reverse()
        self.covered: set[tuple[int, int]] = set()
        self.path = list(self.within)

    def _classes(self, place: int, mask: int) -> dict[int, int]:
        """Mask of rules -> mask of the atoms that exactly those of `rules` let through."""
        found: dict[int, int] = {}
        self.budget.spend(mask.bit_count())
        while mask:
            lowest = mask & -mask
            alive = self.rules_of[place][lowest.bit_length() - 1] & self.rules
            found[alive] = found.get(alive, 0) | lowest
            mask ^= lowest
        return found

    def _open(self, place: int) -> int:
        """The rules that let all atoms of the input through."""
        return reduce(and_, self.classes[place], self.rules)

    def look(self, depth: int, alive: int) -> bool:
        """Whether part of what the path so far leaves open is uncovered; `alive` are the rules that reach it."""
        if self.stopped:
            return False
        if not alive:
            self._keep(depth)
            return True
        if alive & self.open_from[depth] or (depth, alive) in self.covered:
            return False
        place = self.order[depth]
        self.budget.spend(len(self.classes[place]))
        groups: dict[int, int] = {}
        for rules, mask in self.classes[place].items():
            groups[alive & rules] = groups.get(alive & rules, 0) | mask
        uncovered = False
        for rest, mask in sorted(groups.items()):
            self.path[place] = mask
            uncovered = self.look(depth + 1, rest) or uncovered
        self.path[place] = self.within[place]
        if not uncovered and not self.stopped:
            self.covered.add((depth, alive))
        return uncovered

    def _keep(self, depth: int) -> None:
        self.found.append(tuple(self.path))
        self.stopped = len(self.found) >= self.most


def widened(box: Box, rules_of: Sequence[Sequence[int]], domain: Box, rules: int) -> Box:
    """The box made as large as the domain and the rules allow, so that a person reads few large gaps."""
    wide = list(box)
    reaching = [_union(rules_of[place], atoms) for place, atoms in enumerate(box)]
    for place, mask in enumerate(domain):
        others = reduce(and_, (found for other, found in enumerate(reaching) if other != place), rules)
        rest = mask & ~wide[place]
        while rest:
            lowest = rest & -rest
            there = rules_of[place][lowest.bit_length() - 1]
            if not there & others:
                wide[place] |= lowest
                reaching[place] |= there
            rest ^= lowest
    return tuple(wide)


def with_boxes(rules_of: Sequence[Sequence[int]], rules: int, boxes: Sequence[Box]) -> tuple[list[list[int]], int]:
    """The rules by atom with `boxes` as further rules, numbered from `rules` on, and the mask of all."""
    found = [list(column) for column in rules_of]
    for number, box in enumerate(boxes, start=rules):
        for place, atoms in enumerate(box):
            while atoms:
                lowest = atoms & -atoms
                found[place][lowest.bit_length() - 1] |= 1 << number
                atoms ^= lowest
    return found, (1 << rules + len(boxes)) - 1


def _union(rules_of: Sequence[int], atoms: int) -> int:
    found = 0
    while atoms:
        lowest = atoms & -atoms
        found |= rules_of[lowest.bit_length() - 1]
        atoms ^= lowest
    return found


def meeting(masks: Sequence[int], budget: Budget) -> list[int]:
    """For each rule the mask of the rules that share an atom of the input with it."""
    shared = _shared(masks)
    budget.spend(len(shared) ** 2 // _QUICK)
    met = {mask: reduce(or_, (rules for other, rules in shared.items() if mask & other), 0) for mask in shared}
    return [met[mask] for mask in masks]


def _shared(masks: Sequence[int]) -> dict[int, int]:
    """Each mask of atoms with the mask of the rules that have it."""
    found: dict[int, int] = {}
    for position, mask in enumerate(masks):
        found[mask] = found.get(mask, 0) | 1 << position
    return found
