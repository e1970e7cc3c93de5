"""Decisions that require decisions, input data, knowledge models and services."""

from __future__ import annotations

import pytest

from app.decisions import parse_dmn
from app.errors import NotFound
from tests.decisions.dmn_texts import NOON, decision, dmn, literal, table


def requires(*targets: str, tag: str = "requiredDecision") -> str:
    around = "knowledgeRequirement" if tag == "requiredKnowledge" else "informationRequirement"
    return "".join(f'<{around}><{tag} href="#{target}"/></{around}>' for target in targets)


def knowledge(name: str, body: str, *parameters: str, inside: str = "") -> str:
    formal = "".join(f'<formalParameter name="{each}"/>' for each in parameters)
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}">{inside}'
        f"<encapsulatedLogic>{formal}{body}</encapsulatedLogic></businessKnowledgeModel>"
    )


SCORE = decision(table(["years"], ["score"], [[">= 3", "700"], ["< 3", "500"]]), id="score", name="信用评分")
GRADE = decision(
    table(["score"], ["grade"], [[">= 620", '"B"'], ["< 620", '"D"']]),
    id="grade",
    name="评级",
    inside=requires("score"),
)


def test_a_required_decision_is_evaluated_first_and_leaves_its_trace_first() -> None:
    found = parse_dmn(dmn(GRADE, SCORE)).evaluate("grade", {"years": 5}, NOON)
    assert found.value == "B"
    assert [trace.decision_id for trace in found.traces] == ["score", "grade"]


def test_a_required_result_is_seen_under_id_name_and_variable_name() -> None:
    first = decision(literal("2"), id="first", name="第一", inside='<variable name="The First"/>')
    second = decision(literal("first + 第一 + The First"), id="second", inside=requires("first"))
    assert parse_dmn(dmn(first, second)).evaluate("second", {}, NOON).value == 6


def test_a_decision_required_twice_is_evaluated_once() -> None:
    top = decision(literal("grade + string(score)"), id="top", inside=requires("grade", "score"))
    found = parse_dmn(dmn(SCORE, GRADE, top)).evaluate("top", {"years": 5}, NOON)
    assert found.value == "B700"
    assert [trace.decision_id for trace in found.traces] == ["score", "grade", "top"]


def test_process_variables_are_visible_without_input_data() -> None:
    assert parse_dmn(dmn(decision(literal("loan.amount * 2")))).evaluate("d", {"loan": {"amount": 3}}, NOON).value == 6


def test_the_inputs_of_a_decision_include_those_of_what_it_requires() -> None:
    model = parse_dmn(dmn(GRADE, SCORE, decision(literal("grade + reason"), id="top", inside=requires("grade"))))
    assert model.decisions["top"].inputs == {"years", "reason"}
    assert model.decisions["top"].requires == ("grade",)
    assert (model.decisions["grade"].hit_policy, model.decisions["grade"].kind) == ("UNIQUE", "decisionTable")
    assert model.decisions["top"].hit_policy is None


def test_cells_may_use_other_variables_and_they_count_as_inputs() -> None:
    model = parse_dmn(dmn(decision(table(["amount"], ["ok"], [["<= limit", "true"], ["> limit", "false"]]))))
    assert model.decisions["d"].inputs == {"amount", "limit"}
    assert model.evaluate("d", {"amount": 5, "limit": 6}, NOON).value is True


def test_typed_input_data_reads_iso_dates() -> None:
    data = '<inputData id="i" name="Opened On"><variable name="Opened On" typeRef="date"/></inputData>'
    model = parse_dmn(dmn(data, decision(literal("Opened On.year"), inside=requires("i", tag="requiredInput"))))
    assert model.evaluate("d", {"Opened On": "2026-11-13"}, NOON).value == 2026


def test_input_data_of_the_wrong_type_is_null_and_said() -> None:
    data = '<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData>'
    model = parse_dmn(dmn(data, decision(literal("n"), inside=requires("i", tag="requiredInput"))))
    found = model.evaluate("d", {"n": "many"}, NOON)
    assert found.value is None
    assert "不是数字" in found.notes[0].zh and "is not a number" in found.notes[0].en


