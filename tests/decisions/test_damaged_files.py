"""A damaged file is refused or works; nothing else may come of it."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.decisions import TableTrace, in_words, parse_dmn
from app.errors import DefinitionRefused
from tests.decisions.dmn_texts import NOON, decision, dmn, literal, table
from tests.soak import soaking

WHOLE = dmn(
    '<itemDefinition name="tLoan"><itemComponent name="amount"><typeRef>number</typeRef></itemComponent>'
    "</itemDefinition>",
    '<inputData id="i" name="loan"><variable name="loan" typeRef="tLoan"/></inputData>',
    decision(
        table(["loan.amount"], ["a", "b"], [["> 1", "1", '"x"'], ["-", "2", '"y"']], policy="PRIORITY", values="2,1"),
        inside='<informationRequirement><requiredInput href="#i"/></informationRequirement>',
    ),
    '<businessKnowledgeModel id="k" name="k"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
    f"<context><contextEntry><variable name='m'/>{literal('n * 2')}</contextEntry></context></encapsulatedLogic>"
    "</businessKnowledgeModel>",
    decision(
        f"<list>{literal('k(d.a).m')}<for iteratorVariable='x'><in>{literal('[1, 2]')}</in>"
        f"<return>{literal('x + d.a')}</return></for></list>",
        id="e",
        inside='<informationRequirement><requiredDecision href="#d"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>',
    ),
)
COUNT = len(list(etree.fromstring(WHOLE).iter()))
VALUES = ["", "d", "#d", "#e", "#k", "COLLECT", "UNIQUE", "tLoan", "number", "-", "[", "x y", "?", "not("]

places = st.integers(1, COUNT - 1)
damages = st.tuples(
    st.sampled_from(["remove", "copy", "rename", "attribute", "text"]), places, places, st.sampled_from(VALUES)
)


def damage(xml: bytes, what: list[tuple[str, int, int, str]]) -> bytes:
    """The file with elements removed, copied elsewhere, renamed, or with other attributes and texts."""
    root = etree.fromstring(xml)
    for act, at, other, value in what:
        elements = list(root.iter())
        element, second = elements[at % len(elements)], elements[other % len(elements)]
        parent = element.getparent()
        if act == "remove" and parent is not None:
            parent.remove(element)
        elif act == "copy" and element is not root:
            second.append(deepcopy(element))
        elif act == "rename" and element is not root:
            element.tag = second.tag
        elif act == "attribute" and element.attrib:
            element.set(sorted(element.attrib)[other % len(element.attrib)], value)
        elif act == "text":
            element.text = value
    return bytes(etree.tostring(root))


def test_the_whole_file_works() -> None:
    found = parse_dmn(WHOLE).evaluate("e", {"loan": {"amount": 5}}, NOON)
    assert found.value == [4, [3, 4]]


@soaking(250)
@given(st.lists(damages, min_size=1, max_size=3))
def test_a_damaged_file_is_refused_or_works(what: list[tuple[str, int, int, str]]) -> None:
    try:
        model = parse_dmn(damage(WHOLE, what))
    except DefinitionRefused as refused:
        assert all(problem.text.zh and problem.text.en and problem.where for problem in refused.problems)
        return
    for each in model.decisions:
        for trace in model.evaluate(each, {"loan": {"amount": 5}}, NOON).traces:
            assert in_words(trace).origin.zh
            assert TableTrace.from_plain(trace.to_plain()) == trace
