"""The table check agrees with the engine on the product's own tables and on those of the compatibility kit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import prod
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.decisions import parse_dmn
from app.decisions.analysis import check_model
from app.decisions.table import Table
from app.decisions.types import conform
from app.errors import DefinitionRefused
from app.feel import Scope
from tests.decisions.analysis.brute import Point, differences

PROJECT = Path(__file__).parents[3]
OWN = PROJECT / "rules"
KIT = PROJECT / "../shared/cases/dmn-tck"
MOST_POINTS = 4_000


def points_of(tries: list[list[Any]]) -> tuple[list[Point], bool]:
    """Every combination of the values to try, or as many random ones as are quickly tried, and whether it is all."""
    chance = Random(7)
    if prod(map(len, tries)) > MOST_POINTS:
        return [tuple(chance.choice(values) for values in tries) for _ in range(MOST_POINTS)], False
    points: list[Point] = [()]
    for values in tries:
        points = [(*point, value) for point in points for value in values]
    return points, True


def applying(table: Table, texts: list[str], point: Point) -> frozenset[int]:
    """The rules of which every cell holds, asked of the cells."""
    values = dict(zip(texts, point, strict=True))
    alive = (1 << len(table.rules)) - 1
    for column in table.inputs:
        value = conform(values[" ".join(column.text.split())], column.kind)[0]
        holding = column.open_mask
        for tests, mask in column.cells:
            holding |= mask if tests.matches(value, Scope()) is True else 0
        alive &= holding
    return frozenset(number + 1 for number in range(len(table.rules)) if alive >> number & 1)


def compare_all(files: Iterator[Path]) -> tuple[int, int, list[str]]:
    """How many tables were compared, how many have cells that are not analysable, and what differs."""
    compared = unread = 0
    found: list[str] = []
    for file in files:
        try:
            model = parse_dmn(file.read_bytes(), faulty_is_null=True)
        except DefinitionRefused:
            continue
        for check, _ in check_model(model):
            if check.grid.unread or check.not_checked or check.more_gaps:
                unread += 1
                continue
            texts = list(dict.fromkeys(" ".join(column.text.split()) for column in check.table.inputs))
            points, every = points_of([_tries(one.axis.atoms) for one in check.grid.inputs])
            table = check.table
            said = differences(
                check,
                points,
                lambda point, table=table, texts=texts: applying(table, texts, point),  # type: ignore[misc]
                every_atom=every,
            )
            found += [f"{file.name} {table.decision_id}: {one}" for one in said]
            compared += 1
    return compared, unread, found


def _tries(atoms: Any) -> list[Any]:
    """A value of each atom, and for numbers a second one near each constant."""
    values = [atom.value for atom in atoms]
    numbers = sorted(atom.value for atom in atoms if atom.sort == "value" and hasattr(atom.value, "adjusted"))
    dense = any(value != value.to_integral_value() for value in values if hasattr(value, "adjusted"))
    near = [low + (high - low) / 16 for low, high in pairwise(numbers)] if dense else []
    return values + near


def test_the_product_s_own_tables_are_checked_as_the_engine_decides() -> None:
    compared, unread, found = compare_all(iter(sorted(OWN.glob("*.dmn"))))

    assert found == []
    assert compared >= 20 and compared + unread >= 24


@pytest.mark.skipif(
    not KIT.is_dir(), reason="the compatibility kit is not beside the repository (shared/cases/dmn-tck)"
)
def test_the_tables_of_the_compatibility_kit_are_checked_as_the_engine_decides() -> None:
    compared, unread, found = compare_all(iter(sorted(KIT.rglob("*.dmn"))))

    print(f"\nDMN TCK: {compared} tables compared, {unread} not analysable")
    assert found == []
    assert compared >= 30
