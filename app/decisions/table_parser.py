"""Reading a decisionTable element into a compiled table, with a problem for each cell or column at fault."""

from __future__ import annotations

from collections.abc import Iterator

from app.decisions import source
from app.decisions.hit_policy import AGGREGATIONS, HIT_POLICIES, RANKED
from app.decisions.item_definitions import allowed_values
from app.decisions.logic import Logic, Used
from app.decisions.reading import NULL, Place, Reading
from app.decisions.table import InputColumn, OutputColumn, Rule, Table
from app.decisions.types import Type
from app.feel import Expression, UnaryTests
from app.texts import Text


def compile_table(reading: Reading, element: source.Element, place: Place) -> Logic:
    """The logic of a decision table; `used` is what its expressions take from the scope."""
    hit_policy, aggregation = _policy(reading, element)
    rules = list(source.children(element, "rule"))
    inputs = tuple(
        _input(reading, column, index, rules, place) for index, column in enumerate(source.children(element, "input"))
    )
    outputs = tuple(_output(reading, column, place) for column in source.children(element, "output"))
    _check_outputs(reading, element, outputs, hit_policy, aggregation)
    table = Table(
        decision_id=place.owner_id,
        name=place.owner,
        hit_policy=hit_policy,
        aggregation=aggregation,
        inputs=inputs,
        outputs=outputs,
        rules=tuple(
            _rule(reading, rule, number, len(inputs), outputs, place) for number, rule in enumerate(rules, start=1)
        ),
    )
    reading.tables.append(table)
    return Logic("decisionTable", Used.by(_expressions(table)), table.evaluate, table)


def _policy(reading: Reading, element: source.Element) -> tuple[str, str]:
    policy = source.attribute(element, "hitPolicy") or "UNIQUE"
    aggregation = source.attribute(element, "aggregation")
    if policy not in HIT_POLICIES:
        allowed = ", ".join(HIT_POLICIES)
        reading.refuse(
            element,
            f"命中策略“{policy}”不存在，可用：{allowed}",
            f'the hit policy "{policy}" is unknown; allowed: {allowed}',
        )
        policy = "UNIQUE"
    if aggregation and (aggregation not in AGGREGATIONS or policy != "COLLECT"):
        allowed = ", ".join(AGGREGATIONS)
        reading.refuse(
            element,
            f"汇总方式“{aggregation}”不可用：只有 COLLECT 可以汇总（{allowed}）",
            f'the aggregation "{aggregation}" is not possible: only COLLECT may aggregate ({allowed})',
        )
        aggregation = ""
    return policy, aggregation


def _input(
    reading: Reading, column: source.Element, index: int, rules: list[source.Element], place: Place
) -> InputColumn:
    holder = source.child(column, "inputExpression")
    label = _label(column, source.text_of(holder))
    if holder is None or not source.text_of(holder):
        reading.refuse(
            column, f"输入列“{label.zh}”没有表达式", f'the input column "{label.of("en")}" has no expression'
        )
        expression, kind = NULL, Type("any")
    else:
        expression = reading.expression(holder, place, Text(f"输入列“{label.zh}”", f'input column "{label.of("en")}"'))
        kind = reading.type_of(holder)
    cells, open_mask = _cells(reading, label, index, rules, place)
    return InputColumn(
        label=label,
        text=source.text_of(holder),
        expression=expression,
        kind=kind.allowing(allowed_values(reading, column, "inputValues")),
        cells=cells,
        open_mask=open_mask,
    )


def _cells(
    reading: Reading, label: Text, index: int, rules: list[source.Element], place: Place
) -> tuple[tuple[tuple[UnaryTests, int], ...], int]:
    """The distinct cells of an input column with their rules' masks, and the mask of the rules that leave it open."""
    open_mask, masks, compiled = 0, dict[str, int](), dict[str, UnaryTests]()
    for position, rule in enumerate(rules):
        entries = list(source.children(rule, "inputEntry"))
        entry = entries[index] if index < len(entries) else None
        text = source.text_of(entry)
        if entry is not None and text not in compiled:
            tests = reading.tests(entry, place, _cell(position + 1, label))
            if tests is not None:
                compiled[text] = tests
        if text in compiled:
            masks[text] = masks.get(text, 0) | 1 << position
        else:
            open_mask |= 1 << position
    return tuple((compiled[text], mask) for text, mask in masks.items()), open_mask


