"""What the check of a table found, in words: each finding with its rules, values that show it, and what mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from app.decisions.analysis.check import MOST_PAIRS, STEPS, Idle, Pair, TableCheck, check_table
from app.decisions.analysis.cover import Budget
from app.decisions.analysis.region_words import example, where
from app.decisions.hit_policy import MANY
from app.decisions.model import DecisionModel
from app.decisions.types import Type
from app.decisions.value_words import UNTOLD, DecisionWords
from app.texts import Text

ERROR, WARNING, NOTE = "error", "warning", "note"
MOST_OF_A_KIND = 20
Example = tuple[tuple[Text, Text], ...]
T = TypeVar("T")
_NO_WORDS: Mapping[str, DecisionWords] = MappingProxyType({})


@dataclass(frozen=True)
class TableFinding:
    """One finding: `kind` is gap, overlap, conflict, never, unreachable, redundant, not analysable or not checked.

    `rules` are row numbers from 1, `element` the id of the first of them (else the table's decision), `example` a value
    for each input, in words. An error stands in the way of publication, a note tells no fault.
    """

    kind: str
    severity: str
    rules: tuple[int, ...]
    element: str
    text: Text
    mend: Text | None = None
    example: Example = ()


def check_model(
    model: DecisionModel, words: Mapping[str, DecisionWords] = _NO_WORDS
) -> list[tuple[TableCheck, tuple[TableFinding, ...]]]:
    """The check of each table of a file, with its findings, errors first; `words` as `words_of_values` gives them."""
    found, budget = [], Budget(2 * STEPS)
    for table in model.tables:
        told = words.get(table.decision_id, UNTOLD)
        check = check_table(table, _known(model, table.decision_id), words=told, budget=budget.part())
        found.append(
            (check, tuple(sorted(findings(check), key=lambda one: (ERROR, WARNING, NOTE).index(one.severity))))
        )
    return found


def _known(model: DecisionModel, decision_id: str) -> Mapping[str, Type]:
    """The types of the input data and results that a decision reads by name."""
    decision = model.decisions.get(decision_id)
    if decision is None:
        return {}
    data = [model.input_data[each] for each in decision.input_data]
    required = [model.decisions[each] for each in decision.requires]
    return {one.name: one.kind for one in data} | {name: one.result for one in required for name in one.result_names}


def findings(check: TableCheck) -> Iterator[TableFinding]:
    """The check in words, at most MOST_OF_A_KIND of a kind and then how many more there are."""
    yield from _first(check, check.gaps, _gap, check.more_gaps)
    yield from _first(check, _gravest_first(check.overlaps), _overlap)
    yield from _first(check, _gravest_first(check.conflicts), _conflict)
    yield from _first(check, check.never, _never)
    yield from _first(check, check.unreachable, _unreachable)
    yield from _first(check, check.redundant, _redundant)
    yield from _not_analysable(check)
    yield from _not_checked(check)


def _gravest_first(pairs: Sequence[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: pair.only_null)


def _first(
    check: TableCheck, found: Sequence[T], words: Callable[[TableCheck, T], TableFinding], more: bool = False
) -> Iterator[TableFinding]:
    said = [words(check, one) for one in found[:MOST_OF_A_KIND]]
    yield from said
    rest = len(found) - MOST_OF_A_KIND
    if more or rest > 0:
        at_least = Text("至少", "at least ") if more else Text("", "")
        text = Text(
            f"同类问题还有{at_least.zh} {max(rest, 1)} 处。",
            f"There are {at_least.en}{max(rest, 1)} more of this kind.",
        )
        yield TableFinding(said[0].kind, said[0].severity, (), check.table.decision_id, text)


def _gap(check: TableCheck, box: tuple[int, ...]) -> TableFinding:
    table, values = check.table, example(check.grid, box)
    place, such = where(check.grid, box), _such(check, box, values)
    then, severity, mend = _when_nothing_applies(check)
    text = Text(f"没有一行管到：{place.zh}{such.zh}。{then.zh}", f"No row covers: {place.en}{such.en}. {then.en}")
    return TableFinding("gap", severity, (), table.decision_id, text, mend, values)


def _when_nothing_applies(check: TableCheck) -> tuple[Text, str, Text | None]:
    """What the table gives in a gap, how bad that is, and what mends it."""
    table = check.table
    if table.outputs and all(column.default is not None for column in table.outputs):
        return Text("这时采用默认输出。", "The default output is taken then."), NOTE, None
    if table.hit_policy in MANY and table.aggregation in ("", "COUNT"):
        if table.aggregation:
            return Text("这时结果是 0。", "The result is 0 then."), NOTE, None
        return Text("这时结果是空列表。", "The result is an empty list then."), NOTE, None
    mend = Text(
        "请补一行或默认输出；如果这些值不会出现，请写明输入列的允许值。",
        "Add a row or a default output; if such values never occur, state the input's allowed values.",
    )
    return Text("这时没有结果。", "There is no result then."), WARNING, mend


def _such(check: TableCheck, box: tuple[int, ...], values: Example) -> Text:
    """ ", for example ..." with the inputs whose region is more than one value."""
    shown = [
        (label, value)
        for one, mask, (label, value) in zip(check.grid.inputs, box, values, strict=True)
        if one.domain & ~mask and (mask & mask - 1 or one.axis.atoms[mask.bit_length() - 1].sort == "space")
    ]
    return _for_example(shown)


def _for_example(values: Sequence[tuple[Text, Text]]) -> Text:
    if not values:
        return Text("", "")
    zh = "，".join(f"{label.zh} = {value.zh}" for label, value in values)
    en = ", ".join(f"{label.of('en')} = {value.en}" for label, value in values)
    return Text(f"（例如 {zh}）", f" (for example {en})")


def _together(check: TableCheck, pair: Pair) -> tuple[Example, Text, str]:
    """Values for which both rules apply, those of the inputs that one of them limits in words, and the severity."""
    box = tuple(one.masks[pair.first - 1] & one.masks[pair.second - 1] for one in check.grid.inputs)
    values = example(check.grid, box)
    limited = [
        shown
        for one, shown in zip(check.grid.inputs, values, strict=True)
        if any(one.masks[rule - 1] != one.axis.everything for rule in (pair.first, pair.second))
    ]
    alone = all(one.alone for one in check.grid.inputs)
    return values, _for_example(limited), ERROR if alone and not pair.only_null else WARNING


_NARROW = Text(
    "请收窄其中一行的条件，使它们不会同时命中；或改用“第一条命中”（FIRST）。",
    "Narrow the conditions of one row so that they never apply together, or use the hit policy FIRST.",
)


def _overlap(check: TableCheck, pair: Pair) -> TableFinding:
    values, such, severity = _together(check, pair)
    text = Text(
        f"第 {pair.first} 行和第 {pair.second} 行会同时命中{such.zh}，唯一命中的表这时没有结果。",
        f"Rows {pair.first} and {pair.second} apply together{such.en}; a table with unique hits gives nothing then.",
    )
    return TableFinding("overlap", severity, _rules(pair), _element(check, pair.first), text, _NARROW, values)


def _conflict(check: TableCheck, pair: Pair) -> TableFinding:
    values, such, severity = _together(check, pair)
    text = Text(
        f"第 {pair.first} 行和第 {pair.second} 行会同时命中但结果不同{such.zh}，这时没有结果。",
        f"Rows {pair.first} and {pair.second} apply together with different results{such.en}; there is no result then.",
    )
    mend = Text(
        "请让两行给出同样的结果，或收窄其中一行的条件。",
        "Let both rows give the same, or narrow the conditions of one.",
    )
    return TableFinding("conflict", severity, _rules(pair), _element(check, pair.first), text, mend, values)


def _never(check: TableCheck, rule: int) -> TableFinding:
    labels = [one.label for one in check.grid.inputs if not one.masks[rule - 1]]
    zh, en = "、".join(label.zh for label in labels), ", ".join(label.of("en") for label in labels)
    text = Text(
        f"第 {rule} 行永远不会命中：没有值能满足它对“{zh}”的条件。",
        f'Row {rule} never applies: no value meets its condition on "{en}".',
    )
    mend = Text(
        "请改正条件或输入列的允许值，或删除这一行。", "Mend the condition or the allowed values, or delete the row."
    )
    return TableFinding("never", WARNING, (rule,), _element(check, rule), text, mend)


def _unreachable(check: TableCheck, idle: Idle) -> TableFinding:
    values, such = _decided(check, idle)
    text = Text(
        f"第 {idle.rule} 行永远轮不到：它管的情况总由别的行先决定{such.zh}。",
        f"Row {idle.rule} never has its turn: other rows always decide what it covers{such.en}.",
    )
    mend = Text("请把它移到前面、改正条件，或删除它。", "Move it up, mend its conditions, or delete it.")
    return TableFinding("unreachable", WARNING, (idle.rule,), _element(check, idle.rule), text, mend, values)


def _redundant(check: TableCheck, idle: Idle) -> TableFinding:
    values, such = _decided(check, idle)
    text = Text(
        f"第 {idle.rule} 行是多余的：它管的情况别的行都给出同样的结果{such.zh}。",
        f"Row {idle.rule} is redundant: other rows give the same wherever it applies{such.en}.",
    )
    mend = Text("请删除它。", "Delete it.")
    return TableFinding("redundant", WARNING, (idle.rule,), _element(check, idle.rule), text, mend, values)


def _decided(check: TableCheck, idle: Idle) -> tuple[Example, Text]:
    """Values at which another rule decides, and those that the idle rule limits in words with that rule's number."""
    values = example(check.grid, idle.point)
    limited = [
        shown
        for one, shown in zip(check.grid.inputs, values, strict=True)
        if one.masks[idle.rule - 1] != one.axis.everything
    ]
    zh = "，".join(f"{label.zh} = {value.zh}" for label, value in limited) or "任何输入"
    en = ", ".join(f"{label.of('en')} = {value.en}" for label, value in limited) or "any input"
    return values, Text(f"（例如 {zh} 由第 {idle.decider} 行决定）", f" (row {idle.decider} decides {en}, for example)")


def _not_analysable(check: TableCheck) -> Iterator[TableFinding]:
    for label in dict.fromkeys(one.column for one in check.grid.unread):
        cells = [one for one in check.grid.unread if one.column == label]
        rules = tuple(sorted({rule for one in cells for rule in one.rules}))
        zh = "、".join(map(str, rules))
        rows = Text(f"第 {zh} 行", f"rows {', '.join(map(str, rules))}") if rules else Text("允许值", "allowed values")
        text = Text(
            f"“{label.zh}”的条件（{rows.zh}）不只是与固定值比较，无法分析；其余检查当它可能命中，也可能不命中。",
            f'The conditions on "{label.of("en")}" ({rows.en}) are more than comparisons with fixed values and are not '
            "analysable; the rest of the check takes them as perhaps met.",
        )
        element = _element(check, rules[0]) if rules else check.table.decision_id
        yield TableFinding("not analysable", NOTE, rules, element, text)


_GIVEN_UP = {
    "table": Text("整张表没有检查：太大。", "Nothing of this table was checked: it is too large."),
    "pairs": Text(
        f"同时命中的行太多，只看了前 {MOST_PAIRS} 对。",
        f"Too many rows apply together; only the first {MOST_PAIRS} pairs were looked at.",
    ),
    "gaps": Text("没有检查是否有遗漏：表太大。", "Gaps were not checked: the table is too large."),
    "unreachable": Text(
        "没有检查永远轮不到的行：表太大。", "Unreachable rows were not checked: the table is too large."
    ),
    "redundant": Text("没有检查多余的行：表太大。", "Redundant rows were not checked: the table is too large."),
    "priority": Text(
        "输出是算式的行没有检查是否轮得到：它们的优先级要到运行时才知道。",
        "Rows whose output is an expression were not checked for their turn: their priority is known at run time only.",
    ),
}


def _not_checked(check: TableCheck) -> Iterator[TableFinding]:
    for question in check.not_checked:
        yield TableFinding("not checked", NOTE, (), check.table.decision_id, _GIVEN_UP[question])
    if check.unsure:
        first, second = check.unsure[0]
        text = Text(
            f"有 {len(check.unsure)} 对行会同时命中而输出是算式，没有检查结果是否相同"
            f"（例如第 {first} 和第 {second} 行）。",
            f"{len(check.unsure)} pairs of rows apply together and give expressions; whether those agree was not "
            f"checked (for example rows {first} and {second}).",
        )
        yield TableFinding("not checked", NOTE, (first, second), _element(check, first), text)


def _rules(pair: Pair) -> tuple[int, ...]:
    return (pair.first, pair.second)


def _element(check: TableCheck, rule: int) -> str:
    return check.table.rules[rule - 1].rule_id or check.table.decision_id
