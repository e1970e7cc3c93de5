"""A form's check: required, bounds, conditions, rows, checklists, drafts; any entry gives data or messages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.forms.form_files import checked, component, faults, form_of, group, radio, required, rows, text

PURPOSE = form_of(
    radio("use", "goods", "equipment", validate=required()),
    group("loan", text("model", validate=required()), conditional={"hide": '=use != "equipment"'}),
)
LIMITED = form_of(text("amount", kind="money", properties={"max_expression": "=limit.max_amount"}))
ORDERS = form_of(
    rows(
        "orders",
        text("number", validate=required()),
        text("amount", kind="money", validate=required()),
        text("reason", validate=required(), conditional={"hide": "=amount = null or amount < 100"}),
        label="订单表",
        properties={"min_rows": "1", "max_rows": "3", "row_zh": "订单", "row_en": "Order"},
    )
)


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    result = checked(PURPOSE, {"use": "goods", "loan": {"model": "typed before"}})
    assert (result.errors, result.data) == ((), {"use": "goods"})


def test_a_shown_field_is_required() -> None:
    assert faults(PURPOSE, {"use": "equipment"}) == {"loan.model": "这里必填，还没有填"}


def test_a_condition_on_a_hidden_field_sees_it_as_blank() -> None:
    form = form_of(
        radio("a", "yes", "no"),
        radio("b", "yes", "no", conditional={"hide": '=a != "yes"'}),
        text("c", validate=required(), conditional={"hide": '=b != "yes"'}),
    )
    assert faults(form, {"a": "no", "b": "yes"}) == {}


def test_a_condition_sees_the_context() -> None:
    form = form_of(text("note", validate=required(), conditional={"hide": "=round = 1"}))
    assert faults(form, {}, {"round": 1}) == {}
    assert list(faults(form, {}, {"round": 2})) == ["note"]


def test_a_condition_that_cannot_be_computed_shows_the_field() -> None:
    form = form_of(text("note", validate=required(), conditional={"hide": "=missing > 3"}))
    assert list(faults(form, {})) == ["note"]


def test_an_entry_that_cannot_be_read_counts_as_blank_in_conditions() -> None:
    form = form_of(
        text("amount", kind="money"), text("why", validate=required(), conditional={"hide": "=amount != null"})
    )
    assert list(faults(form, {"amount": "lots", "why": "x"}, {"amount": Decimal(5)})) == ["amount"]


def test_a_bound_of_the_case_is_told_in_the_message() -> None:
    told = faults(LIMITED, {"amount": "3,200,000"}, {"limit": {"max_amount": Decimal(3000000)}})
    assert told == {"amount": "最高 3,000,000.00 元，填了 3,200,000.00 元"}


def test_an_entry_at_its_bound_is_taken() -> None:
    assert faults(LIMITED, {"amount": "3000000"}, {"limit": {"max_amount": Decimal(3000000)}}) == {}


@pytest.mark.parametrize("context", [{}, {"limit": {}}, {"limit": {"max_amount": "much"}}])
def test_a_bound_that_is_missing_blocks_and_is_no_freedom(context: dict[str, Any]) -> None:
    assert "算不出来" in faults(LIMITED, {"amount": "1"}, context)["amount"]


def test_a_bound_that_says_null_itself_is_no_bound() -> None:
    form = form_of(text("amount", kind="money", properties={"max_expression": "=if capped then 5 else null"}))
    assert faults(form, {"amount": "9"}, {"capped": False}) == {}
    assert list(faults(form, {"amount": "9"}, {"capped": True})) == ["amount"]


def test_a_bound_on_another_entry_waits_for_it() -> None:
    form = form_of(
        text("order_amount", kind="money", validate=required()),
        text("amount", kind="money", properties={"max_expression": "=order_amount"}),
    )
    assert list(faults(form, {"order_amount": "", "amount": "9"})) == ["order_amount"]
    assert list(faults(form, {"order_amount": "5", "amount": "9"})) == ["amount"]


def test_dates_are_bound_by_the_business_date() -> None:
    form = form_of(component("datetime", "on", subtype="date", properties={"min_expression": "=today()"}))
    assert faults(form, {"on": "2026-11-20"}) == {"on": "最早 2026-11-21，填了 2026-11-20"}
    assert checked(form, {"on": "2026年12月1日"}).data == {"on": "2026-12-01"}


@pytest.mark.parametrize("typed", ["2026-02-30", "soon", "20261301", "2026115", "1-1-1"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    form = form_of(component("datetime", "on", subtype="date"))
    assert faults(form, {"on": typed}) == {"on": f"要填日期，例如 2026-11-25；填了 {typed}"}


def test_lengths_are_told_with_what_is_there() -> None:
    form = form_of(component("textarea", "opinion", validate={"minLength": 20, "maxLength": 30}))
    assert faults(form, {"opinion": " 同意，减额。 "}) == {"opinion": "至少 20 个字，现在 6 个"}
    assert faults(form, {"opinion": "长" * 31}) == {"opinion": "最多 30 个字，现在 31 个"}


def test_a_pattern_has_the_message_of_its_file() -> None:
    form = form_of(
        text("code", validate={"pattern": "[0-9]{8}"}, properties={"error_zh": "八位数字", "error_en": "Eight digits"})
    )
    (error,) = checked(form, {"code": "12345"}).errors
    assert (error.text.zh, error.text.of("en")) == ("八位数字", "Eight digits")


def test_a_pattern_takes_linear_time() -> None:
    form = form_of(text("code", validate={"pattern": "(a+)+b", "maxLength": 100_000}))
    assert list(faults(form, {"code": "a" * 50_000})) == ["code"]


def test_a_choice_outside_the_options_is_refused() -> None:
    assert faults(PURPOSE, {"use": "weapons"}) == {"use": "只能选：GOODS、EQUIPMENT；收到的是 weapons"}


def test_computed_options_are_enforced() -> None:
    form = form_of(component("select", "account", valuesExpression="=accounts"))
    context = {"accounts": [{"value": "1", "label": "甲"}, "2"]}
    assert faults(form, {"account": "1"}, context) == {}
    assert faults(form, {"account": "3"}, context) == {"account": "只能选：甲、2；收到的是 3"}


def test_a_required_tick_has_to_be_ticked() -> None:
    form = form_of(component("checkbox", "consent", validate=required()))
    assert faults(form, {"consent": False}) == {"consent": "需要勾选后才能继续"}
    assert checked(form, {"consent": True}).data == {"consent": True}


def test_faults_in_rows_name_the_row() -> None:
    raw = {"orders": [{"number": "1", "amount": "5"}, {"number": "2", "amount": "x"}]}
    (error,) = checked(ORDERS, raw).errors
    assert (error.path, error.label.zh, error.label.of("en")) == (
        "orders[1].amount",
        "订单 2：amount",
        "Order 2: amount",
    )


def test_a_condition_in_a_row_sees_its_own_row() -> None:
    raw = {"orders": [{"number": "1", "amount": "5"}, {"number": "2", "amount": "500"}]}
    assert list(faults(ORDERS, raw)) == ["orders[1].reason"]


def test_too_few_and_too_many_rows_are_told() -> None:
    row = {"number": "1", "amount": "5"}
    assert faults(ORDERS, {"orders": []}) == {"orders": "至少 1 笔，现在 0 笔"}
    assert faults(ORDERS, {"orders": [row] * 4}) == {"orders": "最多 3 笔，现在 4 笔"}


def test_rows_left_blank_are_dropped() -> None:
    raw = {"orders": [{"number": "", "amount": ""}, {"number": "1", "amount": "5"}]}
    assert checked(ORDERS, raw).data["orders"] == [{"number": "1", "amount": Decimal("5.00")}]


def test_a_mandatory_slot_of_the_checklist_is_told_by_its_name() -> None:
    form = form_of(component("filepicker", "documents", properties={"checklist": "=wanted"}))
    wanted = [{"kind": "licence", "name": "营业执照", "mandatory": True}, {"kind": "photo", "name": "照片"}]
    (error,) = checked(form, {"documents": {"photo": ["3"]}}, {"wanted": wanted}).errors
    assert (error.path, error.label.zh, error.text.zh) == ("documents.licence", "营业执照", "还没有上传")
    assert checked(form, {"documents": {"licence": ["17"]}}, {"wanted": wanted}).data == {
        "documents": {"licence": [17]}
    }


def test_a_checklist_that_is_missing_blocks() -> None:
    form = form_of(component("filepicker", "documents", properties={"checklist": "=wanted"}))
    assert list(faults(form, {"documents": {}})) == ["documents"]


def test_a_field_that_is_only_shown_takes_the_cases_value() -> None:
    form = form_of(text("name", readonly=True), text("score", disabled=True))
    result = checked(form, {"name": "forged", "score": "99"}, {"name": "甬江", "score": 1})
    assert result.data == {"name": "甬江"}


def test_unknown_entries_are_left_out() -> None:
    assert checked(PURPOSE, {"use": "goods", "role": "admin"}).data == {"use": "goods"}


def test_faults_come_in_the_forms_order() -> None:
    form = form_of(text("a", validate=required()), rows("r", text("x", kind="money")), text("b", validate=required()))
    assert list(faults(form, {"r": [{"x": "?"}]})) == ["a", "r[0].x", "b"]


def test_more_than_the_whole_form_holds_is_refused() -> None:
    (error,) = checked(PURPOSE, {"use": "x" * 600_000}).errors
    assert "500,000" in error.text.of("en")


@pytest.mark.parametrize(
    "orders", [[{"number": "1"}] * 2001, [{"x": [{}] * 400}] * 10], ids=["in one list", "in lists of lists"]
)
def test_more_rows_than_any_form_holds_are_refused_at_once(orders: list[Any]) -> None:
    (error,) = checked(ORDERS, {"orders": orders}).errors
    assert error.text.of("en").startswith("At most 2000 entries")


def test_entries_that_nest_without_end_are_refused() -> None:
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    (error,) = checked(ORDERS, {"orders": deep}).errors
    assert "500,000" in error.text.zh


def test_a_draft_keeps_what_cannot_be_read_as_it_was_typed() -> None:
    form = form_of(text("amount", kind="money", validate=required()), text("phone", kind="phone"))
    result = checked(form, {"amount": "1,500", "phone": "13-"}, lenient=True)
    assert (result.data, result.errors) == ({"amount": Decimal("1500.00"), "phone": "13-"}, ())


def test_a_draft_keeps_rows_and_hidden_entries() -> None:
    assert checked(PURPOSE, {"use": "goods", "loan": {"model": "M"}}, lenient=True).data["loan"] == {"model": "M"}
    assert checked(ORDERS, {"orders": [{"amount": "x"}, {}]}, lenient=True).data == {"orders": [{"amount": "x"}, {}]}
