"""Puts the stored traces of a case's decisions into words for reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.decisions import TableTrace, in_words
from app.storage.decision_traces import DecisionTrace
from app.texts import Text

NAMES_SHOWN = 2


@dataclass(frozen=True)
class Explained:
    """One evaluation in words; `version` is the start of the table's content hash.

    `summary` is the answer, or the notes of the rows that gave it where the answer holds codes of diagrams.
    """

    key: str
    name: Text
    version: str
    answer: Text
    summary: Text
    origin: Text
    at: datetime
    inputs: tuple[tuple[Text, Text], ...]
    hits: tuple[tuple[int, Text], ...]
    notes: tuple[Text, ...]
    outputs: Any


def explain_decisions(traces: Sequence[DecisionTrace]) -> tuple[Explained, ...]:
    """The newest evaluation of each table, in the order of evaluation."""
    newest = {trace.decision_key: trace for trace in traces}
    return tuple(_explained(trace) for trace in sorted(newest.values(), key=lambda row: row.id))


def _explained(row: DecisionTrace) -> Explained:
    trace = TableTrace.from_plain(row.trace)
    words = in_words(trace)
    numbers = [hit.number for hit in trace.hits] or [0]
    answer = _names(trace.outputs) or words.answer
    return Explained(
        key=row.decision_key,
        name=words.name,
        version=row.content_hash[:8],
        answer=answer,
        summary=_names(trace.outputs, NAMES_SHOWN) or _notes(trace) or answer,
        origin=_without_key(words.origin, row.decision_key),
        at=row.at,
        inputs=words.inputs,
        hits=tuple(zip(numbers, words.rows, strict=False)) if trace.hits else (),
        notes=words.notes,
        outputs=trace.outputs,
    )


def _names(outputs: Any, most: int | None = None) -> Text | None:
    """A list of named things (a checklist) is told by the names, the first `most`; None for every other result."""
    if (
        not isinstance(outputs, list)
        or not outputs
        or not all(isinstance(one, dict) and "name" in one for one in outputs)
    ):
        return None
    shown, more = outputs[:most], len(outputs[most:]) if most else 0
    zh = "、".join(str(one["name"]) for one in shown)
    en = ", ".join(str(one.get("name_en") or one["name"]) for one in shown)
    return Text(zh + (f" 等 {len(outputs)} 项" if more else ""), en + (f" and {more} more" if more else ""))


def _notes(trace: TableTrace) -> Text | None:
    """What the rows that hit say of themselves, where each does and their outputs are several with codes among them."""
    notes = [hit.note for hit in trace.hits if hit.note.zh]
    coded = any(len(hit.outputs) > 1 and any(isinstance(v, str) for v in hit.outputs.values()) for hit in trace.hits)
    if not coded or not notes or len(notes) < len(trace.hits) or _names(trace.outputs):
        return None
    return Text("；".join(note.zh for note in notes), "; ".join(note.of("en") for note in notes))


def _without_key(origin: Text, key: str) -> Text:
    """Where a result comes from, without the table's key, which is no word for people."""
    return Text(origin.zh.removeprefix(key).strip(), origin.of("en").removeprefix(key).strip(", ").capitalize())
