"""The check of a file's decision tables: what their rules leave open or contradict, for commands and for uploads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app import engine
from app.decisions import DecisionModel, parse_dmn, words_of_values
from app.decisions.analysis import TableCheck, TableFinding, check_model
from app.errors import DefinitionRefused, Problem
from app.texts import Text
from app.use_cases.definitions.foreign_files import not_a_definition
from app.use_cases.definitions.mends import mend_of
from app.use_cases.definitions.verdicts import ERROR, NOTE, OK, REFUSED, Finding, finding_as_json

GAP = "gap"


@dataclass(frozen=True)
class CheckedTable:
    """A table of a file: its decision's id and name, its hit policy, its number of rules, and what was found."""

    decision_id: str
    name: Text
    hit_policy: str
    rules: int
    findings: tuple[TableFinding, ...]


@dataclass(frozen=True)
class CheckedTables:
    """A file with its tables, or with the `problems` for which it cannot be read."""

    file: str
    tables: tuple[CheckedTable, ...] = ()
    problems: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        return bool(self.problems) or any(one.severity == ERROR for table in self.tables for one in table.findings)

    def as_json(self) -> dict[str, Any]:
        """What `flask rules check` prints: file, verdict, problems and tables with their findings."""
        return {
            "file": self.file,
            "verdict": REFUSED if self.refused else OK,
            "problems": [finding_as_json(one) for one in self.problems],
            "tables": [_table_as_json(one) for one in self.tables],
        }


def check_tables(file: str, content: bytes) -> CheckedTables:
    """The check of every table of a DMN file."""
    foreign = not_a_definition(file, content)
    if foreign is not None:
        return CheckedTables(file, problems=(foreign,))
    try:
        model = parse_dmn(content)
    except DefinitionRefused as refused:
        return CheckedTables(file, problems=tuple(_refusals(file, content, refused)))
    return CheckedTables(
        file, tuple(_table(check, found) for check, found in check_model(model, words_of_values(content)))
    )


def table_problems(model: DecisionModel, content: bytes) -> tuple[Finding, ...]:
    """What the check of a file's tables has to say at its upload; that an empty answer is possible is no problem."""
    return tuple(
        _finding(check, one)
        for check, found in check_model(model, words_of_values(content))
        for one in found
        if not (one.kind == GAP and one.severity == NOTE)
    )


def refused_for_tables(files: Mapping[str, bytes]) -> list[Problem]:
    """What publication refuses in the tables among `files` (path -> bytes) that can be read: rules that contradict."""
    return [
        Problem(f"{path} {one.element}", one.line, one.text)
        for path, content in sorted(files.items())
        if path.endswith(".dmn")
        for one in _contradictions(content)
    ]


def _contradictions(content: bytes) -> list[Finding]:
    try:
        model = parse_dmn(content)
    except DefinitionRefused:  # whoever reads the files as a whole says why
        return []
    return [one for one in table_problems(model, content) if one.severity == ERROR]


def _finding(check: TableCheck, one: TableFinding) -> Finding:
    table = check.table
    if not one.rules:
        return Finding(one.element, table.name, None, one.severity, one.text, one.mend)
    number = one.rules[0]
    name = Text(f"{table.name.zh} 第 {number} 行", f"{table.name.of('en')}, row {number}")
    return Finding(one.element, name, table.rules[number - 1].line, one.severity, one.text, one.mend)


def _refusals(file: str, content: bytes, refused: DefinitionRefused) -> list[Finding]:
    try:
        names = engine.outline(content).names
    except DefinitionRefused:
        names = {}
    return [
        Finding(one.where, names.get(one.where, Text(file)), one.line, ERROR, one.text, mend_of(one.text))
        for one in refused.problems
    ]


def _table(check: TableCheck, found: tuple[TableFinding, ...]) -> CheckedTable:
    table = check.table
    return CheckedTable(table.decision_id, table.name, table.hit_policy, len(table.rules), found)


def _table_as_json(one: CheckedTable) -> dict[str, Any]:
    return {
        "decision": one.decision_id,
        "name": _both(one.name),
        "hit_policy": one.hit_policy,
        "rules": one.rules,
        "findings": [_finding_as_json(each) for each in one.findings],
    }


def _finding_as_json(one: TableFinding) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "severity": one.severity,
        "rules": list(one.rules),
        "element": one.element,
        "example": [{"input": _both(label), "value": _both(value)} for label, value in one.example],
        "text": _both(one.text),
        "mend": None if one.mend is None else _both(one.mend),
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.of("en")}
