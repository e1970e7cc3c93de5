"""Amounts, percent and whole numbers are read exactly or refused with what was entered and what is allowed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forms.form_files import checked, component, faults, form_of, required, text

AMOUNT = form_of(text("amount", kind="money", validate={"min": 1, "max": 10_000_000}))
TERM = form_of(component("number", "term", decimalDigits=0, appearance={"suffixAdorner": "个月"}, validate={"max": 36}))
RATE = form_of(component("number", "rate", decimalDigits=4, properties={"kind": "percent"}))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1500", "1500.00"),
        ("1,500,000", "1500000.00"),
        (" 1,500.5 ", "1500.50"),
        ("１２，３４５．６０", "12345.60"),
        ("￥300 元", "300.00"),
        ("12.340", "12.34"),
        ("007", "7.00"),
    ],
)
def test_amounts_are_yuan_with_two_places(typed: str, expected: str) -> None:
    amount = checked(AMOUNT, {"amount": typed}).data["amount"]
    assert str(amount) == expected


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("12.345", "最多 2 位小数，填了 12.345"),
        ("1e3", "要填数字，例如 1,500.00；填了 1e3"),
        ("15,00", "逗号只能每三位隔一个，例如 1,500,000；填了 15,00"),
        ("NaN", "要填数字，例如 1,500.00；填了 NaN"),
        ("12²", "要填数字，例如 1,500.00；填了 12²"),
        ("٣", "要填数字，例如 1,500.00；填了 ٣"),
        ("15,000,000", "最高 10,000,000.00 元，填了 15,000,000.00 元"),
        ("0.5", "最低 1.00 元，填了 0.50 元"),
        ("9" * 16, "整数部分最多 15 位，填了 9999999999999999"),
    ],
)
def test_other_amounts_are_refused_with_what_is_allowed(typed: str, told: str) -> None:
    assert faults(AMOUNT, {"amount": typed}) == {"amount": told}


def test_english_messages_name_entry_and_bound_too() -> None:
    (error,) = checked(AMOUNT, {"amount": "15,000,000"}).errors
    assert error.text.of("en") == "At most CNY 10,000,000.00; entered CNY 15,000,000.00"


@pytest.mark.parametrize(("typed", "expected"), [("24", 24), (" ２４ ", 24), (24, 24), (Decimal("24.0"), 24)])
def test_whole_numbers_are_int(typed: object, expected: int) -> None:
    term = checked(TERM, {"term": typed}).data["term"]
    assert term == expected and type(term) is int


def test_a_whole_number_is_never_cut() -> None:
    assert faults(TERM, {"term": "12.5"}) == {"term": "要填整数，填了 12.5"}


def test_a_bound_is_told_with_its_unit() -> None:
    assert faults(TERM, {"term": "48"}) == {"term": "最高 36 个月，填了 48 个月"}


def test_percent_is_kept_as_written() -> None:
    assert checked(RATE, {"rate": "4.65%"}).data == {"rate": Decimal("4.65")}


def test_true_is_no_number() -> None:
    assert "amount" in faults(AMOUNT, {"amount": True})


def test_a_blank_required_amount_is_told_as_missing() -> None:
    form = form_of(text("amount", kind="money", validate=required()))
    assert faults(form, {"amount": "  "}) == {"amount": "这里必填，还没有填"}


@given(st.decimals(min_value=1, max_value=10_000_000, places=2), st.booleans())
def test_every_amount_comes_back_as_it_was_written(amount: Decimal, grouped: bool) -> None:
    typed = f"{amount:,.2f}" if grouped else f"{amount:.2f}"
    assert checked(AMOUNT, {"amount": typed}).data["amount"] == amount
