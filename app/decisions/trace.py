"""What a decision table did, as values that are stored with the case: inputs, hits, outputs and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.plain import Plain
from app.texts import Text


@dataclass(frozen=True)
class Hit:
    """One rule that applied: row number from 1, id, note, outputs by name, conditions (cell texts, one an input)."""

    number: int
    rule_id: str
    note: Text
    outputs: dict[str, Plain]
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableTrace:
    """One evaluation of one decision table.

    `inputs` has (label, expression, plain value) for each input column, `columns` (name, label) for each output column,
    `outputs` the table's result, `conflict` says that the hit policy was broken (the result is then null),
    `notes` say in words whatever else a reviewer must know, for example a value outside the allowed ones.
    """

    decision_id: str
    name: Text
    hit_policy: str
    inputs: tuple[tuple[Text, str, Plain], ...]
    hits: tuple[Hit, ...]
    outputs: Plain
    columns: tuple[tuple[str, Text], ...] = ()
    aggregation: str = ""
    conflict: bool = False
    notes: tuple[Text, ...] = ()

    def to_plain(self) -> dict[str, Plain]:
        """The trace as a plain value, as stored."""
        return {
            "decision_id": self.decision_id,
            "name": _words(self.name),
            "hit_policy": self.hit_policy,
            "aggregation": self.aggregation,
            "inputs": [
                {"label": _words(label), "expression": text, "value": value} for label, text, value in self.inputs
            ],
            "columns": [{"name": name, "label": _words(label)} for name, label in self.columns],
            "hits": [_hit_to_plain(hit) for hit in self.hits],
            "outputs": self.outputs,
            "conflict": self.conflict,
            "notes": [_words(note) for note in self.notes],
        }

    @classmethod
    def from_plain(cls, stored: Mapping[str, Any]) -> TableTrace:
        """The trace that `to_plain` gave; KeyError where something is missing."""
        return cls(
            decision_id=stored["decision_id"],
            name=_text(stored["name"]),
            hit_policy=stored["hit_policy"],
            inputs=tuple((_text(each["label"]), each["expression"], each["value"]) for each in stored["inputs"]),
            hits=tuple(_hit_from_plain(each) for each in stored["hits"]),
            outputs=stored["outputs"],
            columns=tuple((each["name"], _text(each["label"])) for each in stored["columns"]),
            aggregation=stored["aggregation"],
            conflict=stored["conflict"],
            notes=tuple(_text(each) for each in stored["notes"]),
        )


def _words(text: Text) -> list[str]:
    return [text.zh, text.en]


def _text(stored: list[str]) -> Text:
    return Text(stored[0], stored[1])


def _hit_to_plain(hit: Hit) -> dict[str, Plain]:
    return {
        "number": hit.number,
        "rule_id": hit.rule_id,
        "note": _words(hit.note),
        "outputs": hit.outputs,
        "conditions": list(hit.conditions),
    }


def _hit_from_plain(stored: Mapping[str, Any]) -> Hit:
    return Hit(
        stored["number"], stored["rule_id"], _text(stored["note"]), stored["outputs"], tuple(stored["conditions"])
    )
