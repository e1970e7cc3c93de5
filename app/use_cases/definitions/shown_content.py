"""What a form asks and what a table decides, for reading on a page."""

from __future__ import annotations

from dataclasses import dataclass

from app.decisions import Table, parse_dmn, policy_in_words
from app.forms import Component, parse_form
from app.texts import Text
from app.use_cases.definitions.form_difference import KINDS
from app.use_cases.definitions.table_difference import cell_in_words


@dataclass(frozen=True)
class TableShown:
    """A decision table: its columns' labels, and rows of (number, note, cells in words)."""

    name: Text
    policy: Text
    inputs: tuple[Text, ...]
    outputs: tuple[Text, ...]
    rows: tuple[tuple[int, Text, tuple[Text, ...]], ...]


@dataclass(frozen=True)
class FieldShown:
    """A field of a form, or (without a kind) the head of a group; `depth` is how deep it stands."""

    name: Text
    kind: Text
    required: bool
    hint: Text
    options: tuple[Text, ...]
    depth: int


def tables_of(dmn: bytes) -> tuple[TableShown, ...]:
    """The decision tables of a file in force, in its order."""
    decisions = parse_dmn(dmn).decisions.values()
    return tuple(_table(one.name, one.table) for one in decisions if one.table is not None)


def _table(name: Text, table: Table) -> TableShown:
    rows = tuple(
        (
            rule.number,
            rule.note,
            tuple(
                [cell_in_words(cell or "-") for cell in rule.conditions]
                + [cell_in_words(cell) for cell in rule.results]
            ),
        )
        for rule in table.rules
    )
    inputs, outputs = (tuple(column.label for column in part) for part in (table.inputs, table.outputs))
    return TableShown(name, policy_in_words(table.hit_policy, table.aggregation), inputs, outputs, rows)


def fields_of(form: bytes) -> tuple[FieldShown, ...]:
    """The groups and fields of a form in force, in its order."""
    return tuple(_fields(parse_form(form).components, 0))


def _fields(components: tuple[Component, ...], depth: int) -> list[FieldShown]:
    found: list[FieldShown] = []
    for one in components:
        named = bool(one.label.zh or one.label.en)
        if one.kind or (one.children and named):
            kind = KINDS.get(one.kind, Text(one.kind))
            options = tuple(option.label for option in one.options)
            found.append(FieldShown(one.label, kind, one.required, one.hint, options, depth))
        found += _fields(one.children, depth + (1 if named and one.children else 0))
    return found
