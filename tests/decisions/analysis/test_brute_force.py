"""The table check agrees with the engine on random tables, and this comparison sees faults planted in the check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.decisions.analysis import axis, check_table, grid
from app.decisions.analysis.axis import VALUE, Segment
from app.decisions.analysis.constants import Cuts
from tests.decisions.analysis.brute import differences
from tests.decisions.analysis.random_tables import random_table
from tests.soak import longer

TABLES = 300
SHORT = 60


def difference_of(seed: int) -> list[str]:
    tried = random_table(seed)
    (table,) = tried.model.tables
    check = check_table(table, {}, most_gaps=100_000)
    assert not check.grid.unread and not check.not_checked and not check.more_gaps
    return differences(check, tried.points, tried.hits_at)


@pytest.mark.soak
@pytest.mark.parametrize("seed", longer(list(range(SHORT)), list(range(SHORT, TABLES))))
def test_the_check_says_what_brute_force_finds(seed: int) -> None:
    assert difference_of(seed) == []


def without_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ends of ranges are left out: closed is read as open."""
    cut = axis._cut_line

    def open_everywhere(line: Any, values: Any) -> Segment:
        made = cut(line, values)
        kept = [place for place, atom in enumerate(made.atoms) if atom.sort != VALUE]
        return Segment(
            0,
            tuple(made.atoms[place] for place in kept),
            made.line,
            made.keys,
            tuple(made.positions[place] for place in kept),
        )

    monkeypatch.setattr(axis, "_cut_line", open_everywhere)


def without_an_allowed_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the texts that an input may have is forgotten."""
    fit = grid._fit

    def forgetful(types: Any, kind: str) -> Any:
        fitted = fit(types, kind)
        return lambda value: None if value == "green" else fitted(value)

    monkeypatch.setattr(grid, "_fit", forgetful)


def with_shifted_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell's mask stands one atom too high."""
    groups = Segment.groups

    def shifted(self: Segment, cuts: Cuts) -> Iterator[tuple[object, int]]:
        return ((value, mask << 1) for value, mask in groups(self, cuts))

    monkeypatch.setattr(Segment, "groups", shifted)


@pytest.mark.parametrize("plant", [without_constants, without_an_allowed_value, with_shifted_masks])
def test_a_planted_fault_is_seen(plant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)

    assert any(difference_of(seed) for seed in range(SHORT))
