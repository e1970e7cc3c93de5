"""Puts the stored traces of a case's decisions into words for reviewers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.decisions import (
    UNTOLD,
    DecisionWords,
    Hit,
    Table,
    TableTrace,
    TableWords,
    answer_in_words,
    because_in_words,
    each_output,
    in_words,
    names_in_words,
    policy_in_words,
    table_in_words,
)
from app.storage import definitions
from app.storage.database import reading
from app.storage.decision_traces import DecisionTrace
from app.storage.definitions import DefinitionVersion
from app.texts import Text
from app.use_cases.cases.contributions import Contribution, contributions, summed
from app.use_cases.definitions.known_tables import KnownFile, known_files

NAMES_SHOWN = 2
NOTES_SHOWN = 3


@dataclass(frozen=True)
class HitWords:
    """A row that hit: its number, the conditions with the values that met them, its note, and its results by label."""

    number: int
    because: Text
    note: Text
    results: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True)
class TableVersion:
    """The version of a table's file, and when it was published."""

    path: str
    number: int
    published_at: datetime


@dataclass(frozen=True)
class Explained:
    """One evaluation in words: `answer` is the result, `reason` a sentence why, `notes` what went wrong.

    `contributions` are the points of a table that adds them up; `table` is the whole table with what held, None where
    its file is not known; `round` is the round of the application, where it was stored; `earlier` are the evaluations
    of the same decision before this one, newest first.
    """

    key: str
    name: Text
    answer: Text
    reason: Text
    policy: Text
    rows: tuple[int, ...]
    at: datetime
    round: str | None
    version: TableVersion | None
    inputs: tuple[tuple[Text, Text], ...]
    hits: tuple[HitWords, ...]
    contributions: tuple[Contribution, ...]
    table: TableWords | None
    notes: tuple[Text, ...]
    earlier: tuple[Explained, ...] = ()


@dataclass(frozen=True)
class Summary:
    """The newest answer of a decision in short, and the rows that gave it."""

    name: Text
    answer: Text
    rows: tuple[int, ...]


def summarise_decisions(traces: Sequence[DecisionTrace]) -> tuple[Summary, ...]:
    """The newest evaluation of each table in short, in the order of evaluation."""
    newest = sorted({row.decision_key: row for row in traces}.values(), key=lambda row: row.id)
    files = _files(newest)
    found = []
    for row in newest:
        trace, words = TableTrace.from_plain(row.trace), _words(files, row)
        names = names_in_words(trace.outputs, NAMES_SHOWN)
        answer = names or _notes_for_codes(trace) or answer_in_words(trace, words)
        found.append(Summary(trace.name, answer, tuple(hit.number for hit in trace.hits)))
    return tuple(found)


def explain_decisions(traces: Sequence[DecisionTrace]) -> tuple[Explained, ...]:
    """The newest evaluation of each table with those before it, in the order of evaluation."""
    files = _files(traces)
    with reading() as session:
        versions = definitions.versions_with(session, {row.content_hash for row in traces})
    by_key: dict[str, list[Explained]] = {}
    for row in sorted(traces, key=lambda row: row.id, reverse=True):
        by_key.setdefault(row.decision_key, []).append(_explained(row, files, versions))
    found = [_with_earlier(told) for told in by_key.values()]
    return tuple(reversed(found))


def _with_earlier(told: list[Explained]) -> Explained:
    newest, *earlier = told
    return Explained(**{**vars(newest), "earlier": tuple(earlier)})


def _files(traces: Sequence[DecisionTrace]) -> dict[str, KnownFile]:
    with reading() as session:
        return known_files(session, {row.content_hash for row in traces})


def _words(files: Mapping[str, KnownFile], row: DecisionTrace) -> DecisionWords:
    return files[row.content_hash].words_of(row.decision_key) if row.content_hash in files else UNTOLD


def _explained(
    row: DecisionTrace, files: Mapping[str, KnownFile], versions: Mapping[str, list[DefinitionVersion]]
) -> Explained:
    trace, words = TableTrace.from_plain(row.trace), _words(files, row)
    table = files[row.content_hash].table(row.decision_key) if row.content_hash in files else None
    version = definitions.version_at(versions.get(row.content_hash, []), row.at)
    points = contributions(trace, table) if table else ()
    return Explained(
        key=row.decision_key,
        name=trace.name,
        answer=answer_in_words(trace, words),
        reason=summed(points) if points else _reason(trace, table, words),
        policy=policy_in_words(trace.hit_policy, trace.aggregation),
        rows=tuple(hit.number for hit in trace.hits),
        at=row.at,
        round=str(row.variables["round"]) if row.variables and row.variables.get("round") else None,
        version=TableVersion(version.path, version.number, version.published_at) if version else None,
        inputs=in_words(trace, words).inputs,
        hits=tuple(_hit(trace, hit, words) for hit in trace.hits),
        contributions=points,
        table=table_in_words(table, trace, words) if table and len(table.inputs) == len(trace.inputs) else None,
        notes=trace.notes,
    )


def _hit(trace: TableTrace, hit: Hit, words: DecisionWords) -> HitWords:
    labels = dict(trace.columns)
    results = tuple((labels.get(name, Text(name)), said) for name, said in each_output(hit.outputs, words))
    return HitWords(hit.number, because_in_words(trace, hit, words), hit.note, results)


def _reason(trace: TableTrace, table: Table | None, words: DecisionWords) -> Text:
    """Why: what the rows that hit say of themselves, else their conditions; how many were looked at where none hit."""
    if not trace.hits:
        many = len(table.rules) if table else 0
        return Text(f"查了 {many} 行，没有一行适用", f"{many} rows were looked at, none applies") if many else Text("")
    said = [hit.note if hit.note.zh or hit.note.en else because_in_words(trace, hit, words) for hit in trace.hits]
    told = tuple(text for number, text in enumerate(said) if text not in said[:number])
    more = len(told) - NOTES_SHOWN
    zh = "；".join(text.of("zh") for text in told[:NOTES_SHOWN]) + (f" 等 {len(told)} 条" if more > 0 else "")
    en = "; ".join(text.of("en") for text in told[:NOTES_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return Text(zh, en)


def _notes_for_codes(trace: TableTrace) -> Text | None:
    """What the rows that hit say of themselves, where each does and their outputs are several with texts among them."""
    notes = [hit.note for hit in trace.hits if hit.note.zh]
    texts = any(len(hit.outputs) > 1 and any(isinstance(v, str) for v in hit.outputs.values()) for hit in trace.hits)
    if not texts or not notes or len(notes) < len(trace.hits):
        return None
    return Text("；".join(note.zh for note in notes), "; ".join(note.of("en") for note in notes))
