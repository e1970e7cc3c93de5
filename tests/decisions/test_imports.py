"""Files that import other files: parts seen under the import's name, types among them, and what is refused."""

from __future__ import annotations

import pytest

from app.decisions import DecisionModel, namespace_of, parse_dmn
from app.errors import DefinitionRefused
from tests.decisions.dmn_texts import NAMESPACE, NOON, decision, literal


def file(namespace: str, *elements: str) -> bytes:
    """A DMN file of that namespace."""
    inner = "\n".join(elements)
    head = f'<definitions xmlns="{NAMESPACE}" id="f" name="{namespace}" namespace="{namespace}">'
    return f"{head}{inner}</definitions>".encode()


def imports(namespace: str, name: str = "") -> str:
    return f'<import namespace="{namespace}" name="{name}" importType="{NAMESPACE}"/>'


def needs(tag: str, href: str) -> str:
    around = "knowledgeRequirement" if tag == "requiredKnowledge" else "informationRequirement"
    return f'<{around}><{tag} href="{href}"/></{around}>'


def read(main: bytes, *others: bytes) -> DecisionModel:
    known = {namespace_of(each): each for each in others}
    return parse_dmn(main, beside=known.get)


HELLO = literal('"Hello, " + who')
PERSON = file(
    "person",
    '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues>'
    "</itemDefinition>",
    '<inputData id="age" name="the age"><variable name="the age" typeRef="tAge"/></inputData>',
    decision(literal("the age >= 18"), id="adult", name="is adult", inside=needs("requiredInput", "#age")),
    '<businessKnowledgeModel id="greet" name="say hello"><encapsulatedLogic><formalParameter name="who"/>'
    f"{HELLO}</encapsulatedLogic></businessKnowledgeModel>",
    '<decisionService id="s" name="check age"><variable name="check age"/><outputDecision href="#adult"/>'
    '<inputData href="#age"/></decisionService>',
)
ALL = (
    needs("requiredDecision", "person#adult")
    + needs("requiredInput", "person#age")
    + needs("requiredKnowledge", "person#greet")
    + needs("requiredKnowledge", "person#s")
)


@pytest.mark.parametrize(("name", "before"), [("her file", "her file."), ("", "")])
def test_decisions_inputs_and_functions_are_seen_under_the_name_of_the_import(name: str, before: str) -> None:
    text = f'[{before}is adult, {before}the age + 1, {before}say hello("Li"), {before}check age(17)]'
    model = read(file("main", imports("person", name), decision(literal(text), inside=ALL)), PERSON)

    assert model.evaluate("d", {"the age": 20}, NOON).value == [True, 21, "Hello, Li", False]
    assert list(model.decisions) == ["d"]


def test_types_of_an_imported_file_bind_values_and_stand_behind_instance_of() -> None:
    data = '<inputData id="n" name="n"><variable name="n" typeRef="p.tAge"/></inputData>'
    body = decision(literal("[n, 5 instance of p.tAge]"), inside=needs("requiredInput", "#n"))
    model = read(file("main", imports("person", "p"), data, body), PERSON)

    assert model.evaluate("d", {"n": 20}, NOON).value == [20, True]
    assert model.evaluate("d", {"n": 200}, NOON).value == [None, True]


def test_imports_of_imports_are_read_once_and_keep_their_own_names() -> None:
    middle = file(
        "middle",
        imports("person", "p"),
        decision(literal("if p.is adult then 1 else 0"), id="adult", inside=needs("requiredDecision", "person#adult")),
    )
    both = needs("requiredDecision", "person#adult") + needs("requiredDecision", "middle#adult")
    main = file(
        "main", imports("middle", "m"), imports("person", "p"), decision(literal("[m.adult, p.is adult]"), inside=both)
    )

    assert read(main, middle, PERSON).evaluate("d", {"the age": 20}, NOON).value == [1, True]


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ((), "there is no DMN file person to import"),
        ((file("person", imports("main", "m"), decision(literal("1"))),), "the files import each other"),
        ((file("person", decision(literal("1 +"))),), "the imported file is at fault"),
        ((file("person", decision(literal("1"))),), "does not lead to a decision"),
    ],
)
def test_an_import_that_leads_nowhere_round_or_to_a_faulty_file_is_refused(
    others: tuple[bytes, ...], reason: str
) -> None:
    main = file(
        "main", imports("person", "p"), decision(literal("1"), inside=needs("requiredDecision", "person#adult"))
    )

    with pytest.raises(DefinitionRefused) as refusal:
        read(main, *others)

    assert reason in refusal.value.problems[0].text.en


def test_in_publication_an_import_is_refused_by_name() -> None:
    with pytest.raises(DefinitionRefused) as refusal:
        parse_dmn(file("main", imports("person", "p"), decision(literal("1"))))

    assert "not supported" in refusal.value.problems[0].text.en