def _output(reading: Reading, column: source.Element, place: Place) -> OutputColumn:
    name = source.name_of(column)
    label = _label(column, name or place.owner.zh)
    default = source.child(column, "defaultOutputEntry")
    what = Text(f"输出列“{label.zh}”的默认值", f'default of the output column "{label.of("en")}"')
    return OutputColumn(
        name=name or label.zh,
        label=label,
        kind=reading.type_of(column).allowing(allowed_values(reading, column, "outputValues")),
        default=None if default is None else reading.expression(default, place, what),
    )


def _check_outputs(
    reading: Reading, element: source.Element, outputs: tuple[OutputColumn, ...], hit_policy: str, aggregation: str
) -> None:
    names = [column.name for column in outputs]
    if not outputs:
        reading.refuse(element, "决策表没有输出列", "the decision table has no output column")
    if len(set(names)) < len(names):
        reading.refuse(element, "输出列的名称缺失或重复", "the names of the output columns are missing or repeated")
    if hit_policy in RANKED and not any(column.kind.allowed and column.kind.allowed.values for column in outputs):
        reading.refuse(
            element,
            f"{hit_policy} 需要按优先顺序列出输出列的允许值",
            f"{hit_policy} needs the allowed values of an output column, listed from the most wanted one",
        )
    if aggregation and aggregation != "COUNT" and len(outputs) > 1:
        reading.refuse(
            element, f"{aggregation} 只能汇总一个输出列", f"{aggregation} can aggregate a single output column only"
        )


def _rule(
    reading: Reading,
    rule: source.Element,
    number: int,
    inputs: int,
    columns: tuple[OutputColumn, ...],
    place: Place,
) -> Rule:
    conditions, results = list(source.children(rule, "inputEntry")), list(source.children(rule, "outputEntry"))
    if len(conditions) != inputs or len(results) != len(columns):
        reading.refuse(
            rule,
            f"第 {number} 行有 {len(conditions)} 个条件和 {len(results)} 个输出，应为 {inputs} 个和 {len(columns)} 个",
            f"row {number} has {len(conditions)} conditions and {len(results)} outputs, "
            f"not {inputs} and {len(columns)}",
        )
    outputs = tuple(
        reading.expression(entry, place, _cell(number, column.label))
        for entry, column in zip(results, columns, strict=False)
    )
    return Rule(
        number=number,
        rule_id=source.attribute(rule, "id"),
        note=_note(rule),
        conditions=tuple(map(source.text_of, conditions)),
        results=tuple(map(source.text_of, results)),
        outputs=outputs,
        line=source.line(rule),
    )


def _note(rule: source.Element) -> Text:
    """What the analyst wrote beside the row: its description, else its first annotation."""
    annotation = source.text_of(source.child(rule, "annotationEntry"))
    return Text(source.description(rule) or annotation, source.english(rule, "note_en"))


def _label(column: source.Element, otherwise: str) -> Text:
    return Text(source.attribute(column, "label") or otherwise, source.english(column, "name_en"))


def _cell(number: int, label: Text) -> Text:
    return Text(f"规则第 {number} 行，列“{label.zh}”", f'rule row {number}, column "{label.of("en")}"')


def _expressions(table: Table) -> Iterator[Expression | UnaryTests]:
    """All FEEL texts of a table, compiled."""
    for column in table.inputs:
        yield column.expression
        yield from (tests for tests, _ in column.cells)
    yield from (column.default for column in table.outputs if column.default is not None)
    for rule in table.rules:
        yield from rule.outputs