def test_a_result_of_the_wrong_type_is_null_and_said() -> None:
    found = parse_dmn(dmn(decision(literal("1"), inside='<variable name="d" typeRef="string"/>'))).evaluate(
        "d", {}, NOON
    )
    assert found.value is None
    assert "不是文本" in found.notes[0].zh


def test_knowledge_models_are_functions_and_may_use_each_other() -> None:
    twice = knowledge("twice", literal("x * 2"), "x")
    four = knowledge("four times", literal("twice(twice(x))"), "x", inside=requires("twice", tag="requiredKnowledge"))
    use = decision(literal("four times(amount)"), inside=requires("four times", tag="requiredKnowledge"))
    assert parse_dmn(dmn(twice, four, use)).evaluate("d", {"amount": 3}, NOON).value == 12


def test_a_table_in_a_knowledge_model_leaves_a_trace() -> None:
    band = knowledge("band", table(["x"], ["band"], [["< 10", '"low"'], [">= 10", '"high"']]), "x")
    use = decision(literal("band(5) + band(50)"), inside=requires("band", tag="requiredKnowledge"))
    found = parse_dmn(dmn(band, use)).evaluate("d", {}, NOON)
    assert found.value == "lowhigh"
    assert [trace.decision_id for trace in found.traces] == ["band", "band", "d"]


def test_a_boxed_invocation_passes_arguments_by_name() -> None:
    share = knowledge("share", literal("part / whole"), "part", "whole")
    invocation = f"<invocation>{literal('share')}" + "".join(
        f'<binding><parameter name="{name}"/>{literal(text)}</binding>'
        for name, text in (("whole", "8"), ("part", "2"))
    )
    use = decision(invocation + "</invocation>", inside=requires("share", tag="requiredKnowledge"))
    assert str(parse_dmn(dmn(share, use)).evaluate("d", {}, NOON).value) == "0.25"


def test_a_decision_service_is_a_function_of_its_inputs() -> None:
    inner = '<outputDecision href="#grade"/><inputDecision href="#score"/>'
    service = f'<decisionService id="s" name="grading">{inner}</decisionService>'
    use = decision(literal("grading(100)"), inside=requires("s", tag="requiredKnowledge"))
    assert parse_dmn(dmn(SCORE, GRADE, service, use)).evaluate("d", {"years": 9}, NOON).value == "D"


def test_a_decision_service_may_be_evaluated_itself() -> None:
    inner = '<outputDecision href="#grade"/><outputDecision href="#score"/><inputDecision href="#score"/>'
    model = parse_dmn(dmn(SCORE, GRADE, f'<decisionService id="s" name="grading">{inner}</decisionService>'))
    assert model.evaluate("s", {"信用评分": 620}, NOON).value == {"评级": "B", "信用评分": 620}


def test_a_decision_that_people_take_is_null_and_said() -> None:
    model = parse_dmn(dmn('<decision id="d" name="审批"><question>批准吗？</question></decision>'))
    found = model.evaluate("d", {}, NOON)
    assert (found.value, model.decisions["d"].kind) == (None, "none")
    assert "由人决定" in found.notes[0].zh


def test_a_missing_variable_is_null_even_where_a_built_in_has_its_name() -> None:
    model = parse_dmn(dmn(decision(table(["product"], ["x"], [["null", "1"], ["not(null)", "2"]]))))
    assert model.evaluate("d", {}, NOON).value == 1


def test_an_unknown_decision_is_not_found_and_the_known_ones_are_named() -> None:
    with pytest.raises(NotFound) as caught:
        parse_dmn(dmn(SCORE)).evaluate("other", {}, NOON)
    assert "score" in caught.value.text.zh


def test_today_is_the_business_date_of_the_moment() -> None:
    found = parse_dmn(dmn(decision(literal("today()")))).evaluate("d", {}, NOON)
    assert found.value == "2026-11-13"


def test_a_function_in_a_result_is_null_and_said() -> None:
    found = parse_dmn(dmn(decision(literal("{f: function(x) x, n: [1, f(2)]}")))).evaluate("d", {}, NOON)
    assert found.value == {"f": None, "n": [1, 2]}
    assert "函数" in found.notes[0].zh
