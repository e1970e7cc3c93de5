"""A stored trace in sentences, in both languages: the answer, the rows that hit, the inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.decisions.cell_words import condition_in_words, value_in_words
from app.decisions.trace import Hit, TableTrace
from app.decisions.value_words import NO_WORDS, UNTOLD, DecisionWords
from app.plain import Plain
from app.texts import Text

POLICIES: dict[str, Text] = {
    "": Text("计算得出", "worked out"),  # no table
    "UNIQUE": Text("唯一命中", "unique"),
    "FIRST": Text("首个命中", "first"),
    "PRIORITY": Text("按优先级", "priority"),
    "ANY": Text("任一命中", "any"),
    "COLLECT": Text("收集", "collect"),
    "COLLECT SUM": Text("收集求和", "collect, sum"),
    "COLLECT MIN": Text("收集取最小", "collect, smallest"),
    "COLLECT MAX": Text("收集取最大", "collect, largest"),
    "COLLECT COUNT": Text("收集计数", "collect, count"),
    "RULE ORDER": Text("按行顺序", "rule order"),
    "OUTPUT ORDER": Text("按输出顺序", "output order"),
}
CHINESE, ENGLISH = "_zh", "_en"  # the column `whom_en` is what `whom`, or `whom_zh`, is called in English
_SAID_WITH_ROW = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})


@dataclass(frozen=True)
class TraceWords:
    """What a reviewer reads about one table.

    `answer` is the result ("B"), `rows` a sentence a hit ("规则第 3 行命中：年限不足 24 个月"), `inputs` (label, value)
    of each input column, `origin` where it comes from ("rating 第 3 行 · 唯一命中"), `notes` what went wrong.
    """

    name: Text
    answer: Text
    rows: tuple[Text, ...]
    inputs: tuple[tuple[Text, Text], ...]
    origin: Text
    notes: tuple[Text, ...]


def in_words(trace: TableTrace, words: DecisionWords = UNTOLD) -> TraceWords:
    """The trace in sentences, codes by what the table's columns call them."""
    rows = tuple(_row(trace, hit, words) for hit in trace.hits)
    none = (Text("没有规则命中", "No rule applies"),) if trace.hit_policy else ()
    return TraceWords(
        name=trace.name,
        answer=_answer(trace, words),
        rows=rows or none,
        inputs=tuple((label, value_in_words(value, words.input(text))) for label, text, value in trace.inputs),
        origin=_origin(trace),
        notes=trace.notes,
    )


def answer_in_words(trace: TableTrace, words: DecisionWords = UNTOLD, most: int | None = None) -> Text:
    """The result alone; a list of named things (a checklist) by their names, the first `most` of them."""
    return names_in_words(trace.outputs, most) or _answer(trace, words)


def names_in_words(outputs: Plain, most: int | None = None) -> Text | None:
    """The names in a list of named things; None for every other result."""
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


def policy_in_words(hit_policy: str, aggregation: str = "") -> Text:
    """The hit policy for reading, as in the corner of a table."""
    return POLICIES[f"{hit_policy} {aggregation}".strip()]


def decisive(trace: TableTrace) -> tuple[int, ...]:
    """The row numbers that gave the result: for MIN and MAX those with that value, else all that hit."""
    if trace.aggregation in {"MIN", "MAX"}:
        return tuple(hit.number for hit in trace.hits if trace.outputs in hit.outputs.values())
    return tuple(hit.number for hit in trace.hits)


def _answer(trace: TableTrace, words: DecisionWords) -> Text:
    if trace.conflict:
        return Text("规则冲突，没有结果", "The rules conflict, there is no result")
    if trace.hit_policy and not trace.hits and trace.outputs in (None, []):
        return Text("没有规则命中", "No rule applies")
    if isinstance(trace.outputs, dict):
        return outputs_in_words(trace, trace.outputs, words)
    if isinstance(trace.outputs, list) and trace.outputs and isinstance(trace.outputs[0], dict):
        rows = [outputs_in_words(trace, each, words) for each in trace.outputs]
        return Text("；".join(row.zh for row in rows), "; ".join(row.of("en") for row in rows))
    column = words.output(trace.columns[0][0]) if len(trace.columns) == 1 else NO_WORDS
    return value_in_words(trace.outputs, column)


