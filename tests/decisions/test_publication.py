"""What the publication check refuses, with element, line and words."""

from __future__ import annotations

import pytest

from app.decisions import list_decisions, parse_dmn
from app.errors import DefinitionRefused, Problem
from tests.decisions.dmn_texts import decision, dmn, literal, table


def refused(*elements: str) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionRefused) as caught:
        parse_dmn(dmn(*elements))
    return caught.value.problems


def requires(tag: str, target: str) -> str:
    return f'<informationRequirement><{tag} href="#{target}"/></informationRequirement>'


def test_a_wrong_cell_is_named_by_row_column_element_and_line() -> None:
    text = """<decision id="d" name="评级">
<decisionTable>
<input id="i" label="评分"><inputExpression><text>score</text></inputExpression></input>
<output name="grade"/>
<rule id="r1"><inputEntry id="c1"><text>&gt; 1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c2">
  <text>[1..</text>
</inputEntry><outputEntry><text>1</text></outputEntry></rule>
</decisionTable>
</decision>"""
    (problem,) = refused(text)
    assert (problem.where, problem.line) == ("c2", 9)
    assert problem.text.zh.startswith("规则第 2 行，列“评分”")
    assert problem.text.en.startswith('rule row 2, column "评分": FEEL error')


def test_a_wrong_output_cell_is_named_by_its_column() -> None:
    (problem,) = refused(decision(table(["n"], ["grade"], [["-", "1 +"]])))
    assert "规则第 1 行，列“grade”" in problem.text.zh


def test_all_faults_are_told_at_once() -> None:
    assert len(refused(decision(table(["n +"], ["out"], [["> (", "1 +"], ["..", "1"]])))) == 4


def test_a_wrong_literal_expression_is_refused() -> None:
    (problem,) = refused(decision(literal("if x then")))
    assert problem.where == "d" and problem.line == 3


def test_an_unknown_hit_policy_is_refused_with_the_known_ones() -> None:
    (problem,) = refused(decision(table(["n"], ["out"], [["-", "1"]], policy="SOME")))
    assert "SOME" in problem.text.zh and "UNIQUE" in problem.text.en


def test_aggregation_is_for_collect_only() -> None:
    (problem,) = refused(decision(table(["n"], ["out"], [["-", "1"]], policy="FIRST", aggregation="SUM")))
    assert "COLLECT" in problem.text.zh


def test_priority_without_listed_values_is_refused() -> None:
    (problem,) = refused(decision(table(["n"], ["out"], [["-", "1"]], policy="PRIORITY")))
    assert "允许值" in problem.text.zh


def test_a_sum_over_two_columns_is_refused() -> None:
    (problem,) = refused(decision(table(["n"], ["a", "b"], [["-", "1", "2"]], policy="COLLECT", aggregation="SUM")))
    assert "SUM" in problem.text.en


def test_a_rule_with_a_missing_cell_is_refused_with_its_number() -> None:
    problems = refused(decision(table(["n", "m"], ["out"], [["-", "-", "1"], ["-", "2"]])))
    assert any("row 2 has 2 conditions and 0 outputs" in problem.text.en for problem in problems)


def test_repeated_ids_are_refused() -> None:
    (problem,) = refused(decision(literal("1")), decision(literal("2")))
    assert (problem.where, problem.line) == ("d", 4)


def test_repeated_output_names_are_refused() -> None:
    (problem,) = refused(decision(table(["n"], ["a", "a"], [["-", "1", "2"]])))
    assert "输出列" in problem.text.zh


def test_a_reference_to_nothing_is_refused() -> None:
    (problem,) = refused(decision(literal("1"), inside=requires("requiredDecision", "gone")))
    assert "gone" in problem.text.zh and problem.line == 3


def test_a_reference_to_the_wrong_kind_is_refused() -> None:
    (problem,) = refused(
        '<inputData id="i" name="i"/>', decision(literal("1"), inside=requires("requiredDecision", "i"))
    )
    assert "a decision" in problem.text.en


