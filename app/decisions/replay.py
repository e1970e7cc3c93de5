"""Evaluating a decision anew over what a past evaluation stored, or saying which input was not stored for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace

from app.decisions.logic import Logic
from app.decisions.model import Decision, DecisionModel
from app.decisions.stored import traces_of
from app.decisions.table import InputColumn, Table
from app.decisions.trace import TableTrace
from app.feel import Expression, UnaryTests, parse_expression
from app.feel.syntax import Name, Path
from app.moment import Moment
from app.plain import Plain
from app.texts import Text

_GIVEN = "given_column_"

FeelPath = tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """A stored evaluation; `variables` is all that it could read, None where only its trace was stored."""

    trace: TableTrace
    variables: Mapping[str, Plain] | None
    moment: Moment


@dataclass(frozen=True)
class Asked:
    """What a decision takes from outside, with the decisions that it requires.

    `names` are the variables, `paths` the places in them ("risk", "score") that its tables read, `texts` the
    expressions of their input columns, `labels` what columns call the places that they read.
    """

    names: frozenset[str]
    paths: frozenset[FeelPath]
    texts: frozenset[str]
    labels: Mapping[FeelPath, Text]


class Replay:
    """A decision of a model, ready to be evaluated over many stored evaluations."""

    def __init__(self, model: DecisionModel, decision_id: str) -> None:
        self.model, self.decision_id = model, decision_id
        self.asked = asked_by(model, decision_id)
        # by the expressions of an older trace's columns, which are few
        self._bound: dict[tuple[str, ...], DecisionModel] = {}
        self._untold: dict[tuple[str, ...], frozenset[FeelPath]] = {}

    def missing(self, past: Past, then: Asked) -> tuple[Text, ...]:
        """What this decision asks for and the past evaluation did not store, in words; () where it can be evaluated.

        `then` is what the table asked for that was evaluated then: what it read as null is null again, but what only
        this one reads must be there.
        """
        if past.variables is None:
            texts = tuple(text for _, text, _ in past.trace.inputs)
            if texts not in self._untold:
                self._untold[texts] = frozenset(self._not_in_trace(past.trace))
            wanted = set(self._untold[texts])
        else:
            wanted = {path for path in self.asked.paths if path not in then.paths and not _holds(past.variables, path)}
            wanted |= {(name,) for name in self.asked.names - then.names if name not in past.variables}
        if not wanted:
            return ()
        shortest = {path for path in wanted if not any(path[:n] in wanted for n in range(1, len(path)))}
        called = [self._called(path, wanted) for path in sorted(shortest)]
        return tuple(text for number, text in enumerate(called) if text not in called[:number])

    def evaluate(self, past: Past) -> TableTrace:
        """The decision's own trace, worked out at the stored moment; FeelError where a limit is reached."""
        if past.variables is not None:
            model, variables = self.model, past.variables
        else:
            model, variables = self._over_columns(past.trace)
        found = model.evaluate(self.decision_id, variables, past.moment)
        return traces_of(self.model, self.decision_id, found)[-1]

    def _called(self, path: FeelPath, wanted: set[FeelPath]) -> Text:
        """The label of the column that reads the place, or something in it; else its last name."""
        for known in (path, *sorted(one for one in wanted if one[: len(path)] == path)):
            if known in self.asked.labels:
                return self.asked.labels[known]
        return Text(path[-1], path[-1])

    def _columns_alone(self) -> Table | None:
        """The decision's table where it needs nothing but variables: its columns may then be given their values."""
        decision = self.model.decisions[self.decision_id]
        return None if decision.requires or decision.knowledge or decision.input_data else decision.table

    def _not_in_trace(self, trace: TableTrace) -> set[FeelPath]:
        """The places that the columns of an older trace do not tell."""
        texts, known = {text for _, text, _ in trace.inputs}, _columns_of(trace)
        table, places = self._columns_alone(), set(self.asked.paths)
        if table is not None:
            free = (column for column in table.inputs if column.text not in texts)
            compiled = [*(column.expression for column in free), *_beyond_columns(table)]
            places = _paths(compiled, self.asked.names)
        else:
            places |= {(name,) for name in self.asked.names if not any(path[0] == name for path in places)}
        return {path for path in places if not any(path[:n] in known for n in range(1, len(path) + 1))}

    def _over_columns(self, trace: TableTrace) -> tuple[DecisionModel, dict[str, Plain]]:
        """The model with the columns' values given, and the variables that an older trace tells."""
        variables: dict[str, Plain] = {}
        for path, value in sorted(_columns_of(trace).items()):
            _put(variables, path, value)
        table = self._columns_alone()
        if table is None:
            return self.model, variables
        texts = tuple(text for _, text, _ in trace.inputs)
        if texts not in self._bound:
            self._bound[texts] = self._with_given_columns(table, texts)
        values = {text: value for _, text, value in trace.inputs}
        given = {f"{_GIVEN}{n}": values[c.text] for n, c in enumerate(table.inputs) if c.text in values}
        return self._bound[texts], variables | given

    def _with_given_columns(self, table: Table, texts: tuple[str, ...]) -> DecisionModel:
        names = [f"{_GIVEN}{number}" for number in range(len(table.inputs))]
        columns = tuple(
            replace(column, expression=parse_expression(name)) if column.text in texts else column
            for column, name in zip(table.inputs, names, strict=True)
        )
        decision, given = self.model.decisions[self.decision_id], replace(table, inputs=columns)
        logic = Logic(decision.logic.kind, decision.logic.used, given.evaluate, given)
        reads = decision.reads | frozenset(names)
        decisions = {**self.model.decisions, self.decision_id: replace(decision, logic=logic, reads=reads)}
        return replace(self.model, decisions=decisions)


