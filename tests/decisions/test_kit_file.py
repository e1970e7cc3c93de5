"""Test cases in the DMN kit's XML: kinds of values, services and knowledge models, errors, and hostile files."""

from __future__ import annotations

import pytest

from app.decisions import Outcome, parse_dmn, read_test_cases, run_example
from app.errors import DefinitionRefused
from tests.decisions.dmn_texts import NOON, decision, dmn, literal

NAMESPACE = "http://www.omg.org/spec/DMN/20160719/testcase"
HEAD = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
ECHO = dmn('<inputData id="i" name="x"><variable name="x"/></inputData>', decision(literal("x"), id="e", name="Echo"))
CALLED = dmn(
    decision(literal('"in " + who'), id="greet", name="greet"),
    decision(literal("1 + 1"), id="two", name="two"),
    '<decisionService id="s" name="Serve"><outputDecision href="#greet"/><outputDecision href="#two"/>'
    '<inputData href="#w"/></decisionService>',
    '<inputData id="w" name="who"><variable name="who" typeRef="string"/></inputData>',
    '<businessKnowledgeModel id="k" name="double"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
    f"{literal('n * 2')}</encapsulatedLogic></businessKnowledgeModel>",
)


def cases(inside: str, *, namespace: str = NAMESPACE, attributes: str = 'id="1"') -> bytes:
    case = f"<testCase {attributes}>{inside}</testCase>"
    return f'<testCases xmlns="{namespace}" {HEAD}><modelName>m.dmn</modelName>{case}</testCases>'.encode()


def value(kind: str, text: str) -> str:
    return f'<value xsi:type="xsd:{kind}">{text}</value>'


def outcomes(xml: bytes, model: bytes = ECHO) -> list[Outcome]:
    read = parse_dmn(model)
    return [found for example in read_test_cases(xml).examples for found in run_example(read, example, NOON)]


def echo(inside: str, expected: str | None = None, more: str = "") -> Outcome:
    wanted = inside if expected is None else expected
    result = f'<resultNode name="Echo" type="decision" {more}><expected>{wanted}</expected></resultNode>'
    (found,) = outcomes(cases(f'<inputNode name="x">{inside}</inputNode>{result}'))
    return found


@pytest.mark.parametrize(
    ("inside", "plain"),
    [
        (value("string", "a b "), "a b "),
        (value("decimal", " 1.50 "), 1.5),
        (value("integer", "7"), 7),
        (value("double", "1E2"), 100),
        (value("boolean", "true"), True),
        (value("boolean", "0"), False),
        (value("date", "2026-11-22"), "2026-11-22"),
        (value("time", "10:30:00"), "10:30:00"),
        (value("dateTime", "2026-11-22T10:30:00"), "2026-11-22T10:30:00"),
        (value("duration", "P1Y2M"), "P1Y2M"),
        (value("duration", "-PT36H"), "-P1DT12H"),
        ("<value>plain</value>", "plain"),
        ('<value xsi:nil="true"/>', None),
        ("", None),
        (f"<list><item>{value('decimal', '1')}</item><item><value xsi:nil='true'/></item></list>", [1, None]),
        ("<list/>", []),
        ('<list xsi:nil="true"/>', None),
        (f'<component name="a">{value("string", "b")}</component><component name="c"/>', {"a": "b", "c": None}),
    ],
)
def test_each_kind_of_value_is_read(inside: str, plain: object) -> None:
    found = echo(inside)

    assert found.passed and found.expected.value == plain


@pytest.mark.parametrize("namespace", [NAMESPACE, "http://www.omg.org/spec/DMN/20250101/testcase", ""])
def test_the_kits_versions_differ_in_their_namespace_only(namespace: str) -> None:
    result = '<resultNode name="Echo"><expected><value xsi:nil="true"/></expected></resultNode>'

    assert [found.passed for found in outcomes(cases(result, namespace=namespace))] == [True]


@pytest.mark.parametrize(
    ("kind", "text"), [("decimal", "one"), ("double", "NaN"), ("date", "soon"), ("boolean", "yes")]
)
def test_a_case_with_a_value_that_cannot_be_read_fails(kind: str, text: str) -> None:
    found = echo(value(kind, text), '<value xsi:nil="true"/>')

    assert not found.passed and found.fault is not None and text in found.fault.of("en")


def test_a_wrong_value_fails_with_what_came_out() -> None:
    found = echo(value("decimal", "1"), value("decimal", "2"))

    assert (found.passed, found.expected.value, found.got) == (False, 2, 1)


def test_a_decision_that_the_model_has_not_fails() -> None:
    (found,) = outcomes(cases('<resultNode name="Other"><expected/></resultNode>'))

    assert not found.passed and found.fault is not None and '"Other"' in found.fault.of("en")


def test_an_expected_error_may_be_a_limit_that_was_reached() -> None:
    endless = dmn(decision(literal("for i in 1..1000, j in 1..1000 return i * j"), id="e", name="Echo"))
    result = '<resultNode name="Echo" {}><expected><value xsi:nil="true"/></expected></resultNode>'

    found = [outcomes(cases(result.format(more)), endless)[0].passed for more in ('errorResult="true"', "")]

    assert found == [True, False]


def test_a_service_gives_its_outputs_by_name_or_all_together() -> None:
    who = f'<inputNode name="who">{value("string", "you")}</inputNode>'
    all_ = f'<component name="greet">{value("string", "in you")}</component>'
    all_ += f'<component name="two">{value("decimal", "2")}</component>'
    results = (
        f'<resultNode name="two"><expected>{value("decimal", "2")}</expected></resultNode>'
        f'<resultNode name="Serve"><expected>{all_}</expected></resultNode>'
    )

    found = outcomes(cases(who + results, attributes='id="1" type="decisionService" invocableName="Serve"'), CALLED)

    assert [one.passed for one in found] == [True, True]


def test_a_knowledge_model_is_called_with_the_inputs() -> None:
    inside = f'<inputNode name="n">{value("decimal", "4")}</inputNode>'
    inside += f'<resultNode name="double"><expected>{value("decimal", "8")}</expected></resultNode>'

    found = outcomes(cases(inside, attributes='id="1" type="bkm" invocableName="double"'), CALLED)

    assert [one.passed for one in found] == [True]


@pytest.mark.parametrize(
    "xml",
    [
        b"<testCases>",
        b"<definitions/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><testCases>&a;</testCases>',
        b"<testCases>" + b"<a>" * 200 + b"</a>" * 200 + b"</testCases>",
        b"",
    ],
    ids=["broken", "other", "entity", "deep", "empty"],
)
def test_a_hostile_or_foreign_file_is_refused(xml: bytes) -> None:
    with pytest.raises(DefinitionRefused):
        read_test_cases(xml)
