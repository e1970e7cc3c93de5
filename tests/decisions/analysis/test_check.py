"""The findings of the table check: what is a fault, what only a note, what is not analysable, and how each reads."""

from __future__ import annotations

from random import Random

import pytest

from app.decisions import parse_dmn
from app.decisions.analysis import TableFinding, check_model, check_table
from app.decisions.analysis.cover import Budget
from tests.decisions.dmn_texts import decision, dmn, table
from tests.machine import within

GRADES = '"AA","A","B"'


def found_in(xml: bytes) -> list[TableFinding]:
    ((_, found),) = check_model(parse_dmn(xml))
    return list(found)


def found(*rows: list[str], inputs: tuple[str, ...] = ("score",), **given: str) -> list[TableFinding]:
    return found_in(dmn(decision(table(inputs, ["out"], rows, **given))))


def typed(xml: bytes, kind: str) -> bytes:
    return xml.replace(b"<inputExpression>", f'<inputExpression typeRef="{kind}">'.encode(), 1)


def kinds(findings: list[TableFinding]) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(one.kind, one.severity, one.rules) for one in findings]


def test_a_gap_between_two_ranges_is_shown_by_a_round_value_inside_it() -> None:
    (gap,) = found(["< 620", '"no"'], ["(620..650)", '"look"'], [">= 660", '"yes"'], ["[650..655]", '"look"'])[:1]

    assert (gap.kind, gap.severity) == ("gap", "warning")
    assert gap.text.zh.startswith("没有一行管到：score 620、> 655 且 < 660（例如 score = 620）")
    assert gap.text.en.startswith("No row covers: score 620, > 655 and < 660 (for example score = 620).")
    assert [(label.zh, value.zh) for label, value in gap.example] == [("score", "620")]


def test_a_number_between_two_whole_ones_is_a_gap_unless_the_input_is_whole() -> None:
    rows = [["<= 17", '"minor"'], [">= 18", '"adult"']]
    xml = dmn(decision(table(["age"], ["out"], rows)))

    (gap,) = found_in(typed(xml, "number"))

    assert "> 17 and < 18 (for example age = 17.5)" in gap.text.en
    assert found_in(typed(xml, "integer")) == []
    whole = "<inputExpression><text>age</text></inputExpression>"
    asked = b"<inputValues><text>? = floor(?)</text></inputValues>"
    assert found_in(xml.replace(whole.encode(), whole.encode() + asked)) == []


def test_an_item_definition_may_say_that_a_number_is_whole() -> None:
    definition = (
        '<itemDefinition name="tWhole"><typeRef>number</typeRef><allowedValues><text>? = floor(?) and ? &gt;= 0</text>'
        "</allowedValues></itemDefinition>"
    )
    inner = table(["age"], ["out"], [["[0..17]", '"minor"'], [">= 18", '"adult"']])

    assert found_in(typed(dmn(definition, decision(inner)), "tWhole")) == []


def test_the_type_of_input_data_limits_the_columns_that_read_it() -> None:
    definition = (
        '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues>'
        f"<text>{GRADES}</text></allowedValues></itemDefinition>"
    )
    data = '<inputData id="i" name="grade"><variable name="grade" typeRef="tGrade"/></inputData>'
    needs = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    rows = [['"AA","A"', "1"], ['"B"', "2"]]

    assert found_in(dmn(definition, data, decision(table(["grade"], ["out"], rows), inside=needs))) == []
    assert kinds(found(*rows, inputs=("grade",))) == [("gap", "warning", ())]


def test_two_rows_of_a_unique_table_that_apply_together_are_an_error() -> None:
    (overlap,) = found(["<= 10", "1"], ["[10..20]", "2"], ["> 20", "3"])

    assert kinds([overlap]) == [("overlap", "error", (1, 2))]
    assert "（例如 score = 10）" in overlap.text.zh and "(for example score = 10)" in overlap.text.en
    assert overlap.mend is not None


def test_rows_that_apply_together_only_for_an_empty_input_are_a_warning() -> None:
    xml = dmn(decision(table(["on"], ["out"], [["not(true)", "1"], ["not(false)", "2"]])))

    (overlap,) = found_in(typed(xml, "boolean"))

    assert kinds([overlap]) == [("overlap", "warning", (1, 2))]
    assert "(for example on = no value)" in overlap.text.en


