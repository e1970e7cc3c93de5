"""Item definitions: allowed values, constraints of collections, inherited ones, functions, and names with a prefix."""

from __future__ import annotations

import pytest

from app.decisions import parse_dmn
from app.plain import Plain
from tests.decisions.dmn_texts import NOON, decision, dmn, literal

TYPES = """
<itemDefinition name="tScore"><typeRef>number</typeRef><allowedValues><text>[0..100]</text></allowedValues>
</itemDefinition>
<itemDefinition name="tPass"><typeRef>tScore</typeRef><allowedValues><text>>= 60</text></allowedValues></itemDefinition>
<itemDefinition name="tScores" isCollection="true"><typeRef>tScore</typeRef>
<typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>
<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>
<itemComponent name="score"><typeRef>tScore</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tRule"><functionItem outputTypeRef="boolean"><parameters name="n" typeRef="number"/>
</functionItem></itemDefinition>
""".replace(">>=", ">&gt;=")


def held(kind: str, text: str) -> Plain:
    """The value of an expression in a decision whose result is of that type."""
    inside = f'<variable name="d" typeRef="{kind}"/>'
    return parse_dmn(dmn(TYPES, decision(literal(text), inside=inside))).evaluate("d", {}, NOON).value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("tScore", "70", 70),
        ("tScore", "170", None),
        ("tPass", "70", 70),
        ("tPass", "50", None),
        ("tPass", "170", None),
        ("tScores", "[1, 2]", [1, 2]),
        ("tScores", "5", [5]),
        ("tScores", "[1, 2, 3]", None),
        ("tScores", "[1, 200]", None),
        ("tPerson", '{name: "Li", score: 5, more: 1}', {"name": "Li", "score": 5, "more": 1}),
        ("tPerson", '{name: "Li"}', None),
        ("tPerson", '{name: "Li", score: 500}', None),
        ("tPerson.score", "500", None),
        ("x:tScore", "70", 70),
        ("feel:date and time", 'date("2026-01-02")', "2026-01-02T00:00:00Z"),
        ("number", "[7]", 7),
        ("number", "[7, 8]", None),
    ],
)
def test_a_result_is_held_to_its_type(kind: str, text: str, value: Plain) -> None:
    assert held(kind, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(function(n: number) n > 1) instance of tRule", True),
        ("(function(n) n) instance of tRule", True),
        ("(function(n: string) true) instance of tRule", False),
        ("(function(n, m) true) instance of tRule", False),
        ("1 instance of tRule", False),
        ("5 instance of tScore", True),
        ("[1, 2] instance of tScores", True),
        ('{name: "a", score: 1} instance of tPerson', True),
        ("[5] instance of list", None),
        ("5 instance of tNobody", None),
    ],
)
def test_instance_of_knows_item_definitions(text: str, value: Plain) -> None:
    assert held("Any", text) is value


def test_where_faults_count_as_null_a_decision_without_logic_or_with_a_foreign_function_is_null() -> None:
    bare = '<decision id="bare" name="bare"/>'
    java = (
        '<businessKnowledgeModel id="j" name="j"><encapsulatedLogic kind="Java"><context/></encapsulatedLogic>'
        "</businessKnowledgeModel>"
    )
    needs = '<knowledgeRequirement><requiredKnowledge href="#j"/></knowledgeRequirement>'
    model = parse_dmn(dmn(bare, java, decision(literal("[j(), 1]"), inside=needs)), faulty_is_null=True)

    assert model.evaluate("bare", {}, NOON).value is None
    assert model.evaluate("d", {}, NOON).value == [None, 1]
