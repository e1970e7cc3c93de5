"""Unary tests: the cells of decision tables."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.feel.evaluation import passes


@pytest.mark.parametrize(
    ("text", "given", "passed"),
    [
        ("-", 5, True),
        ("", None, True),
        ("5", Decimal("5.00"), True),
        ('"A", "B"', "B", True),
        ('not("A", "B")', "B", False),
        ("not(< 5)", 5, True),
        ("< 5, > 10", 11, True),
        ("[1..5]", 5, True),
        ("(1..5)", 5, False),
        ("[1..5], 9", 9, True),
        ("null", None, True),
        ("5", None, False),
        ("> 5", None, None),
        ("> 5", "a", None),
        ("true", True, True),
        ("true", None, False),
        ("? > 3 and ? < 9", 5, True),
        ("not(? > 3)", 5, False),
        ('contains(?, "co")', "loco", True),
        ("some x in ? satisfies x > 3", [1, 5], True),
        ("[1, 2, 3]", 2, True),
        ("limits", 2, True),
        ("> top", 4, True),
        ("count(limits) > 1", "anything", True),
        ("-5", -5, True),
        ("!= 5", 6, True),
        ('@"2026-01-01"', "2026-01-01", None),
    ],
)
def test_a_cell_passes_for_the_values_it_means(text: str, given: object, passed: bool | None) -> None:
    assert passes(text, given, limits=[1, 2, 3], top=3) is passed
