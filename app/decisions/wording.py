"""A stored trace in sentences, in both languages: the answer, the rows that hit, the inputs."""

from __future__ import annotations

from dataclasses import dataclass

from app.decisions.cell_words import condition_in_words, value_in_words
from app.decisions.trace import Hit, TableTrace
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
ENGLISH = "_en"  # the column `whom_en` is what `whom` is called in English
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


def in_words(trace: TableTrace) -> TraceWords:
    """The trace in sentences."""
    rows = tuple(_row(trace, hit) for hit in trace.hits)
    none = (Text("没有规则命中", "No rule applies"),) if trace.hit_policy else ()
    return TraceWords(
        name=trace.name,
        answer=_answer(trace),
        rows=rows or none,
        inputs=tuple((label, value_in_words(value)) for label, _, value in trace.inputs),
        origin=_origin(trace),
        notes=trace.notes,
    )


def policy_in_words(hit_policy: str, aggregation: str = "") -> Text:
    """The hit policy for reading, as in the corner of a table."""
    return POLICIES[f"{hit_policy} {aggregation}".strip()]


def decisive(trace: TableTrace) -> tuple[int, ...]:
    """The row numbers that gave the result: for MIN and MAX those with that value, else all that hit."""
    if trace.aggregation in {"MIN", "MAX"}:
        return tuple(hit.number for hit in trace.hits if trace.outputs in hit.outputs.values())
    return tuple(hit.number for hit in trace.hits)


def _answer(trace: TableTrace) -> Text:
    if trace.conflict:
        return Text("规则冲突，没有结果", "The rules conflict, there is no result")
    if trace.hit_policy and not trace.hits and trace.outputs in (None, []):
        return Text("没有规则命中", "No rule applies")
    if isinstance(trace.outputs, dict):
        return _outputs(trace, trace.outputs)
    if isinstance(trace.outputs, list) and trace.outputs and isinstance(trace.outputs[0], dict):
        rows = [_outputs(trace, each) for each in trace.outputs]
        return Text("；".join(row.zh for row in rows), "; ".join(row.of("en") for row in rows))
    return value_in_words(trace.outputs)


def _outputs(trace: TableTrace, outputs: dict[str, object]) -> Text:
    """The outputs of one row, each with its column's label where there are several."""
    if len(outputs) == 1:
        return value_in_words(next(iter(outputs.values())))
    labels = dict(trace.columns)
    parts = [
        (labels.get(name, Text(name)), value_in_words(value), value_in_words(outputs.get(f"{name}{ENGLISH}", value)))
        for name, value in outputs.items()
        if name.removesuffix(ENGLISH) not in outputs or not name.endswith(ENGLISH)
    ]
    return Text(
        "，".join(f"{label.zh} {value.zh}" for label, value, _ in parts),
        ", ".join(f"{label.of('en')} {value.en}" for label, _, value in parts),
    )


def _row(trace: TableTrace, hit: Hit) -> Text:
    because = hit.note if hit.note.zh or hit.note.en else _because(trace, hit)
    # of several columns the note is the summary; they stand in the answer
    said = trace.hit_policy in _SAID_WITH_ROW and (len(hit.outputs) == 1 or because is not hit.note)
    result = _outputs(trace, hit.outputs) if said else Text("")
    zh = f"规则第 {hit.number} 行命中" + (f"：{because.of('zh')}" if because.of("zh") else "")
    en = f"Rule row {hit.number} applies" + (f": {because.of('en')}" if because.of("en") else "")
    return Text(f"{zh} → {result.zh}", f"{en} → {result.en}") if said else Text(zh, en)


def _because(trace: TableTrace, hit: Hit) -> Text:
    """The row's conditions with the values that met them: "评分 655（620–749）"."""
    zh, en = [], []
    for (label, _, value), cell in zip(trace.inputs, hit.conditions, strict=False):
        if cell in {"", "-"}:
            continue
        shown, condition = value_in_words(value), condition_in_words(cell)
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
