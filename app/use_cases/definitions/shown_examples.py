"""The examples of a table for reading on a page: what is given, what is expected, what came out, and the coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.decisions import DecisionModel, Outcome, parse_dmn, value_in_words
from app.errors import Problem
from app.plain import Plain
from app.texts import Text
from app.use_cases.definitions.run_examples import Examined, OpenRule, labelled, named_part

Labels = Mapping[str, Text]


@dataclass(frozen=True)
class ExampleShown:
    """One expected result: the inputs as (label, value), what it must be, and what came out where it is not that."""

    name: Text
    inputs: tuple[tuple[Text, Text], ...]
    expected: Text
    passed: bool
    came_out: Text


@dataclass(frozen=True)
class ExamplesShown:
    """All examples of a table, those that fail first; `problems` keep a whole file from being run."""

    total: int
    passed: int
    rules: int
    covered: int
    uncovered: tuple[OpenRule, ...]
    rows: tuple[ExampleShown, ...]
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        return not self.problems and self.passed == self.total


def shown_examples(dmn: bytes, found: Examined) -> ExamplesShown:
    """The examples with the words that the table has for its columns."""
    labels = labels_of(parse_dmn(dmn))
    ordered = sorted(found.outcomes, key=lambda one: one.passed)
    return ExamplesShown(
        len(found.outcomes),
        found.passed,
        found.rules,
        found.covered,
        found.uncovered,
        tuple(_row(one, labels) for one in ordered),
        found.problems,
    )


def labels_of(model: DecisionModel) -> Labels:
    """What inputs and outputs are called, by what the table writes for them."""
    found = {column.text: column.label for table in model.tables for column in table.inputs}
    return found | {column.name: column.label for table in model.tables for column in table.outputs}


def _row(one: Outcome, labels: Labels) -> ExampleShown:
    return ExampleShown(
        one.example.name,
        given_in_words(one.example.inputs, labels),
        labelled(one.expected.value, labels),
        one.passed,
        Text("") if one.passed else one.fault or labelled(named_part(one.got, one.expected.value), labels),
    )


def given_in_words(inputs: Mapping[str, Any], labels: Labels) -> tuple[tuple[Text, Text], ...]:
    """The inputs of an example as (label, value)."""
    return tuple((labels.get(path, Text(path)), value_in_words(value)) for path, value in _leaves(inputs))


def _leaves(inputs: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Plain]]:
    for name, value in inputs.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value
