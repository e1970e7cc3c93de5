"""The nodes of a page: what is visible, filled in, chosen, in which line, and how the decision grid compares."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.forms import Form, Node
from tests.forms.form_files import MOMENT, checked, component, form_of, group, radio, required, rows, text


def nodes(
    form: Form, raw: dict[str, Any] | None = None, context: dict[str, Any] | None = None, **more: Any
) -> list[Node]:
    return form.view(raw or {}, context or {}, MOMENT, **more)


def test_an_absent_entry_is_filled_from_the_context_then_from_the_files_default() -> None:
    form = form_of(text("a", defaultValue="x"), text("b", defaultValue="y"), group("g", text("c")))
    a, b, g = nodes(form, {}, {"a": "given", "g": {"c": "deep"}})
    assert (a.value, b.value, g.children[0].value) == ("given", "y", "deep")


def test_a_default_may_be_worked_out_and_one_that_lacks_what_it_needs_is_empty() -> None:
    form = form_of(
        component("datetime", "seen_on", subtype="date", properties={"default_expression": "=today()"}),
        text("whom", properties={"default_expression": "=party.name"}),
    )
    seen_on, whom = nodes(form)
    assert (seen_on.value, whom.value) == (MOMENT.business_on.isoformat(), "")
    assert [node.value for node in nodes(form, {"seen_on": "", "whom": "A"}, {"party": {"name": "B"}})] == ["", "A"]
    assert nodes(form, {}, {"party": {"name": "B"}})[1].value == "B"


def test_what_was_typed_stays_as_it_was_typed_beside_its_error() -> None:
    form = form_of(text("amount", kind="money"))
    raw = {"amount": "12.345"}
    (node,) = nodes(form, raw, errors=checked(form, raw).errors)
    assert node.value == "12.345"
    assert node.error and node.error.zh == "最多 2 位小数，填了 12.345"


def test_an_amount_is_written_with_grouping_and_its_unit() -> None:
    (node,) = nodes(form_of(text("amount", kind="money")), {"amount": Decimal("1860000")})
    assert (node.value, node.shown.zh, node.suffix.zh) == ("1,860,000.00", "1,860,000.00 元", "元")


def test_a_label_that_says_the_unit_makes_the_unit_superfluous() -> None:
    (node,) = nodes(form_of(text("amount", kind="money", label="金额（元）")))
    assert node.suffix.zh == ""


def test_hidden_nodes_are_left_out_and_their_conditions_marked() -> None:
    form = form_of(radio("use", "goods", "plant"), text("model", conditional={"hide": '=use != "plant"'}), text("free"))
    assert [(node.path, node.refreshes) for node in nodes(form)] == [("use", True), ("free", False)]
    assert [node.path for node in nodes(form, {"use": "plant"})] == ["use", "model", "free"]


def test_only_optional_fields_are_marked() -> None:
    form = form_of(text("a", validate=required()), text("b"), text("c", disabled=True), rows("r", text("x")))
    assert [node.optional for node in nodes(form)] == [False, True, False, True]


def test_options_know_which_is_chosen_and_speak_english() -> None:
    form = form_of(radio("use", "goods", "plant", properties={"option_en:plant": "Plant"}))
    (node,) = nodes(form, {"use": "plant"})
    assert [(item.value, item.selected, item.label.of("en")) for item in node.options] == [
        ("goods", False, "GOODS"),
        ("plant", True, "Plant"),
    ]


def test_fields_of_one_layout_row_share_sixteen_columns() -> None:
    line = {"row": "r", "columns": None}
    form = form_of(text("a", layout=line), text("b", layout=line), text("c", layout=line), text("d"))
    assert [(node.span, node.starts_row) for node in nodes(form)] == [(5, True), (5, False), (6, False), (16, True)]


def test_rows_have_titles_summaries_and_a_total() -> None:
    form = form_of(
        rows(
            "orders",
            text("number"),
            text("amount", kind="money"),
            properties={"row_zh": "订单", "row_en": "Order", "total": "amount", "max_rows": "2"},
        )
    )
    (node,) = nodes(form, {"orders": [{"number": "P1", "amount": "680,000"}, {"number": "P2", "amount": "5"}]})
    assert [(row.title.zh, row.summary.zh, row.opened) for row in node.rows] == [
        ("订单 1", "P1 · 680,000.00 元", False),
        ("订单 2", "P2 · 5.00 元", True),
    ]
    assert node.total.zh == "2 笔，合计 680,005.00 元"
    assert not node.can_add


def test_a_row_with_a_fault_is_open() -> None:
    form = form_of(rows("r", text("n", kind="whole")))
    raw = {"r": [{"n": "x"}, {"n": "1"}]}
    (node,) = nodes(form, raw, errors=checked(form, raw).errors)
    assert [row.opened for row in node.rows] == [True, True]


def test_a_new_list_starts_with_the_rows_that_its_file_says() -> None:
    assert len(nodes(form_of(rows("r", text("n"), defaultRepetitions=2)))[0].rows) == 2
    assert len(nodes(form_of(rows("r", text("n"), properties={"min_rows": "1"})))[0].rows) == 1


def test_texts_hold_values_of_the_case_in_both_languages() -> None:
    form = form_of(component("text", text="供应商 **{{name}}**，{{amount}} 元", properties={"text_en": "{{name}}"}))
    (node,) = nodes(form, {}, {"name": "甬江", "amount": Decimal("1500000")})
    assert node.blocks("zh") == [("paragraph", "供应商 甬江，1,500,000.00 元")]
    assert node.blocks("en") == [("paragraph", "甬江")]


def test_a_text_that_is_one_expression_is_its_value() -> None:
    (node,) = nodes(form_of(component("text", text='="Hello " + name')), {}, {"name": "you"})
    assert node.blocks("zh") == [("paragraph", "Hello you")]


def test_a_checklist_gives_a_slot_a_document() -> None:
    form = form_of(component("filepicker", "documents", properties={"checklist": "=wanted"}))
    wanted = [{"kind": "licence", "name": "营业执照", "name_en": "Licence", "mandatory": True}]
    raw = {"documents": {"licence": [17]}}
    (node,) = nodes(form, raw, {"wanted": wanted})
    (slot,) = node.slots
    assert (slot.path, slot.label.of("en"), slot.mandatory, slot.files) == (
        "documents.licence",
        "Licence",
        True,
        ("17",),
    )


def grid(**context: Any) -> Form:
    amount = component(
        "number",
        "amount",
        label="金额",
        properties={
            "kind": "money",
            "max_expression": "=limit",
            "asked": "=asked",
            "bound": "=limit",
            "earlier": "=proposal",
        },
    )
    rate = component("number", "rate", properties={"kind": "percent", "bound": "=floor", "bound_mark": ">="})
    return form_of(group("approved", amount, rate, properties={"layout": "terms", "head_mine_zh": "复审"}))


TERMS = {"limit": 3000000, "asked": 4000000, "proposal": 3000000, "floor": Decimal("4.35")}


def test_the_decision_grid_shows_asked_bound_and_earlier() -> None:
    (node,) = nodes(grid(), {"approved": {"amount": "2,800,000"}}, TERMS)
    amount, rate = node.children
    assert node.layout == "terms" and node.heads[-1].zh == "复审"
    assert amount.terms and rate.terms
    assert (amount.terms.asked.zh, amount.terms.bound.zh, amount.terms.earlier.zh) == (
        "4,000,000",
        "≤ 3,000,000",
        "3,000,000",
    )
    assert (rate.terms.asked.zh, rate.terms.bound.zh) == ("—", "≥ 4.35%")


def test_the_decision_grid_says_the_difference_in_words() -> None:
    (node,) = nodes(grid(), {"approved": {"amount": "2,800,000"}}, TERMS)
    terms = node.children[0].terms
    assert terms and terms.difference.zh == "比初审少 200,000.00 元（−6.7%）"
    assert terms.difference.of("en") == "CNY 200,000.00 less than Initial review (−6.7%)"


def test_without_an_earlier_review_the_difference_is_to_what_was_asked() -> None:
    (node,) = nodes(grid(), {"approved": {"amount": "5,000,000"}}, {**TERMS, "proposal": None})
    terms = node.children[0].terms
    assert terms and terms.difference.zh == "比申请多 1,000,000.00 元（+25.0%）"


def test_a_column_that_no_field_fills_has_no_head() -> None:
    form = form_of(group("g", component("number", "n", properties={"bound": "=5"}), properties={"layout": "terms"}))
    assert [bool(head.zh) for head in nodes(form)[0].heads] == [True, False, True, False, True]


def test_a_page_to_read_has_no_inputs_and_invents_nothing() -> None:
    form = form_of(text("a"), text("b"))
    a, b = nodes(form, {"a": "said"}, {"b": "from the case"}, readonly=True)
    assert (a.readonly, a.shown.zh, b.shown.zh) == (True, "said", "—")


def test_rows_that_the_form_brings_along_are_open_to_be_answered() -> None:
    given = {"r": [{"x": "first"}, {"x": "second"}]}
    (stays,) = nodes(form_of(rows("r", text("x"), allowAddRemove=False)), given)
    (grows,) = nodes(form_of(rows("r", text("x"))), given)
    assert [row.opened for row in stays.rows] == [True, True]
    assert [row.opened for row in grows.rows] == [False, True]


def test_people_neither_add_nor_take_away_rows_of_a_list_that_stays() -> None:
    (free,) = nodes(form_of(rows("r", text("x"))), {"r": [{}]})
    (stays,) = nodes(form_of(rows("r", text("x"), allowAddRemove=False)), {"r": [{}]})
    assert (free.can_add, free.can_remove) == (True, True)
    assert (stays.can_add, stays.can_remove, len(stays.rows)) == (False, False, 1)


def test_a_number_before_the_word_yuan_is_an_amount() -> None:
    form = form_of(
        component(
            "text",
            text="逾期 **{{overdue}}** 元，欠 {{owed}} 元，{{days}} 天",
            properties={"text_en": "**{{overdue}}** yuan are overdue, {{owed}} yuan owed, {{days}} days"},
        )
    )
    (node,) = nodes(form, {}, {"overdue": Decimal("123915.9"), "owed": 7000, "days": 1200})
    assert node.blocks("zh") == [("paragraph", "逾期 123,915.90 元，欠 7,000.00 元，1,200 天")]
    assert node.blocks("en") == [("paragraph", "123,915.90 yuan are overdue, 7,000.00 yuan owed, 1,200 days")]


def test_a_hidden_list_that_has_rows_is_left_out_whole() -> None:
    form = form_of(
        radio("decision", "pass", "remake"),
        rows("conditions", text("kind"), text("wording"), conditional={"hide": '=decision != "remake"'}),
        text("remark", properties={"default_expression": "=if conditions = null then 0 else count(conditions)"}),
    )
    raw = {"conditions": [{"kind": "account", "wording": "a"}, {"kind": "other", "wording": "b"}]}
    assert [node.path for node in nodes(form, raw)] == ["decision", "remark"]
    assert checked(form, raw | {"decision": "pass"}).data.get("conditions") is None
    shown = nodes(form, raw | {"decision": "remake"})
    assert [len(node.rows) for node in shown if node.path == "conditions"] == [2]