def test_under_any_only_different_results_conflict() -> None:
    rows = [["< 10", '"a"'], ["< 20", '"a"'], ["> 5", '"b"']]

    findings = found(*rows, policy="ANY")

    assert kinds(findings) == [
        ("conflict", "error", (1, 3)),
        ("conflict", "error", (2, 3)),
        ("redundant", "warning", (1,)),
    ]
    assert "row 2 decides" in findings[2].text.en


def test_rows_that_give_expressions_under_any_are_said_to_be_unchecked() -> None:
    assert kinds(found(["< 10", "score + 1"], ["< 20", "score * 2"], [">= 20", "0"], policy="ANY")) == [
        ("not checked", "note", (1, 2))
    ]
    assert found(["< 10", "score + 1"], ["<  20", "score  + 1"], [">= 20", "0"], policy="ANY")[0].kind == "redundant"


@pytest.mark.parametrize("policy", ["FIRST", "PRIORITY"])
def test_a_row_whose_turn_never_comes_is_told_with_who_decides(policy: str) -> None:
    rows = [["> 10", '"AA"'], ["<= 10", '"A"'], ["[0..20]", '"B"']]

    (row,) = found(*rows, policy=policy, values=GRADES)

    assert kinds([row]) == [("unreachable", "warning", (3,))]
    assert "由第 2 行决定" in row.text.zh


def test_a_row_that_only_an_empty_input_reaches_is_reachable() -> None:
    assert found(["> 10", "1"], ["<= 10", "2"], ["-", "3"], policy="FIRST") == []


def test_a_condition_that_no_value_meets_is_told() -> None:
    xml = dmn(decision(table(["grade"], ["out"], [['"AA","A","B"', "1"], ['"C"', "2"]])))
    allowed = f"<text>grade</text></inputExpression><inputValues><text>{GRADES}</text></inputValues>"

    findings = found_in(xml.replace(b"<text>grade</text></inputExpression>", allowed.encode()))

    assert kinds(findings) == [("never", "warning", (2,))]
    assert kinds(found(["[20..10]", "1"], ["-", "2"])) == [("never", "warning", (1,))]


@pytest.mark.parametrize(("policy", "aggregation"), [("COLLECT", ""), ("RULE ORDER", ""), ("COLLECT", "COUNT")])
def test_where_no_rule_need_apply_a_gap_is_a_note_and_overlaps_are_nothing(policy: str, aggregation: str) -> None:
    findings = found(["> 10", "1"], ["> 20", "2"], policy=policy, aggregation=aggregation)

    assert kinds(findings) == [("gap", "note", ())]


def test_a_sum_has_no_result_where_no_rule_applies() -> None:
    assert kinds(found(["> 10", "1"], policy="COLLECT", aggregation="SUM")) == [("gap", "warning", ())]


def test_a_default_output_takes_the_fault_out_of_a_gap() -> None:
    xml = dmn(decision(table(["score"], ["out"], [["> 10", "1"]])))
    default = b'<output name="out"><defaultOutputEntry><text>0</text></defaultOutputEntry></output>'

    (gap,) = found_in(xml.replace(b'<output name="out"></output>', default))

    assert gap.severity == "note" and "The default output is taken then." in gap.text.en


def test_an_empty_input_is_a_gap_only_where_some_cell_speaks_of_it() -> None:
    assert found(["< 10", "1"], [">= 10", "2"]) == []
    (gap,) = found(["< 10", "1"], [">= 10, null", "2"], inputs=("score",), policy="FIRST") or [None]
    assert gap is None
    (gap,) = found(["not(null)", "1"], policy="FIRST")
    assert gap.text.en.startswith("No row covers: score no value.")


def test_a_cell_with_an_expression_is_not_analysable_and_hides_no_certain_fault() -> None:
    rows = [["> limit", "-", "1"], ["> limit", "-", "2"], ["-", '"x"', "3"], ["-", '"x"', "4"]]

    findings = found(*rows, inputs=("score", "kind"), policy="FIRST")

    assert kinds(findings) == [
        ("unreachable", "warning", (2,)),
        ("unreachable", "warning", (4,)),
        ("not analysable", "note", (1, 2)),
    ]
    assert "“score”的条件（第 1、2 行）" in findings[2].text.zh


@pytest.mark.parametrize("cell", ["limit(3)", "> limit(3)", "< today()", "string length(?) > 3", "other", "[1..other]"])
def test_what_depends_on_the_model_the_day_or_another_variable_is_no_constant(cell: str) -> None:
    assert kinds(found([cell, "1"], ["-", "2"], policy="FIRST")) == [("not analysable", "note", (1,))]