def test_decisions_in_a_circle_are_refused_with_the_circle() -> None:
    (problem,) = refused(
        decision(literal("b"), id="a", inside=requires("requiredDecision", "b")),
        decision(literal("a"), id="b", inside=requires("requiredDecision", "a")),
    )
    assert "→" in problem.text.zh and "require each other" in problem.text.en


def test_a_chain_of_decisions_has_a_limit() -> None:
    chain = [decision(literal("1"), id="d0")]
    chain += [
        decision(literal("1"), id=f"d{n}", inside=requires("requiredDecision", f"d{n - 1}")) for n in range(1, 100)
    ]
    (problem,) = refused(*chain)
    assert "30" in problem.text.zh


def test_an_unknown_type_is_refused() -> None:
    (problem,) = refused(decision(literal("1"), inside='<variable name="d" typeRef="tGone"/>'))
    assert "tGone" in problem.text.zh


def test_a_type_within_itself_is_refused() -> None:
    problems = refused(
        '<itemDefinition name="tA"><itemComponent name="x"><typeRef>tA</typeRef></itemComponent></itemDefinition>',
        decision(literal("1")),
    )
    assert "contains itself" in problems[0].text.en


def test_a_decision_without_logic_is_refused() -> None:
    (problem,) = refused('<decision id="d" name="d"/>')
    assert problem.where == "d"


def test_a_file_without_decisions_is_refused() -> None:
    assert "没有决策" in refused('<inputData id="i" name="i"/>')[0].text.zh


def test_another_expression_language_is_refused() -> None:
    (problem,) = refused(
        decision('<literalExpression expressionLanguage="javascript"><text>1</text></literalExpression>')
    )
    assert "javascript" in problem.text.en


def test_a_java_function_is_refused() -> None:
    (problem,) = refused(
        decision(literal("1")),
        f'<businessKnowledgeModel id="k" name="k"><encapsulatedLogic kind="Java">{literal("1")}'
        "</encapsulatedLogic></businessKnowledgeModel>",
    )
    assert "Java" in problem.text.zh


def test_an_import_is_refused() -> None:
    (problem,) = refused('<import namespace="x" name="y" importType="z"/>', decision(literal("1")))
    assert "importing" in problem.text.en


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"no xml",
        b"<definitions/>",
        b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>",
        b"<!DOCTYPE d [<!ENTITY x 'y'>]><d>&x;</d>",
        b"<!DOCTYPE d SYSTEM 'file:///etc/hostname'><d/>",
        b"<" * 5_000_000,
    ],
)
def test_what_is_no_dmn_is_refused(xml: bytes) -> None:
    with pytest.raises(DefinitionRefused):
        parse_dmn(xml)


def test_expressions_nested_too_deep_are_refused() -> None:
    (problem,) = refused(decision("<list>" * 150 + literal("1") + "</list>" * 150))
    assert "100" in problem.text.zh


def test_an_entity_is_never_read_from_a_file() -> None:
    xml = dmn(decision(literal("&x;").replace("&amp;x;", "&x;"))).replace(
        b"<definitions", b'<!DOCTYPE definitions [<!ENTITY x SYSTEM "file:///etc/hostname">]><definitions', 1
    )
    with pytest.raises(DefinitionRefused) as caught:
        parse_dmn(xml)
    assert "DOCTYPE" in caught.value.problems[0].text.en


def test_decisions_are_listed_without_compiling_them() -> None:
    listed = list_decisions(dmn(decision(literal("1 +"), id="a", name="甲"), '<decision id="b" name="b"/>'))
    assert [(each.id, each.name.zh, each.kind) for each in listed] == [("a", "甲", "literalExpression"), ("b", "b", "")]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_all_versions_of_dmn_are_read(namespace: str) -> None:
    assert list(parse_dmn(dmn(decision(literal("1")), namespace=namespace)).decisions) == ["d"]
