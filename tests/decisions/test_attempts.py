"""DMN files made to use up the machine: each is refused or gives a value or a FeelError within a second of CPU."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.decisions import parse_dmn
from app.errors import DefinitionRefused
from app.feel import FeelError
from tests.decisions.dmn_texts import NOON, decision, dmn, literal, table
from tests.decisions.test_requirements import knowledge, requires
from tests.feel.test_attempts import MOST_SECONDS
from tests.machine import within

DAG = "for i in 1..60 return [partial, partial]"


def uses(name: str, text: str) -> str:
    """The decision asked, which may call the knowledge model of that name."""
    return decision(literal(text), inside=requires(name, tag="requiredKnowledge"))


def entities() -> bytes:
    declared = b'<!ENTITY a "aaaaaaaaaa">'
    declared += b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(9))
    return b"<!DOCTYPE d [" + declared + b"]>" + dmn(decision(literal("1"))).split(b"?>")[1].replace(b">1<", b">&j;<")


def types_of_two(levels: int) -> str:
    parts = '<itemComponent name="{0}"><typeRef>t{1}</typeRef></itemComponent>'
    return "".join(
        f'<itemDefinition name="t{n}">{parts.format("a", n + 1)}{parts.format("b", n + 1)}</itemDefinition>'
        for n in range(levels)
    )


def types_in_a_row(levels: int) -> str:
    return "".join(
        f'<itemDefinition name="t{n}" isCollection="true"><typeRef>t{n + 1}</typeRef></itemDefinition>'
        for n in range(levels)
    )


def knowledge_of_two(levels: int) -> str:
    def needs(level: int) -> str:
        names = [f"k{level}{side}" for side in "ab"] if level < levels else []
        return requires(*names, tag="requiredKnowledge")

    return "".join(
        knowledge(f"k{n}{side}", literal("1"), "x", inside=needs(n + 1)) for n in range(levels) for side in "ab"
    )


def boxed_loops(levels: int) -> str:
    body = literal("1")
    for n in range(levels):
        items = literal("for i in 1..1000 return i")
        body = f"<for iteratorVariable='x{n}'><in>{items}</in><return>{body}</return></for>"
    return body


def calls_of_itself(levels: int) -> str:
    binding = '<binding><parameter name="{0}"/>{1}</binding>'
    both = binding.format("g", literal("g")) + binding.format("n", literal("n + 1"))
    body = f"<invocation>{literal('g')}{both}</invocation>"
    for _ in range(levels):
        body = f"<context><contextEntry><variable name='z'/>{body}</contextEntry></context>"
    return knowledge("f", body, "g", "n")


NUMBER = '<itemDefinition name="t{}"><typeRef>number</typeRef></itemDefinition>'
BOUNDED = (
    '<itemDefinition name="tn"><typeRef>number</typeRef><allowedValues><text>[0..1000000]</text></allowedValues>'
    '</itemDefinition><itemDefinition name="tl" isCollection="true"><typeRef>tn</typeRef></itemDefinition>'
    '<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><formalParameter name="x" typeRef="tl"/>'
    f"{literal('1')}</encapsulatedLogic></businessKnowledgeModel>"
)
LONG = [[f"< {n}", f"{n}"] for n in range(1, 400)]
SERVICE = '<decisionService id="s" name="s"><outputDecision href="#d"/></decisionService>'

BOMBS: dict[str, Callable[[], bytes]] = {
    "entities of entities": entities,
    "an entity from a file": lambda: (
        b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        + dmn(decision(literal("1"))).split(b"?>")[1].replace(b">1<", b">&a;<")
    ),
    "elements in elements": lambda: dmn(decision("<context>" * 5_000 + "</context>" * 5_000)),
    "types of two types each": lambda: dmn(types_of_two(40) + NUMBER.format(40), decision(literal("1"))),
    "a long row of types": lambda: dmn(types_in_a_row(3_000) + NUMBER.format(3_000), decision(literal("1"))),
    "types that contain each other": lambda: dmn(types_in_a_row(9) + types_in_a_row(9), decision(literal("1"))),
    "a type with a path of thousands": lambda: dmn(
        decision(literal("1"), inside=f'<variable name="d" typeRef="{"a." * 9_000}b"/>')
    ),
    "knowledge that needs two of the next": lambda: dmn(knowledge_of_two(28), uses("k0a", "k0a(1)")),
    "knowledge that needs itself": lambda: dmn(
        knowledge("f", literal("f(x)"), "x", inside=uses_itself()), uses("f", "f(1)")
    ),
    "knowledge that calls what it is given": lambda: dmn(knowledge("f", literal("g(g)"), "g"), uses("f", "f(f)")),
    "boxed calls of itself": lambda: dmn(calls_of_itself(0), uses("f", "f(f, 1)")),
    "boxed calls of itself, deep": lambda: dmn(calls_of_itself(28), uses("f", "f(f, 1)")),
    "decisions that require each other": lambda: dmn(
        decision(literal("e"), inside=requires("e")), decision(literal("d"), id="e", inside=requires("d"))
    ),
    "a service of the decision that calls it": lambda: dmn(SERVICE, uses("s", "s()")),
    "a long table in a long loop": lambda: dmn(
        knowledge("f", table(["n"], ["o"], LONG, policy="COLLECT"), "n"),
        uses("f", "count(for i in 1..100000 return f(-1))"),
    ),
    "a long list shown in every trace": lambda: dmn(
        knowledge("f", table(["count(n)", "n"], ["o"], [["-", "-", "1"]]), "n"),
        uses("f", "{xs: for i in 1..9999 return i, r: for i in 1..9999 return f(xs)}.r"),
    ),
    "a boxed loop that recalls": lambda: dmn(
        decision(
            f"<for iteratorVariable='x'><in>{literal('for i in 1..99999 return i')}</in>"
            f"<return>{literal('partial')}</return></for>"
        )
    ),
    "boxed loops in boxed loops": lambda: dmn(decision(boxed_loops(6))),
    "a result that is large written out": lambda: dmn(decision(literal(DAG))),
    "a result that is no plain value and large": lambda: dmn(decision(literal(f"{{r: [1..2], d: {DAG}}}"))),
    "a result of one text many times": lambda: dmn(
        decision(literal('{s: string join(for i in 1..90000 return "abcdefghij"), r: for i in 1..99999 return s}.r'))
    ),
    "results compared by the hit policy": lambda: dmn(
        decision(table(["1"], ["o"], [["-", DAG], ["-", DAG]], policy="ANY"))
    ),
    "long lists held to allowed values": lambda: dmn(
        BOUNDED, uses("f", "{xs: for i in 1..20000 return i, r: for j in 1..10000 return f(xs)}.r")
    ),
    "a hundred thousand rules": lambda: dmn(
        decision(table(["a"], ["o"], [[f"< {n}", f"{n}"] for n in range(100_000)], policy="COLLECT"))
    ),
    "as many rules as fit into the bytes": lambda: dmn(
        decision(table(["a"], ["o"], [["1", "1"] for _ in range(35_000)], policy="COLLECT"))
    ),
    "thousands of names": lambda: dmn(
        "".join(f'<inputData id="i{n}" name="n {n} x"/>' for n in range(5_000)),
        decision(table(["a"], ["o"], [[f"< {n}", f"{n}"] for n in range(2_000)], policy="COLLECT")),
    ),
    "a number beyond a whole number": lambda: dmn(
        decision(literal("1e300"), inside='<variable name="d" typeRef="integer"/>')
    ),
}


def uses_itself() -> str:
    return requires("f", tag="requiredKnowledge")


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_made_to_use_up_the_machine_ends_within_a_second(name: str) -> None:
    xml = BOMBS[name]()
    with within(MOST_SECONDS):
        try:
            parse_dmn(xml).evaluate("d", {"a": 5}, NOON)
        except (DefinitionRefused, FeelError) as refusal:
            assert refusal.text.zh and refusal.text.en


def test_no_text_comes_in_by_an_entity() -> None:
    with pytest.raises(DefinitionRefused):
        parse_dmn(BOMBS["an entity from a file"]())


def test_one_budget_is_shared_by_all_decisions_of_a_graph() -> None:
    loop = literal("count(for i in 1..60000 return i)")  # a third of the steps of one evaluation
    alone = dmn(decision(loop))
    names = [f"p{n}" for n in range(5)]
    several = dmn(*(decision(loop, id=name) for name in names), decision(literal("p0"), inside=requires(*names)))

    assert parse_dmn(alone).evaluate("d", {}, NOON).value == 60_000
    with pytest.raises(FeelError, match="steps"):
        parse_dmn(several).evaluate("d", {}, NOON)
