"""What each input gave in a table that adds up points, beside the most that it could have given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.decisions import Hit, Table, TableTrace, because_in_words
from app.texts import Text

TOLD = 2
BASE = Text("基础", "Base")


@dataclass(frozen=True)
class Contribution:
    """The points of one row that hit, what they were given for, and the most that a row about the same can give.

    `missing` says that the row stands for an input that was not there.
    """

    label: Text
    because: Text
    points: Decimal
    most: Decimal | None
    number: int
    missing: bool = False


def contributions(trace: TableTrace, table: Table) -> tuple[Contribution, ...]:
    """The points of every row that hit, the highest first; () where the table does not add up numbers."""
    if trace.aggregation != "SUM" or any(not _is_number(_points(hit)) for hit in trace.hits):
        return ()
    most: dict[tuple[int, ...], Decimal] = {}
    for rule in table.rules:
        about, points = _about(rule.conditions), _constant(rule.results[0])
        if points is not None:
            most[about] = max(points, most.get(about, points))
    found = [
        Contribution(
            _label(trace, hit),
            _because(trace, hit),
            Decimal(str(_points(hit))),
            most.get(_key(hit)),
            hit.number,
            _stands_for_nothing(hit),
        )
        for hit in trace.hits
    ]
    return tuple(sorted(found, key=lambda one: -one.points))


def summed(points: Sequence[Contribution]) -> Text:
    """The sum in a sentence: how many rows, what gave most, what took away, and what was not known."""
    best = [one for one in points if one.points > 0][:TOLD]
    lost = sorted((one for one in points if one.points < 0), key=lambda one: one.points)[:TOLD]
    zh, en = f"{len(points)} 项合计", f"{len(points)} items add up"
    if best:
        zh += "；加分最多：" + "、".join(f"{one.because.of('zh')} +{one.points:,}" for one in best)
        en += "; most from " + ", ".join(f"{one.because.of('en')} +{one.points:,}" for one in best)
    if lost:
        zh += "；扣分：" + "、".join(f"{one.because.of('zh')} −{-one.points:,}" for one in lost)
        en += "; taken away for " + ", ".join(f"{one.because.of('en')} −{-one.points:,}" for one in lost)
    lacking = [one.label for one in points if one.missing]
    if lacking:
        zh += "；缺数据按中性给分：" + "、".join(label.of("zh") for label in lacking)
        en += "; not known, taken as neutral: " + ", ".join(label.of("en") for label in lacking)
    return Text(zh, en)


def _stands_for_nothing(hit: Hit) -> bool:
    """Whether the row asks for an input that is null, and for nothing else."""
    return [hit.conditions[place] for place in _key(hit)] == ["null"]


def _points(hit: Hit) -> object:
    return next(iter(hit.outputs.values()), None)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _about(conditions: Sequence[str]) -> tuple[int, ...]:
    """The places of the columns that a row asks for."""
    return tuple(place for place, cell in enumerate(conditions) if cell not in {"", "-"})


def _key(hit: Hit) -> tuple[int, ...]:
    return _about(hit.conditions)


def _label(trace: TableTrace, hit: Hit) -> Text:
    labels = [trace.inputs[place][0] for place in _key(hit)]
    if not labels:
        return BASE
    return Text("、".join(one.zh for one in labels), ", ".join(one.of("en") for one in labels))


def _because(trace: TableTrace, hit: Hit) -> Text:
    return hit.note if hit.note.zh or hit.note.en else because_in_words(trace, hit)


def _constant(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
