"""Codes in the shipped tables have words of people, in both languages, wherever a reviewer reads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.decisions import parse_dmn, words_of_values

RULES = sorted((Path(__file__).parents[2] / "rules").glob("*.dmn"))
QUOTED = re.compile(r'"([^"]*)"')
CODE = re.compile(r"[a-z][a-z_-]+")


def codes(cells: list[str]) -> set[str]:
    """The codes for programs among the texts of these cells: lower-case words without blanks."""
    return {text for cell in cells for text in QUOTED.findall(cell) if CODE.fullmatch(text)}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_every_code_that_a_reviewer_reads_has_words(path: Path) -> None:
    content = path.read_bytes()
    words = words_of_values(content)
    for decision in parse_dmn(content).decisions.values():
        table, told = decision.table, words[decision.id]
        assert table is not None
        columns = [
            (told.input(column.text), [rule.conditions[place] for rule in table.rules])
            for place, column in enumerate(table.inputs)
        ]
        columns += [
            (told.output(column.name), [rule.results[place] for rule in table.rules])
            for place, column in enumerate(table.outputs)
        ]
        for column, cells in columns:
            unsaid = codes(cells) - set(column.values) if column.shown else set()
            assert not unsaid, f"{path.stem}: {sorted(unsaid)}"
            assert all(text.zh and text.en for text in column.values.values())
