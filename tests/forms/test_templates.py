"""The drawn form: labels, hints, errors tied to their inputs, nothing inline, and what it posts is what it showed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest
from lxml import html

from app.forms import Form, parse_form
from tests.forms.form_files import MOMENT, checked, component, form_of, group, radio, required, rows, text

ROOT = Path(__file__).parents[2]
OWN_FORMS = sorted((ROOT / "forms").glob("*.form"))
PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(ROOT / "app/web/templates"), autoescape=True, undefined=jinja2.StrictUndefined
)
PAGE = PAGES.from_string(
    '{% import "forms/form.html" as form %}{{ form.form_errors(errors, language) }}'
    "<form>{{ form.render_form(nodes, language, documents) }}</form>"
)
FORM = form_of(
    group(
        "loan",
        text("amount", kind="money", label="金额", description="最高 1,000 万元", validate=required(max=10_000_000)),
        radio("use", "goods", "plant", label="用途", validate=required()),
        component("select", "how", label="还款", values=[{"value": "m", "label": "按月"}]),
        label="借款",
    ),
    rows("orders", text("number", label="订单号"), component("datetime", "on", subtype="date"), label="订单"),
    component("textarea", "note", label="说明", validate={"minLength": 5}),
    component("checkbox", "consent", label="同意", validate=required()),
    component("checklist", "uses", label="种类", values=[{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]),
    component("filepicker", "documents", label="资料", properties={"checklist": "=wanted"}),
    text("phone", kind="phone", label="手机", properties={"sensitive": "true"}),
)
CONTEXT = {"wanted": [{"kind": "licence", "name": "营业执照", "mandatory": True}]}
DATA = {
    "loan": {"amount": "1,860,000.00", "use": "plant", "how": "m"},
    "orders": [{"number": 'P"1', "on": "2026-12-01"}, {"number": "P2", "on": ""}],
    "note": "<b>长一点的说明</b>\n第二行",
    "consent": True,
    "uses": ["b"],
    "documents": {"licence": ["17", "18"]},
    "phone": {"$party": "7", "masked": "138****1208"},
}


def drawn(form: Form, raw: dict[str, Any], language: str = "zh", **more: Any) -> html.HtmlElement:
    context = more.pop("context", CONTEXT)
    errors = more.pop("errors", ())
    nodes = form.view(raw, context, MOMENT, errors, more.pop("readonly", False))
    return html.fromstring(
        PAGE.render(nodes=nodes, errors=errors, language=language, documents={17: {"name": "照.pdf", "url": "/17"}})
    )


def posts(page: html.HtmlElement) -> list[tuple[str, str]]:
    """What a browser would send, without the buttons; it drops the first line break of a textarea, lxml does not."""
    return [(name, value.removeprefix("\n")) for name, value in page.xpath("//form")[0].form_values()]


def test_what_a_drawn_form_posts_is_what_it_showed() -> None:
    posted: dict[str, list[str]] = {}
    for name, value in posts(drawn(FORM, DATA)):
        posted.setdefault(name, []).append(value)
    assert FORM.decode(posted) == DATA


def test_every_input_has_a_label_and_every_reference_its_target() -> None:
    page = drawn(FORM, {}, errors=checked(FORM, {}, CONTEXT).errors)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    labelled = set(page.xpath("//label/@for"))
    inputs = page.xpath("//input[not(@type='hidden')]|//select|//textarea")
    assert [
        item.get("id") for item in inputs if item.get("id") not in labelled and not item.get("aria-labelledby")
    ] == []
    for value in page.xpath("//@aria-describedby|//@aria-labelledby"):
        assert set(value.split()) <= set(ids)


def test_errors_are_linked_from_the_summary_and_tied_to_their_fields() -> None:
    raw = {**DATA, "loan": {"amount": "15,000,000", "use": "plant"}}
    page = drawn(FORM, raw, errors=checked(FORM, raw, CONTEXT).errors)
    (link,) = page.xpath("//*[@role='alert']//a[text()='金额']")
    field = page.get_element_by_id(link.get("href").removeprefix("#"))
    fault = page.get_element_by_id(field.get("aria-describedby").split()[0])
    assert (field.get("aria-invalid"), field.get("value")) == ("true", "15,000,000.00")
    assert "最高 10,000,000.00 元，填了 15,000,000.00 元" in fault.text_content()


def test_every_error_of_a_form_has_its_place_on_the_page() -> None:
    page = drawn(FORM, {}, errors=checked(FORM, {}, CONTEXT).errors)
    links = page.xpath("//*[@role='alert']//a/@href")
    assert len(links) == 4
    assert all(page.get_element_by_id(link.removeprefix("#")) is not None for link in links)


def test_typed_markup_is_text() -> None:
    page = drawn(FORM, DATA)
    assert page.xpath("//b") == []
    assert page.xpath("//textarea")[0].text.strip() == DATA["note"]


def test_nothing_is_inline() -> None:
    page = drawn(FORM, DATA, errors=checked(FORM, {}, CONTEXT).errors)
    assert page.xpath("//@style|//style|//script|//@*[starts-with(name(), 'on')]") == []


def test_optional_fields_are_marked_and_required_ones_are_not() -> None:
    page = drawn(FORM, {})
    labels = {item.text_content().strip() for item in page.xpath("//label|//legend")}
    assert {"金额", "用途", "还款 选填", "说明 选填"} <= labels


def test_pages_speak_english() -> None:
    page = drawn(FORM, DATA, "en", errors=checked(FORM, {}, CONTEXT).errors)
    words = page.text_content()
    assert "4 entries need a change" in words and "optional" in words and "Remove" in words
    assert "选填" not in words and "删除" not in words


def test_a_choice_without_options_says_so_and_can_be_reached_from_its_error() -> None:
    form = form_of(component("radio", "account", label="账户", valuesExpression="=accounts", validate=required()))
    page = drawn(form, {}, errors=checked(form, {}).errors)
    assert "现在没有可选项" in page.get_element_by_id("field-account").text_content()


def test_what_fits_no_line_of_the_decision_grid_stands_below_it() -> None:
    form = form_of(
        group(
            "terms",
            text("amount", kind="money", label="金额", properties={"asked": "=5"}),
            radio("way", "once", "monthly", label="方式"),
            rows("conditions", text("what", label="条件"), label="前提"),
            properties={"layout": "terms"},
            label="要素",
        )
    )
    page = drawn(form, {"terms": {"conditions": [{"what": "x"}]}})
    assert page.xpath("//table//input[not(@type='hidden')]/@name") == ["terms.amount"]
    assert page.xpath("//input[@type='radio']/@value") == ["once", "monthly"]
    assert page.xpath("//input[@name='terms.conditions[0].what']/@value") == ["x"]


def test_enter_submits_and_does_not_add_a_row() -> None:
    first = drawn(FORM, DATA).xpath("//form//button")[0]
    assert first.get("name") is None


def test_a_page_to_read_has_no_inputs() -> None:
    page = drawn(FORM, DATA, readonly=True)
    assert page.xpath("//input[not(@type='hidden')]|//select|//textarea|//button[@name]") == []
    assert "1,860,000.00 元" in page.text_content()


def test_uploaded_documents_are_named_linked_and_removable() -> None:
    page = drawn(FORM, DATA)
    assert page.xpath("//a[@href='/17']/text()") == ["照.pdf"]
    assert page.xpath("//button[@name='_remove']/@value")[-2:] == ["documents.licence=17", "documents.licence=18"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", OWN_FORMS, ids=lambda path: path.stem)
def test_the_products_own_forms_can_be_drawn(path: Path, language: str) -> None:
    form = parse_form(path.read_bytes())
    page = drawn(form, {}, language, errors=checked(form, {}, {}).errors, context={})
    assert len(page.xpath("//@id")) == len(set(page.xpath("//@id")))
