"""Codes of a table's columns are told by what the table calls them, in both languages."""

from __future__ import annotations

from app.decisions import answer_in_words, conditions_in_words, in_words, parse_dmn, table_in_words, words_of_values
from tests.decisions.dmn_texts import NOON, dmn


def properties(**values: str) -> str:
    inner = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in values.items())
    return f"<extensionElements><zeebe:properties>{inner}</zeebe:properties></extensionElements>"


def column(tag: str, label: str, inner: str, **values: str) -> str:
    named = f'name="{inner}"' if tag == "output" else ""
    expression = "" if named else f"<inputExpression><text>{inner}</text></inputExpression>"
    given = properties(**{name.replace("__", ":"): value for name, value in values.items()})
    return f'<{tag} label="{label}" {named}>{given}{expression}</{tag}>'


def cells(tag: str, *texts: str) -> str:
    return "".join(f"<{tag}><text>{text}</text></{tag}>" for text in texts)


FILE = dmn(
    '<decision id="level" name="权限"><decisionTable hitPolicy="FIRST">',
    column("input", "状态", "status", option__open="开业", option_en__open="open"),
    column("input", "标记", "flags", option__debtor="失信"),
    column("output", "级别", "level", option__two="贷审会", option_en__two="committee"),
    column("output", "原因", "reason_zh"),
    column("output", "Reason", "reason_en"),
    column("output", "代码", "code", shown="false"),
    "<rule>" + cells("inputEntry", '"open","shut"', 'list contains(?, "debtor")'),
    cells("outputEntry", '"two"', '"有失信"', '"a debtor"', '"X1"') + "</rule>",
    "</decisionTable></decision>",
)


def test_answer_inputs_and_conditions_say_what_codes_are_called() -> None:
    words = words_of_values(FILE)["level"]
    model = parse_dmn(FILE)
    trace = model.evaluate("level", {"status": "open", "flags": ["debtor", "late"]}, NOON).traces[0]
    answer, said = answer_in_words(trace, words), in_words(trace, words)
    assert (answer.zh, answer.en) == ("级别 贷审会，原因 有失信", "级别 committee, 原因 a debtor")
    assert [value.en for _, value in said.inputs] == ["open", "失信; late"]
    assert said.rows[0].zh == "规则第 1 行命中：状态 开业（开业、shut），标记 失信；late（含 失信）"


def test_the_table_shows_columns_for_people_only() -> None:
    words, table = words_of_values(FILE)["level"], parse_dmn(FILE).decisions["level"].table
    assert table is not None
    trace = parse_dmn(FILE).evaluate("level", {"status": "open", "flags": ["debtor"]}, NOON).traces[0]
    shown = table_in_words(table, trace, words)
    assert [label.zh for label in shown.outputs] == ["级别", "原因"]
    assert [cell.of("en") for cell in shown.rows[0].outputs] == ["committee", "a debtor"]
    assert conditions_in_words(table, table.rules[0], words).of("en") == "状态 open, shut, 标记 includes 失信"


def test_a_code_without_words_is_told_as_it_is() -> None:
    text = b'option:two" value='
    without = FILE.replace(text, b'other" value=').replace(b"option_en:two", b"another")
    trace = parse_dmn(without).evaluate("level", {"status": "open", "flags": ["debtor"]}, NOON).traces[0]
    assert answer_in_words(trace, words_of_values(without)["level"]).zh == "级别 two，原因 有失信"


def test_formulas_are_told_with_the_names_of_columns_and_of_the_decision_and_code_stays_with_analysts() -> None:
    file = dmn(
        f'<decision id="price" name="价">{properties(**{"name:lpr": "基准", "name_en:lpr": "base rate"})}'
        '<decisionTable hitPolicy="FIRST">',
        column("input", "金额", "order.amount", name_en="Amount"),
        column("output", "利率", "rate"),
        "<rule>" + cells("inputEntry", "&gt;= lpr * order.amount") + cells("outputEntry", "lpr + 0.80") + "</rule>",
        "<rule>" + cells("inputEntry", "-") + cells("outputEntry", "floor(lpr)") + "</rule>",
        "</decisionTable></decision>",
    )
    words, model = words_of_values(file)["price"], parse_dmn(file)
    table = model.decisions["price"].table
    assert table is not None
    trace = model.evaluate("price", {"order": {"amount": 1}, "lpr": 3}, NOON).traces[0]

    shown = table_in_words(table, trace, words)

    assert [cell.text.zh for cell in shown.rows[0].conditions] == ["≥ 基准 × 金额"]
    assert [cell.of("en") for cell in shown.rows[0].outputs] == ["base rate + 0.80"]
    assert [cell.zh for cell in shown.rows[1].outputs] == ["按公式计算"]
    assert conditions_in_words(table, table.rules[0], words).of("en") == "Amount ≥ base rate × Amount"
