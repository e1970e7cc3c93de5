"""Submitted answers as facts, and the difference of two rounds in words."""

from __future__ import annotations

from decimal import Decimal

from app.forms import Form
from tests.forms.form_files import component, form_of, group, radio, rows, text

FORM = form_of(
    group(
        "loan",
        text("amount", kind="money", label="申请金额"),
        radio("use", "goods", "plant", label="用途"),
        label="借款",
    ),
    rows(
        "orders",
        text("number", label="订单号"),
        text("amount", kind="money", label="金额"),
        properties={"row_zh": "订单", "row_en": "Order"},
    ),
    component("checkbox", "consent", label="同意"),
    component("filepicker", "papers", label="资料"),
)


def sentences(old: dict, new: dict, form: Form = FORM) -> list[str]:
    return [change.sentence.zh for change in form.diff(old, new)]


def test_facts_come_by_group_and_row_in_words() -> None:
    data = {
        "loan": {"amount": Decimal("4000000.00"), "use": "plant"},
        "orders": [{"number": "P1", "amount": Decimal("5.00")}],
        "consent": True,
        "papers": [17, 18],
    }
    facts = [(title.zh, [(label.zh, value) for label, value in rows_]) for title, rows_ in FORM.read(data, "zh")]
    assert facts == [
        ("借款", [("申请金额", "4,000,000.00 元"), ("用途", "PLANT")]),
        ("订单 1", [("订单号", "P1"), ("金额", "5.00 元")]),
        ("", [("同意", "是"), ("资料", "2 份文件")]),
    ]


def test_facts_speak_english() -> None:
    ((_, facts),) = FORM.read({"consent": False, "papers": [1]}, "en")
    assert [value for _, value in facts] == ["No", "1 file"]


def test_what_was_hidden_is_no_fact_and_what_was_blank_is_a_dash() -> None:
    ((_, facts),) = FORM.read({"loan": {"amount": None}}, "zh")
    assert [(label.zh, value) for label, value in facts] == [("申请金额", "—")]


def test_a_changed_amount_is_told_with_its_difference() -> None:
    old, new = {"loan": {"amount": Decimal("5000000.00")}}, {"loan": {"amount": Decimal("4000000.00")}}
    (change,) = FORM.diff(old, new)
    assert (change.label.zh, change.before.zh, change.after.zh) == ("申请金额", "5,000,000.00 元", "4,000,000.00 元")
    assert change.sentence.zh == (
        "申请金额由 5,000,000.00 元 改为 4,000,000.00 元，比上一轮少 1,000,000.00 元（−20.0%）"
    )
    assert change.path == "loan.amount"


def test_the_same_answers_have_no_changes() -> None:
    data = {"loan": {"amount": Decimal("5.00")}, "orders": [{"number": "1"}]}
    assert FORM.diff(data, {**data, "loan": {"amount": Decimal("5.0")}}) == []


def test_blank_and_absent_are_the_same() -> None:
    assert FORM.diff({}, {"loan": {"amount": None, "use": ""}, "orders": [], "consent": False}) == []


def test_an_added_row_is_told_once_and_not_as_changes_of_the_others() -> None:
    first, second, third = ({"number": name} for name in "ABC")
    assert sentences({"orders": [first, third]}, {"orders": [first, second, third]}) == ["新增订单 2：B"]


def test_a_removed_row_is_told_by_what_it_held() -> None:
    rows_ = [{"number": name} for name in "ABC"]
    assert sentences({"orders": rows_}, {"orders": rows_[1:]}) == ["删除原订单 1：A"]


def test_a_changed_row_is_told_by_its_field() -> None:
    assert sentences({"orders": [{"number": "A"}]}, {"orders": [{"number": "B"}]}) == ["订单 1：订单号由 A 改为 B"]


def test_other_files_are_told_though_their_count_is_the_same() -> None:
    assert sentences({"papers": [1]}, {"papers": [2]}) == ["资料换了内容，显示仍为 1 份文件"]