def asked_by(model: DecisionModel, decision_id: str) -> Asked:
    """What the decision and those that it requires take from outside."""
    decision = model.decisions[decision_id]
    tables = [each.table for each in _required(model, decision) if each.table is not None]
    columns = [column for table in tables for column in table.inputs]
    compiled: list[Expression | UnaryTests] = [column.expression for column in columns]
    for table in tables:
        compiled += _beyond_columns(table)
    return Asked(
        decision.inputs,
        frozenset(_paths(compiled, decision.inputs)),
        frozenset(column.text for column in columns),
        {path: column.label for column in columns for path in _column_paths(column, decision.inputs)},
    )


def _required(model: DecisionModel, decision: Decision) -> list[Decision]:
    found, waiting = dict[str, Decision](), [decision]
    while waiting:
        one = waiting.pop()
        if one.id not in found:
            found[one.id] = one
            waiting += [model.decisions[each] for each in one.requires]
    return list(found.values())


def _beyond_columns(table: Table) -> list[Expression | UnaryTests]:
    """The cells and outputs of a table, compiled."""
    cells = [tests for column in table.inputs for tests, _ in column.cells]
    defaults = [column.default for column in table.outputs if column.default is not None]
    return [*cells, *defaults, *(output for rule in table.rules for output in rule.outputs)]


def _column_paths(column: InputColumn, names: frozenset[str]) -> set[FeelPath]:
    return _paths([column.expression], names)


def _paths(compiled: list[Expression | UnaryTests], names: frozenset[str]) -> set[FeelPath]:
    """The places in the variables `names` that FEEL texts read."""
    return {path for one in compiled for path in _walk(one.syntax) if path[0] in names}


def _walk(node: object) -> Iterator[FeelPath]:
    path = _path_of(node)
    if path is not None:
        yield path
    elif isinstance(node, tuple):
        for each in node:
            yield from _walk(each)
    elif is_dataclass(node):
        for part in fields(node):
            yield from _walk(getattr(node, part.name))


def _path_of(node: object) -> FeelPath | None:
    """("risk", "score") for risk.score; None for what is no name or path of one."""
    keys: list[str] = []
    while isinstance(node, Path):
        keys.append(node.key)
        node = node.base
    return (node.name, *reversed(keys)) if isinstance(node, Name) else None


def _columns_of(trace: TableTrace) -> dict[FeelPath, Plain]:
    """The places that a trace tells: input columns whose expression is a name or path."""
    found = {}
    for _, text, value in trace.inputs:
        path = tuple(part.strip() for part in text.split("."))
        if all(part.isidentifier() for part in path):
            found[path] = value
    return found


def _holds(variables: Mapping[str, Plain], path: FeelPath) -> bool:
    """Whether something stands at the place, be it null; in a list, or within null, nothing more is asked."""
    held: Plain = variables
    for key in path:
        if not isinstance(held, Mapping):
            return True
        if key not in held:
            return False
        held = held[key]
    return True


def _put(variables: dict[str, Plain], path: FeelPath, value: Plain) -> None:
    for key in path[:-1]:
        inner = variables.get(key)
        variables[key] = dict(inner) if isinstance(inner, dict) else {}
        variables = variables[key]
    variables[path[-1]] = value
