"""What is wrong with examples before they are run: inputs and outputs that the tables do not have, values of a type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.decisions.examples import Example, ExampleFile
from app.decisions.model import Decision, DecisionModel
from app.decisions.table import Table
from app.decisions.types import Type, conform, from_variables
from app.errors import Problem
from app.feel import to_feel
from app.texts import Text

_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')

Path = tuple[str, ...]


def check_examples(model: DecisionModel, file: ExampleFile) -> list[Problem]:
    """A problem for each example that asks what the model does not decide, or gives what no table reads."""
    return [problem for one in file.examples for problem in _faults(model, one)]


def _faults(model: DecisionModel, one: Example) -> Iterator[Problem]:
    for expected in one.expected:
        decision = model.decisions.get(expected.node)
        if decision is None:
            known = "、".join(model.decisions), ", ".join(model.decisions)
            yield _problem(
                one,
                f"规则文件里没有决策“{expected.node}”，现有：{known[0]}",
                f'the rule file has no decision "{expected.node}"; it has: {known[1]}',
            )
            continue
        yield from _unknown_inputs(model, decision, one)
        yield from _misfits(model, decision, one)
        if decision.table is not None:
            yield from _unknown_outputs(decision.table, one, expected.value)


def _unknown_inputs(model: DecisionModel, decision: Decision, one: Example) -> Iterator[Problem]:
    known = _known_paths(model, decision)
    for path in _given_paths(one.inputs):
        if not any(path[: len(read)] == read or read[: len(path)] == path for read in known):
            names = sorted(".".join(read) for read in known)
            given = ".".join(path)
            yield _problem(
                one,
                f"没有输入“{given}”，可用：{'、'.join(names)}",
                f'there is no input "{given}"; known are {", ".join(names)}',
            )


def _known_paths(model: DecisionModel, decision: Decision) -> set[Path]:
    """The inputs that the decision may read; the parts of a context are known where only tables read it."""
    decisions = _with_required(model, decision)
    found: set[Path] = {(name,) for name in decision.reads}
    if any(each.table is None for each in decisions) or model.knowledge or model.services:
        return found
    written = {path for each in decisions if each.table for path in _paths_in(each.table) if path[0] in decision.reads}
    in_parts = {path[0] for path in written} - {path[0] for path in written if len(path) == 1}
    return {(name,) for name in decision.reads - in_parts} | {path for path in written if path[0] in in_parts}


def _with_required(model: DecisionModel, decision: Decision) -> list[Decision]:
    found, todo = {decision.id: decision}, [*decision.requires]
    while todo:
        each = model.decisions[todo.pop()]
        if each.id not in found:
            found[each.id] = each
            todo += each.requires
    return list(found.values())


def _paths_in(table: Table) -> Iterator[Path]:
    texts = [column.text for column in table.inputs]
    texts += [text for rule in table.rules for text in (*rule.conditions, *rule.results)]
    for text in texts:
        yield from (tuple(found.split(".")) for found in _PATH.findall(_STRING.sub("", text)))


def _given_paths(inputs: Mapping[str, Any], before: Path = ()) -> Iterator[Path]:
    """The path of each given value; of an empty context its own."""
    for name, value in inputs.items():
        if isinstance(value, Mapping) and value:
            yield from _given_paths(value, (*before, name))
        else:
            yield (*before, name)


def _misfits(model: DecisionModel, decision: Decision, one: Example) -> Iterator[Problem]:
    """Inputs of another type than their column says; values outside the allowed ones may well be an example."""
    kinds: dict[str, Type] = {data.name: data.kind for data in model.input_data.values()}
    for each in _with_required(model, decision):
        if each.table is not None:
            kinds |= {column.text: column.kind for column in each.table.inputs if _PATH.fullmatch(column.text)}
    for text, kind in kinds.items():
        value = _at(one.inputs, text)
        _, fault = conform(from_variables(to_feel(value), kind), replace(kind, allowed=None))
        if fault is not None:
            yield _problem(one, f"输入“{text}”的值 {value} {fault.zh}", f'the input "{text}": {value} {fault.of("en")}')


def _at(inputs: Mapping[str, Any], path: str) -> object:
    value: Any = inputs.get(path)
    if path not in inputs:
        value = inputs
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _unknown_outputs(table: Table, one: Example, expected: object) -> Iterator[Problem]:
    names = [column.name for column in table.outputs]
    if len(names) < 2:
        return
    for part in expected if isinstance(expected, list) else [expected]:
        for name in part if isinstance(part, Mapping) else ():
            if name not in names:
                yield _problem(
                    one,
                    f"没有输出“{name}”，可用：{'、'.join(names)}",
                    f'there is no output "{name}"; known are {", ".join(names)}',
                )


def _problem(one: Example, zh: str, en: str) -> Problem:
    return Problem(one.name.zh, one.line, Text(f"用例“{one.name.zh}”：{zh}", f'example "{one.name.of("en")}": {en}'))
