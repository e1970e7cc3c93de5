"""Typed columns, allowed values and defaults of decision tables."""

from __future__ import annotations

from app.decisions import Evaluation, parse_dmn
from app.plain import Plain
from tests.decisions.dmn_texts import NOON, decision, dmn


def evaluate(
    columns: str, rules: str, variables: dict[str, Plain], definitions: str = "", policy: str = "UNIQUE"
) -> Evaluation:
    text = f'<decisionTable hitPolicy="{policy}">{columns}{rules}</decisionTable>'
    return parse_dmn(dmn(definitions, decision(text))).evaluate("d", variables, NOON)


def rule(condition: str, output: str) -> str:
    condition, output = f"<text>{condition}</text>", f"<text>{output}</text>"
    return f"<rule><inputEntry>{condition}</inputEntry><outputEntry>{output}</outputEntry></rule>"


def test_an_input_outside_its_allowed_values_is_null_and_said() -> None:
    columns = (
        '<input label="产品"><inputExpression typeRef="string"><text>product</text></inputExpression>'
        '<inputValues><text>"a","b"</text></inputValues></input><output name="x"/>'
    )
    found = evaluate(columns, rule('"c"', "1") + rule("null", "2"), {"product": "c"})
    assert found.value == 2
    assert found.traces[0].inputs[0][2] is None
    assert found.traces[0].notes[0].zh == '“产品”的值 c 不在允许值（"a","b"）之内，按空值处理'


def test_a_missing_input_is_null_without_a_note() -> None:
    columns = (
        '<input><inputExpression typeRef="string"><text>product</text></inputExpression>'
        '<inputValues><text>"a"</text></inputValues></input><output name="x"/>'
    )
    found = evaluate(columns, rule('"a"', "1"), {})
    assert (found.value, found.traces[0].notes) == (None, ())


def test_an_input_of_the_wrong_type_is_null_and_said() -> None:
    columns = (
        '<input label="n"><inputExpression typeRef="number"><text>n</text></inputExpression></input><output name="x"/>'
    )
    found = evaluate(columns, rule("-", "1"), {"n": "7"})
    assert found.value == 1
    assert "不是数字" in found.traces[0].notes[0].zh


def test_a_typed_input_reads_a_date_from_its_iso_text() -> None:
    columns = '<input><inputExpression typeRef="date"><text>due_on</text></inputExpression></input><output name="x"/>'
    found = evaluate(columns, rule('&lt; date("2027-01-01")', "1"), {"due_on": "2026-11-13"})
    assert found.value == 1
    assert found.traces[0].inputs[0][2] == "2026-11-13"


def test_an_output_outside_its_allowed_values_is_null_and_said_with_its_row() -> None:
    columns = (
        "<input><inputExpression><text>n</text></inputExpression></input>"
        '<output name="grade" typeRef="string"><outputValues><text>"A","B"</text></outputValues></output>'
    )
    found = evaluate(columns, rule("-", '"C"'), {"n": 1})
    assert found.value is None
    assert found.traces[0].notes[0].zh.startswith("第 1 行的“grade”的值 C 不在允许值")


def test_allowed_values_may_come_from_a_type_of_the_file() -> None:
    definitions = (
        '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"A","B"</text></allowedValues>'
        "</itemDefinition>"
    )
    columns = '<input><inputExpression><text>n</text></inputExpression></input><output name="grade" typeRef="tGrade"/>'
    rules = rule("-", '"B"') + rule("-", '"A"')
    assert evaluate(columns, rules, {"n": 1}, definitions, policy="PRIORITY").value == "A"


def test_the_default_output_is_taken_when_no_rule_applies_and_said() -> None:
    columns = (
        "<input><inputExpression><text>n</text></inputExpression></input>"
        '<output name="days"><defaultOutputEntry><text>0</text></defaultOutputEntry></output>'
    )
    found = evaluate(columns, rule("> 5", "3"), {"n": 1})
    assert found.value == 0
    assert "默认" in found.traces[0].notes[0].zh


def test_a_blank_cell_applies_always_and_a_blank_output_is_null() -> None:
    columns = '<input><inputExpression><text>n</text></inputExpression></input><output name="x"/>'
    found = evaluate(columns, rule("", ""), {"n": 1})
    assert (found.value, len(found.traces[0].hits)) == (None, 1)


def test_a_cell_may_ask_with_the_question_mark() -> None:
    columns = '<input><inputExpression><text>name</text></inputExpression></input><output name="x"/>'
    assert evaluate(columns, rule('starts with(?, "宁波")', "1"), {"name": "宁波甬江"}).value == 1
