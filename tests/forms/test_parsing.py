"""Form files are read completely or refused with the component and line of every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import DefinitionRefused
from app.forms import parse_form
from tests.forms.form_files import component, form_of, group, radio, rows, text, written

CASES = Path(__file__).parents[2] / "../shared/cases/camunda8"
OWN_FORMS = sorted((Path(__file__).parents[2] / "forms").glob("*.form"))
REAL_FORMS = sorted(CASES.rglob("*.form"))


def refusal(json: bytes) -> str:
    with pytest.raises(DefinitionRefused) as caught:
        parse_form(json)
    return str(caught.value)


def test_a_form_has_its_key_names_and_properties() -> None:
    form = form_of(text("a"), properties={"name_zh": "申请", "name_en": "Application", "product": "demo"})
    assert (form.key, form.name.zh, form.name.of("en"), form.properties["product"]) == (
        "demo",
        "申请",
        "Application",
        "demo",
    )


def test_an_unknown_component_type_is_refused_by_name_and_line() -> None:
    json = b'{"id": "f", "schemaVersion": 19, "components": [\n{"type": "iframe", "id": "Frame_1"}]}'
    assert 'Frame_1 (line 2): component type "iframe" is not supported' in refusal(json)


def test_every_fault_of_a_file_is_told_at_once() -> None:
    with pytest.raises(DefinitionRefused) as caught:
        parse_form(written(component("iframe"), text("a", kind="colour"), component("number")))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("json", "expected"),
    [
        (b"{", "no JSON"),
        (b"[]", "one JSON object"),
        (b'{"components": []}', "id (the form's key) is missing"),
        (b'{"id": "f", "components": [], "schemaVersion": 20}', "supported up to 19"),
        (b'{"id": "f", "components": [7]}', "a component is a JSON object"),
        (b'{"id": "f", "components": {}}', "components is a list"),
        (b"\xff", "no JSON"),
    ],
)
def test_malformed_files_are_refused(json: bytes, expected: str) -> None:
    assert expected in refusal(json)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (text("a", validate={"pattern": r"(a)\1"}), "pattern cannot be used"),
        (text("a", conditional={"hide": "=1 +"}), "FEEL expression"),
        (text("a", validate={"min": 5, "max": 4}), "minimum is above maximum"),
        (text("a", validate={"min": "much"}), "bound is not a number"),
        (component("radio", "a", values=[]), "no options"),
        (radio("a", "x", "x"), "two options have the same value"),
        (text("$party"), "key is missing or malformed"),
        (component("datetime", "a", subtype="datetime"), "is not supported"),
        (text("a", validate="no object"), "malformed"),
    ],
)
def test_a_component_that_cannot_work_is_refused(given: dict, expected: str) -> None:
    assert expected in refusal(written(given))


def test_a_key_that_is_used_twice_is_refused() -> None:
    assert "used twice" in refusal(written(text("a"), group("", text("a"))))


def test_a_key_below_another_field_is_refused() -> None:
    assert "used twice" in refusal(written(text("a"), group("a", text("b"))))


def test_the_same_key_in_two_groups_with_paths_is_allowed() -> None:
    form = form_of(group("firm", text("name")), group("owner", text("name")))
    assert [item.path for item in form.fields] == ["firm.name", "owner.name"]


def test_columns_and_sensitive_paths_are_patterns() -> None:
    form = form_of(
        group("loan", text("amount", kind="money", properties={"column": "amount"})),
        rows("guarantors", text("id_number", kind="id_card", properties={"sensitive": "true"})),
    )
    assert form.columns() == {"loan.amount": "amount"}
    assert form.sensitive_paths() == ("guarantors[].id_number",)


@pytest.mark.skipif(not REAL_FORMS, reason="the collected Camunda 8 cases are not here")
def test_real_forms_parse_or_are_refused_by_name() -> None:
    refused = {}
    for path in REAL_FORMS:
        try:
            parse_form(path.read_bytes())
        except DefinitionRefused as fault:
            refused[path.name] = [problem.text.of("en") for problem in fault.problems]
    assert len(REAL_FORMS) - len(refused) >= 13
    assert all("is not supported" in text for texts in refused.values() for text in texts)


@pytest.mark.parametrize("path", OWN_FORMS, ids=lambda path: path.stem)
def test_the_products_own_forms_parse_and_speak_english(path: Path) -> None:
    form = parse_form(path.read_bytes())
    assert form.name.en and form.name.zh
    assert [item.path for item in form.fields if not item.label.en] == []
