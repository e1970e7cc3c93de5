"""Runs the examples beside a table against it: what failed and why, and which rules none of them covers."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.decisions import (
    DecisionModel,
    ExampleFile,
    Outcome,
    TableTrace,
    check_examples,
    parse_dmn,
    run_example,
    value_in_words,
)
from app.errors import DefinitionRefused, Problem
from app.moment import Moment
from app.plain import Plain
from app.texts import Text
from app.use_cases.definitions.example_files import read_example_file

SECONDS = 5.0  # for all examples of a table; whoever needs more is stopped and told
CACHED = 128
LATE = Text("用完了允许的时间，没有运行", "the time allowed was used up, so it was not run")


@dataclass(frozen=True)
class OpenRule:
    """A rule that no example covers: the table's name, the row's number and its note."""

    table: Text
    number: int
    note: Text


@dataclass(frozen=True)
class Examined:
    """What a table's examples say of it.

    `problems` are files that cannot be read or ask for what the table does not have; their examples are not run.
    `rules` counts the rules of all its tables, `uncovered` names those that no example makes apply.
    """

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    rules: int
    uncovered: tuple[OpenRule, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if not one.passed)

    @property
    def passed(self) -> int:
        return sum(one.passed for one in self.outcomes)

    @property
    def covered(self) -> int:
        return self.rules - len(self.uncovered)

    @property
    def holds(self) -> bool:
        return not self.problems and not self.failed


# files never change under their hash, and neither does what their examples say of a day
_examined: OrderedDict[tuple[str, ...], Examined] = OrderedDict()


def examine(dmn: bytes, tests: Mapping[str, bytes], moment: Moment) -> Examined:
    """Runs the examples (path -> bytes) against a table that can be read; `moment` is today where a file names none."""
    parts = [str(moment.business_on), *(hashlib.sha256(content).hexdigest() for content in (dmn, *tests.values()))]
    key = (*parts, *tests)
    if key not in _examined:
        found = _examine(parse_dmn(dmn), tests, moment)
        if any(one.fault is LATE for one in found.outcomes):
            return found
        _examined[key] = found
        if len(_examined) > CACHED:
            _examined.popitem(last=False)
    return _examined[key]


def _examine(model: DecisionModel, tests: Mapping[str, bytes], moment: Moment) -> Examined:
    problems: list[Problem] = []
    files = []
    for path, content in tests.items():
        try:
            file = read_example_file(path, content)
        except DefinitionRefused as refused:
            problems += refused.problems
            continue
        # the kit's own files may well ask for what a model does not have
        found = check_examples(model, file) if path.endswith(".json") else []
        problems += found
        if not found:
            files.append((file, path.endswith(".xml")))
    outcomes = tuple(run_files(model, files, moment, time.thread_time() + SECONDS))
    return Examined(outcomes, tuple(problems), *coverage(model, (trace for one in outcomes for trace in one.traces)))


def run_files(
    model: DecisionModel, files: Iterable[tuple[ExampleFile, bool]], moment: Moment, until: float | None = None
) -> Iterable[Outcome]:
    """What the nodes of all files give; a file goes with whether the clock is `moment` for it, or it has none.

    Of the product's own examples each says its day, so that what passes today passes tomorrow. `until` is when to stop
    (time.thread_time).
    """
    for file, has_clock in files:
        for example in file.examples:
            if until is not None and time.thread_time() > until:
                yield from (Outcome(example, expected, None, False, LATE) for expected in example.expected)
            else:
                yield from run_example(model, example, moment if has_clock else None)


def coverage(model: DecisionModel, traces: Iterable[TableTrace]) -> tuple[int, tuple[OpenRule, ...]]:
    """How many rules the model's tables have, and those that applied in none of the traces."""
    applied = {(trace.decision_id, hit.number) for trace in traces for hit in trace.hits}
    rules = [(table, rule) for table in model.tables for rule in table.rules]
    return len(rules), tuple(
        OpenRule(table.name, rule.number, rule.note)
        for table, rule in rules
        if (table.decision_id, rule.number) not in applied
    )


def in_words(one: Outcome) -> Text:
    """What was expected of a node and what it gave: "应为 AA，得到 A"; outputs by the labels of their columns."""
    if one.fault is not None:
        return one.fault
    labels = {name: label for trace in one.traces for name, label in trace.columns}
    wanted = labelled(one.expected.value, labels)
    got = labelled(named_part(one.got, one.expected.value) if one.expected.parts_only else one.got, labels)
    return Text(f"应为 {wanted.zh}，得到 {got.zh}", f"expected {wanted.of('en')}, got {got.of('en')}")


def named_part(got: Plain, expected: Plain) -> Plain:
    """Of what came out the outputs that an example names."""
    if isinstance(got, dict) and isinstance(expected, dict):
        return {key: value for key, value in got.items() if key in expected}
    if isinstance(got, list) and isinstance(expected, list) and expected and isinstance(expected[0], dict):
        return [named_part(one, expected[0]) for one in got]
    return got


def labelled(value: Plain, labels: Mapping[str, Text]) -> Text:
    """A value in words, its parts by the labels of their columns."""
    if isinstance(value, dict):
        parts = [(labels.get(key, Text(key)), value_in_words(item)) for key, item in value.items()]
        return Text(
            "，".join(f"{label.zh} {words.zh}" for label, words in parts),
            ", ".join(f"{label.of('en')} {words.of('en')}" for label, words in parts),
        )
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        rows = [labelled(item, labels) for item in value]
        return Text("；".join(row.zh for row in rows), "; ".join(row.of("en") for row in rows))
    return value_in_words(value)