@pytest.mark.parametrize("cell", ["2 + 3", "max(1, 2)", '> date("2026-01-31")', "-5", "not(-5)", "[-5..5)"])
def test_what_is_always_the_same_is_a_constant(cell: str) -> None:
    assert found([cell, "1"], ["-", "2"], policy="FIRST") == []


def test_rows_that_perhaps_apply_together_are_not_told_as_an_overlap() -> None:
    assert kinds(found(["> limit", "1"], ["<= 10", "2"], ["> 10", "3"])) == [("not analysable", "note", (1,))]


def test_one_expression_in_two_columns_is_one_input() -> None:
    rows = [["> 10", "< 20", "1"], ["<= 10", "-", "2"], ["-", ">= 20", "3"]]

    assert found(*rows, inputs=("score", "score")) == []


def test_inputs_that_read_the_same_variable_may_not_vary_freely_so_an_overlap_is_no_error() -> None:
    rows = [["> 10", "-", "1"], ["-", "< 5", "2"], ["<= 10", ">= 5", "3"]]

    assert kinds(found(*rows, inputs=("score", "score / 2"))) == [("overlap", "warning", (1, 2))]


def test_dates_durations_and_times_are_cut_where_their_cells_say() -> None:
    for kind, low, high, said in [
        ("date", 'date("2026-01-31")', 'date("2026-02-02")', "2026-02-01"),
        ("dayTimeDuration", 'duration("P1D")', '@"P3D"', "2 d"),
        ("yearMonthDuration", 'duration("P1Y")', '@"P3Y"', "2 y"),
        ("time", 'time("08:00:00")', '@"12:00:00"', "10:00:00"),
        ("dateTime", 'date and time("2026-01-31T00:00:00")', '@"2026-02-02T00:00:00"', "2026-02-01 00:00:00"),
    ]:
        xml = dmn(decision(table(["x"], ["out"], [[f"<= {low}", "1"], [f">= {high}", "2"]])))
        (gap,) = found_in(typed(xml, kind))
        assert [value.en for _, value in gap.example] == [said]


def test_a_large_sparse_table_is_left_unchecked_in_time_and_said_so() -> None:
    chance = Random(1)
    rows = [
        [f"{chance.choice(('<', '>='))} {chance.randint(0, 1000)}" if chance.random() < 0.5 else "-" for _ in range(10)]
        + [str(number)]
        for number in range(300)
    ]
    model = parse_dmn(dmn(decision(table([f"x{n}" for n in range(10)], ["out"], rows, policy="FIRST"))))

    with within(10):
        ((_, findings),) = check_model(model)

    assert ("not checked", "note", ()) in kinds(list(findings))


def test_what_was_given_up_for_its_size_is_named() -> None:
    (one,) = parse_dmn(dmn(decision(table(["x"], ["out"], [["> 1", "1"], ["> 2", "2"]], policy="FIRST")))).tables

    assert check_table(one, {}, budget=Budget(0)).not_checked == ("gaps", "unreachable")
    assert check_table(one, {}).not_checked == ()


def test_a_table_for_which_there_is_no_budget_at_all_is_not_checked_and_said_so() -> None:
    rows = [[f"> {number}", "1"] for number in range(9)]
    (one,) = parse_dmn(dmn(decision(table(["x"], ["out"], rows, policy="UNIQUE")))).tables

    assert check_table(one, {}, budget=Budget(0)).not_checked == ("table",)


def test_a_table_inside_a_knowledge_model_is_checked_too() -> None:
    inner = table(["x"], ["out"], [["> 1", "1"], ["> 2", "2"]])
    knowledge = (
        f'<businessKnowledgeModel id="k" name="k"><encapsulatedLogic><formalParameter name="x"/>{inner}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )
    other = decision("<literalExpression><text>1</text></literalExpression>")

    assert ("overlap", "error", (1, 2)) in kinds(found_in(dmn(knowledge, other)))


@pytest.mark.parametrize("kind", ["number", "integer", "Any"])
def test_the_largest_and_smallest_numbers_have_values_between_them_too(kind: str) -> None:
    cells = ["1E6000", "-1E6000", "1E-6000", "9999999999999999999999999999999999"]
    xml = dmn(decision(table(["x"], ["out"], [[cell, "1"] for cell in cells])))

    assert {one.kind for one in found_in(typed(xml, kind))} <= {"gap", "never"}
