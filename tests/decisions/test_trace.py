"""What reviewers read of an evaluation, and that it survives being stored."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.decisions import TableTrace, decisive, in_words, parse_dmn, table_in_words
from app.decisions.cell_words import condition_in_words, value_in_words
from app.plain import Plain, dumps, loads
from app.texts import Text
from tests.decisions.dmn_texts import NOON, decision, dmn, table

REDLINES = """<decision id="policy_knockout" name="准入红线">
<extensionElements><zeebe:properties>
<zeebe:property name="name_en" value="Red lines"/></zeebe:properties></extensionElements>
<decisionTable hitPolicy="COLLECT">
<input label="经营年限（月）"><extensionElements><zeebe:properties>
<zeebe:property name="name_en" value="Months in business"/></zeebe:properties></extensionElements>
<inputExpression><text>months</text></inputExpression></input>
<output name="reason" label="原因"/>
<rule id="old"><inputEntry><text>-</text></inputEntry><outputEntry><text>"x"</text></outputEntry></rule>
<rule id="young"><description>年限不足 24 个月</description>
<extensionElements><zeebe:properties><zeebe:property name="note_en" value="less than 24 months"/></zeebe:properties>
</extensionElements>
<inputEntry><text>&lt; 24</text></inputEntry><outputEntry><text>"too_young"</text></outputEntry></rule>
</decisionTable></decision>"""

RATING_ROWS = [[">= 750", "-", '"A"'], ["[620..749]", "<= 30", '"B"'], ["< 620", "-", '"D"']]


def rating(score: Plain, days: Plain) -> TableTrace:
    text = table(["评分", "最大逾期天数"], ["评级"], RATING_ROWS)
    model = parse_dmn(dmn(decision(text, id="rating", name="评级")))
    return model.evaluate("rating", {"评分": score, "最大逾期天数": days}, NOON).traces[0]


def caps(amount: Decimal) -> TableTrace:
    rows = [["-", "5000000"], ["-", "amount"]]
    text = table(["用途"], ["上限"], rows, policy="COLLECT", aggregation="MIN")
    return (
        parse_dmn(dmn(decision(text, id="cap"))).evaluate("cap", {"用途": "流动资金", "amount": amount}, NOON).traces[0]
    )


def test_a_row_is_told_with_the_analysts_note_in_both_languages() -> None:
    found = parse_dmn(dmn(REDLINES)).evaluate("policy_knockout", {"months": 12}, NOON).traces[0]
    words = in_words(found)
    assert [hit.rule_id for hit in found.hits] == ["old", "young"]
    assert words.rows[1].zh == "规则第 2 行命中：年限不足 24 个月 → too_young"
    assert words.rows[1].en == "Rule row 2 applies: less than 24 months → too_young"
    assert (words.name.zh, words.name.en) == ("准入红线", "Red lines")
    assert [(label.of("en"), value.en) for label, value in words.inputs] == [("Months in business", "12")]


def test_a_row_without_a_note_is_told_by_its_conditions_and_values() -> None:
    words = in_words(rating(655, 0))
    assert words.rows[0].zh == "规则第 2 行命中：评分 655（620–749），最大逾期天数 0（≤ 30）"
    assert words.rows[0].en == "Rule row 2 applies: 评分 655 (620–749), 最大逾期天数 0 (≤ 30)"
    assert words.answer.zh == "B"
    assert words.origin.zh == "rating 第 2 行 · 唯一命中"
    assert words.origin.en == "rating, row 2 · unique"


def test_a_row_with_a_note_and_several_outputs_is_told_by_its_note_alone() -> None:
    two = REDLINES.replace('<output name="reason" label="原因"/>', '<output name="reason"/><output name="code"/>')
    two = two.replace("</outputEntry></rule>", "</outputEntry><outputEntry><text>7</text></outputEntry></rule>")
    words = in_words(parse_dmn(dmn(two)).evaluate("policy_knockout", {"months": 12}, NOON).traces[0])
    assert words.rows[1].zh == "规则第 2 行命中：年限不足 24 个月"
    assert words.answer.zh == "reason x，code 7；reason too_young，code 7"


def test_a_column_with_its_english_twin_is_told_once_in_each_language() -> None:
    model = parse_dmn(dmn(decision(table(["n"], ["whom", "whom_en", "days"], [["-", '"法人"', '"the head"', "3"]]))))
    words = in_words(model.evaluate("d", {"n": 1}, NOON).traces[0])
    assert (words.answer.zh, words.answer.en) == ("whom 法人，days 3", "whom the head, days 3")


def test_no_hit_is_told() -> None:
    words = in_words(rating(655, 60))
    assert (words.answer.zh, words.rows[0].zh) == ("没有规则命中", "没有规则命中")
    assert words.origin.zh == "rating 0 行命中 · 唯一命中"


def test_a_conflict_is_told() -> None:
    model = parse_dmn(dmn(decision(table(["n"], ["x"], [["-", "1"], ["-", "2"]]))))
    words = in_words(model.evaluate("d", {"n": 1}, NOON).traces[0])
    assert words.answer.zh == "规则冲突，没有结果"
    assert "第 1、2 行" in words.notes[0].zh


def test_the_smallest_of_several_caps_names_the_row_that_decided() -> None:
    found = caps(Decimal("3065100.50"))
    assert decisive(found) == (2,)
    words = in_words(found)
    assert (words.answer.zh, words.origin.zh) == ("3,065,100.50", "cap 第 2 行 · 收集取最小")
    assert words.rows[0].zh == "规则第 1 行命中：无条件 → 5,000,000"


def test_a_trace_survives_being_stored() -> None:
    found = caps(Decimal("3065100.50"))
    assert TableTrace.from_plain(loads(dumps(found.to_plain()))) == found


def test_a_trace_with_notes_survives_being_stored() -> None:
    model = parse_dmn(dmn(decision(table(["n"], ["x", "y"], [["-", "1", "null"], ["-", "2", "true"]]))))
    found = model.evaluate("d", {"n": [1, {"a": None}]}, NOON).traces[0]
    assert found.notes and TableTrace.from_plain(loads(dumps(found.to_plain()))) == found


@pytest.mark.parametrize(
    ("cell", "zh", "en"),
    [
        (">= 7500", "≥ 7,500", "≥ 7,500"),
        ("[1..2]", "1–2", "1–2"),
        ("(1..2]", "> 1 且 ≤ 2", "> 1 and ≤ 2"),
        ('"A","B"', "A、B", "A, B"),
        ('not("A")', "非 A", "not A"),
        ("true", "是", "yes"),
        ("<10,[20..30)", "< 10、≥ 20 且 < 30", "< 10, ≥ 20 and < 30"),
        ("-0.5", "-0.5", "-0.5"),
        ("limit * 2", "limit * 2", "limit * 2"),
        ("count(?) > 1", "count(?) > 1", "count(?) > 1"),
    ],
)
def test_conditions_in_words(cell: str, zh: str, en: str) -> None:
    words = condition_in_words(cell)
    assert (words.zh, words.en) == (zh, en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, "—", "—"),
        (True, "是", "yes"),
        (Decimal("1234567.80"), "1,234,567.80", "1,234,567.80"),
        (Decimal("7.349177330895795246800731261425960"), "≈ 7.3492", "≈ 7.3492"),
        ([], "无", "none"),
        (["a", 1], "a；1", "a; 1"),
        ({"k": False}, "k 否", "k no"),
        ("2026-11-13", "2026-11-13", "2026-11-13"),
    ],
)
def test_values_in_words(value: Plain, zh: str, en: str) -> None:
    words = value_in_words(value)
    assert (words.zh, words.en) == (zh, en)


def test_the_whole_table_shows_which_cells_failed() -> None:
    text = table(["评分", "天数"], ["评级"], [*RATING_ROWS, ["-", "> limit", '"E"']], policy="FIRST")
    model = parse_dmn(dmn(decision(text, id="rating")))
    found = model.evaluate("rating", {"评分": 655, "天数": 60, "limit": 30}, NOON).traces[0]
    whole = model.decisions["rating"].table
    assert whole is not None
    words = table_in_words(whole, found)
    assert [[cell.holds for cell in row.conditions] for row in words.rows] == [
        [False, True],
        [True, False],
        [False, True],
        [True, None],
    ]
    assert [row.hit for row in words.rows] == [False, False, False, True]
    assert [value.zh for _, value in words.inputs] == ["655", "60"]
    assert words.rows[0].conditions[0].text.zh == "≥ 750"


def test_a_decision_without_a_table_tells_what_it_read_and_what_came_out() -> None:
    data = '<inputData id="i" name="revenue"/>'
    needs = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    entry = "<contextEntry><literalExpression><text>revenue / 10</text></literalExpression></contextEntry>"
    part = decision(f"<context>{entry}</context>", id="part", name="十分之一", inside=needs)
    whole = decision(
        "<literalExpression><text>part + factor</text></literalExpression>",
        id="whole",
        inside='<informationRequirement><requiredDecision href="#part"/></informationRequirement>',
    )

    found = parse_dmn(dmn(data, part, whole)).evaluate("whole", {"revenue": 50, "factor": 2}, NOON)
    first, last = (TableTrace.from_plain(trace.to_plain()) for trace in found.traces)

    assert (first.decision_id, first.inputs, first.outputs) == ("part", ((Text("revenue"), "revenue", 50),), 5)
    assert [(text, value) for _, text, value in last.inputs] == [("factor", 2), ("part", 5)]
    assert in_words(last).answer.zh == "7"
    assert in_words(last).rows == ()


def test_the_decisions_of_a_service_leave_their_traces_too() -> None:
    inner = decision("<literalExpression><text>1 + 1</text></literalExpression>", id="two")
    service = '<decisionService id="s" name="s"><outputDecision href="#two"/></decisionService>'

    found = parse_dmn(dmn(inner, service)).evaluate("s", {}, NOON)

    assert [(trace.decision_id, trace.outputs) for trace in found.traces] == [("two", 2)]
