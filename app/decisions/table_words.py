"""A published table beside a stored trace: every row with the cells that held or not, for a reviewer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.decisions.cell_words import condition_in_words, value_in_words
from app.decisions.table import InputColumn, Rule, Table
from app.decisions.trace import TableTrace
from app.decisions.types import from_variables
from app.decisions.value_words import UNTOLD, DecisionWords
from app.decisions.wording import policy_in_words, shown_columns
from app.feel import Scope, to_feel
from app.plain import Plain
from app.texts import Text

FORMULA = Text("按公式计算", "by a formula")
CODE = re.compile(r"[A-Za-z_]\w*\s*\(|\b(?:if|for|some|every|and|or)\b|\w+\.\w*[A-Za-z_]|[a-z]\w*_\w+")


@dataclass(frozen=True)
class CellWords:
    """A condition in words; `holds` is None where that depends on other variables than the column's input."""

    text: Text
    holds: bool | None


@dataclass(frozen=True)
class RowWords:
    """A row of the table: number, note, conditions, outputs as written ("revenue * 0.1"), and whether it hit."""

    number: int
    note: Text
    conditions: tuple[CellWords, ...]
    outputs: tuple[Text, ...]
    hit: bool


@dataclass(frozen=True)
class TableWords:
    """The whole table: the input columns' labels with their values then, the output columns' labels, and the rows."""

    name: Text
    policy: Text
    inputs: tuple[tuple[Text, Text], ...]
    outputs: tuple[Text, ...]
    rows: tuple[RowWords, ...]


def table_in_words(table: Table, trace: TableTrace, words: DecisionWords = UNTOLD) -> TableWords:
    """The table with what the trace says about it; `table` must be the one that was evaluated then (same release)."""
    values = [value for _, _, value in trace.inputs]
    verdicts = [_verdicts(column, value, len(table.rules)) for column, value in zip(table.inputs, values, strict=True)]
    hits = {hit.number for hit in trace.hits}
    return TableWords(
        name=table.name,
        policy=policy_in_words(table.hit_policy, table.aggregation),
        inputs=tuple(
            (column.label, value_in_words(value, words.input(column.text)))
            for column, value in zip(table.inputs, values, strict=True)
        ),
        outputs=tuple(dict(trace.columns).get(name, Text(name)) for name, _ in _shown(table, words)),
        rows=tuple(_row(table, rule, verdicts, rule.number in hits, words) for rule in table.rules),
    )


def _row(table: Table, rule: Rule, verdicts: list[list[bool | None]], hit: bool, words: DecisionWords) -> RowWords:
    conditions = tuple(
        CellWords(
            _for_readers(cell or "-", condition_in_words(cell or "-", words.input(column.text))), held[rule.number - 1]
        )
        for cell, column, held in zip(rule.conditions, table.inputs, verdicts, strict=True)
    )
    written = dict(zip((column.name for column in table.outputs), rule.results, strict=True))
    results = results_in_words(table, rule, words)
    shown = (written[name] for name, _ in _shown(table, words))
    outputs = tuple(_for_readers(cell, said) for cell, said in zip(shown, results, strict=True))
    return RowWords(rule.number, rule.note, conditions, outputs, hit)


def _for_readers(cell: str, said: Text) -> Text:
    """A cell that has words, or that it is a formula: its code is for analysts, the row's note says what it does."""
    is_code = said.zh == said.en == cell and CODE.search(cell)
    return FORMULA if is_code else said


def results_in_words(table: Table, rule: Rule, words: DecisionWords = UNTOLD) -> tuple[Text, ...]:
    """The outputs of a row as written, of the columns that are for people."""
    said = {
        column.name: condition_in_words(cell, words.output(column.name))
        for cell, column in zip(rule.results, table.outputs, strict=True)
    }
    return tuple(
        Text(said[name].zh, said[twin].of("en")) if twin else said[name] for name, twin in _shown(table, words)
    )


def conditions_in_words(table: Table, rule: Rule, words: DecisionWords = UNTOLD) -> Text:
    """When the row applies: "评分 620–749，最长逾期 ≤ 30"."""
    parts = [
        (column.label, condition_in_words(cell, words.input(column.text)))
        for cell, column in zip(rule.conditions, table.inputs, strict=True)
        if cell not in {"", "-"}
    ]
    return Text(
        "，".join(f"{label.zh} {said.zh}" for label, said in parts) or "无条件",
        ", ".join(f"{label.of('en')} {said.of('en')}" for label, said in parts) or "without a condition",
    )


def _shown(table: Table, words: DecisionWords) -> tuple[tuple[str, str | None], ...]:
    return shown_columns([column.name for column in table.outputs], words)


def _verdicts(column: InputColumn, value: Plain, rules: int) -> list[bool | None]:
    """Whether each rule's cell of the column holds for the value."""
    found: list[bool | None] = [True] * rules
    given = from_variables(to_feel(value), column.kind)
    for tests, mask in column.cells:
        holds = None if tests.names - {"?"} else tests.matches(given, Scope()) is True
        for position in range(rules):
            if mask >> position & 1:
                found[position] = holds
    return found