def outputs_in_words(trace: TableTrace, outputs: Mapping[str, Plain], words: DecisionWords = UNTOLD) -> Text:
    """The outputs of one row that are for people, each with its column's label where there are several."""
    labels = dict(trace.columns)
    parts = [(labels.get(name, Text(name)), text) for name, text in each_output(outputs, words)]
    if len(parts) == 1:
        return parts[0][1]
    return Text(
        "，".join(f"{label.zh} {value.zh}" for label, value in parts),
        ", ".join(f"{label.of('en')} {value.of('en')}" for label, value in parts),
    )


def each_output(outputs: Mapping[str, Plain], words: DecisionWords = UNTOLD) -> tuple[tuple[str, Text], ...]:
    """(name, value in words) of the outputs that are for people; a column and its English twin are one."""
    said = {name: value_in_words(value, words.output(name)) for name, value in outputs.items()}
    return tuple(
        (name, Text(said[name].zh, said[twin].of("en")) if twin else said[name])
        for name, twin in shown_columns(tuple(outputs), words)
    )


def shown_columns(names: Sequence[str], words: DecisionWords = UNTOLD) -> tuple[tuple[str, str | None], ...]:
    """The output columns that are for people, each with its English twin where the table has one."""
    twins = {f"{name.removesuffix(CHINESE)}{ENGLISH}": name for name in names}
    own = [name for name in names if not (name in twins and twins[name] != name)]
    shown = [name for name in own if words.output(name).shown] or own
    english = {name: twin for twin, name in twins.items() if twin in names and twin != name}
    return tuple((name, english.get(name)) for name in shown)


def _row(trace: TableTrace, hit: Hit, words: DecisionWords) -> Text:
    because = hit.note if hit.note.zh or hit.note.en else because_in_words(trace, hit, words)
    # of several columns the note is the summary; they stand in the answer
    said = trace.hit_policy in _SAID_WITH_ROW and (len(hit.outputs) == 1 or because is not hit.note)
    result = outputs_in_words(trace, hit.outputs, words) if said else Text("")
    zh = f"规则第 {hit.number} 行命中" + (f"：{because.of('zh')}" if because.of("zh") else "")
    en = f"Rule row {hit.number} applies" + (f": {because.of('en')}" if because.of("en") else "")
    return Text(f"{zh} → {result.zh}", f"{en} → {result.en}") if said else Text(zh, en)


def because_in_words(trace: TableTrace, hit: Hit, words: DecisionWords = UNTOLD) -> Text:
    """The row's conditions with the values that met them: "评分 655（620–749）"."""
    zh, en = [], []
    for (label, text, value), cell in zip(trace.inputs, hit.conditions, strict=False):
        if cell in {"", "-"}:
            continue
        column = words.input(text)
        shown, condition = value_in_words(value, column), condition_in_words(cell, column)
        exact = condition == shown
        zh.append(f"{label.zh} {shown.zh}" + ("" if exact else f"（{condition.zh}）"))
        en.append(f"{label.of('en')} {shown.en}" + ("" if exact else f" ({condition.en})"))
    return Text("，".join(zh) or "无条件", ", ".join(en) or "without a condition")


def _origin(trace: TableTrace) -> Text:
    policy = policy_in_words(trace.hit_policy, trace.aggregation)
    numbers = [str(number) for number in decisive(trace)]
    if not trace.hit_policy:
        return Text(f"{trace.decision_id} {policy.zh}", f"{trace.decision_id}, {policy.en}")
    if not numbers:
        return Text(f"{trace.decision_id} 0 行命中 · {policy.zh}", f"{trace.decision_id}, no row · {policy.en}")
    rows = "row" if len(numbers) == 1 else "rows"
    return Text(
        f"{trace.decision_id} 第 {'、'.join(numbers)} 行 · {policy.zh}",
        f"{trace.decision_id}, {rows} {', '.join(numbers)} · {policy.en}",
    )
