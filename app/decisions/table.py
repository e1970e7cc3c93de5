"""A compiled decision table: columns, rules as bit masks over distinct cells, evaluation with its trace."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.decisions.column_index import ColumnIndex, index_of
from app.decisions.hit_policy import Resolved, Row, nothing, resolve
from app.decisions.logic import Run
from app.decisions.plain_values import shown
from app.decisions.trace import Hit, TableTrace
from app.decisions.types import Type, conform, from_variables
from app.feel import Expression, Scope, UnaryTests
from app.feel import Run as FeelRun
from app.plain import Plain
from app.texts import Text

STEPS_OF_A_TRACE = 20  # of FEEL's budget, so that a table asked in a loop ends too
STEPS_OF_A_HIT = 4
MOST_OF_A_VALUE = 200  # characters of a value that a note tells


@dataclass(frozen=True)
class InputColumn:
    """One input: its label, expression and type (with allowed values), and its distinct cells.

    `cells` has (tests, mask of the rules with that cell); bit i of a mask is the rule with row number i + 1.
    `open_mask` has the rules whose cell is "-" or blank.
    """

    label: Text
    text: str
    expression: Expression
    kind: Type
    cells: tuple[tuple[UnaryTests, int], ...]
    open_mask: int

    @cached_property
    def index(self) -> ColumnIndex:
        """The cells by the values that they name, made at the first evaluation."""
        return index_of(self.cells)


@dataclass(frozen=True)
class OutputColumn:
    """One output: its name ("" in a table with a single output), label, type and the value when no rule applies."""

    name: str
    label: Text
    kind: Type
    default: Expression | None = None

    def rank(self, value: object) -> int:
        """The place of the value among the allowed values, the first being the most wanted."""
        values = self.kind.allowed.values if self.kind.allowed else ()
        return values.index(value) if value in values else len(values)


@dataclass(frozen=True)
class Rule:
    """One row: number from 1, id, note for reviewers, cells' texts, compiled outputs, and its line in the file."""

    number: int
    rule_id: str
    note: Text
    conditions: tuple[str, ...]
    results: tuple[str, ...]
    outputs: tuple[Expression, ...]
    line: int | None = None


@dataclass(frozen=True)
class Table:
    """A decision table of the decision (or knowledge model) `decision_id`, as published."""

    decision_id: str
    name: Text
    hit_policy: str
    aggregation: str
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]

    def evaluate(self, scope: Scope, run: Run) -> object:
        """The table's FEEL value; its trace goes to the run. No match and conflicts are null, never an exception."""
        run.feel.spend(STEPS_OF_A_TRACE)
        notes: list[Text] = []
        values = tuple(self._input(column, scope, run, notes) for column in self.inputs)
        rows = self._rows(self._hits(values, scope, run), scope, run, notes)
        if rows:
            resolved = resolve(self.hit_policy, self.aggregation, rows, run.feel)
        else:
            resolved = self._default(scope, run, notes)
        if resolved.note is not None:
            notes.append(resolved.note)
        run.traces.append(self._trace(values, resolved, notes, run.feel))
        return resolved.value

    def _input(self, column: InputColumn, scope: Scope, run: Run, notes: list[Text]) -> object:
        value = from_variables(column.expression.evaluate(scope, run=run.feel), column.kind, run.feel)
        return _held(value, column.kind, column.label, notes, run.feel)

    def _hits(self, values: tuple[object, ...], scope: Scope, run: Run) -> int:
        """The mask of the rules that apply; a cell without an index is tested only while a rule with it may apply."""
        alive = (1 << len(self.rules)) - 1
        for column, value in zip(self.inputs, values, strict=True):
            indexed = column.index.matched(value)
            matched = column.open_mask | (indexed or 0)
            for tests, mask in column.cells if indexed is None else column.index.rest:
                if mask & alive and tests.matches(value, scope, run=run.feel) is True:
                    matched |= mask
            alive &= matched
            if not alive:
                break
        return alive

    def _rows(self, hits: int, scope: Scope, run: Run, notes: list[Text]) -> list[Row]:
        """The outputs of the rules that apply, in the table's order; under FIRST only the first is worked out."""
        rows = []
        while hits:
            lowest = hits & -hits
            rule = self.rules[lowest.bit_length() - 1]
            rows.append(self._row(rule, scope, run, notes))
            hits = 0 if self.hit_policy == "FIRST" else hits ^ lowest
        return rows

    def _row(self, rule: Rule, scope: Scope, run: Run, notes: list[Text]) -> Row:
        run.feel.spend(STEPS_OF_A_HIT)
        values = []
        for column, expression in zip(self.outputs, rule.outputs, strict=True):
            value = expression.evaluate(scope, run=run.feel)
            values.append(_held(value, column.kind, column.label, notes, run.feel, rule.number))
        ranks = tuple(column.rank(value) for column, value in zip(self.outputs, values, strict=True))
        return Row(rule.number, self._result(values), ranks)

    def _result(self, values: list[object]) -> object:
        if len(self.outputs) == 1:
            return values[0]
        return {column.name: value for column, value in zip(self.outputs, values, strict=True)}

    def _default(self, scope: Scope, run: Run, notes: list[Text]) -> Resolved:
        if all(column.default is None for column in self.outputs):
            return Resolved(nothing(self.hit_policy, self.aggregation), ())
        values = [
            _held(column.default.evaluate(scope, run=run.feel), column.kind, column.label, notes, run.feel)
            if column.default
            else None
            for column in self.outputs
        ]
        notes.append(Text("没有规则命中，采用默认输出", "no rule applies, the default output is taken"))
        return Resolved(self._result(values), ())

    def _trace(self, values: tuple[object, ...], resolved: Resolved, notes: list[Text], run: FeelRun) -> TableTrace:
        inputs = tuple(
            (column.label, column.text, shown(value, run)) for column, value in zip(self.inputs, values, strict=True)
        )
        return TableTrace(
            decision_id=self.decision_id,
            name=self.name,
            hit_policy=self.hit_policy,
            inputs=inputs,
            hits=tuple(self._hit(row, run) for row in resolved.rows),
            outputs=shown(resolved.value, run),
            columns=tuple((column.name, column.label) for column in self.outputs),
            aggregation=self.aggregation,
            conflict=resolved.conflict,
            notes=tuple(notes),
        )

    def _hit(self, row: Row, run: FeelRun) -> Hit:
        rule = self.rules[row.number - 1]
        result = shown(row.result, run)
        outputs: dict[str, Plain] = result if len(self.outputs) > 1 else {self.outputs[0].name: result}
        return Hit(rule.number, rule.rule_id, rule.note, outputs, rule.conditions)


def _held(value: object, kind: Type, label: Text, notes: list[Text], run: FeelRun, number: int = 0) -> object:
    """The value as its column's type and allowed values want it, else null with a note."""
    fitted, fault = conform(value, kind, run)
    if fault is not None:
        where_zh, where_en = (f"第 {number} 行的", f"row {number}: ") if number else ("", "")
        what = str(shown(value, run))[:MOST_OF_A_VALUE]
        notes.append(
            Text(
                f"{where_zh}“{label.zh}”的值 {what} {fault.zh}，按空值处理",
                f'{where_en}the value {what} of "{label.of("en")}" {fault.en}, taken as null',
            )
        )
    return fitted
