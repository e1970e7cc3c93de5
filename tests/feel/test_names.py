"""Names: with spaces and signs, longest first, shadowing, and which of them an expression reads."""

from __future__ import annotations

import pytest

from app.feel import FeelError, parse_expression
from tests.feel.evaluation import value_of


def test_a_name_with_spaces_is_read_as_one_when_it_is_in_scope() -> None:
    assert value_of("loan amount * 2", **{"loan amount": 50}) == 100


def test_the_longest_name_wins() -> None:
    assert value_of("net income after tax", **{"net income": 1, "net income after tax": 2}) == 2


def test_a_minus_sign_belongs_to_a_name_only_where_that_name_is_in_scope() -> None:
    assert value_of("a-b", a=5, b=3) == 2
    assert value_of("a-b", **{"a-b": 7, "a": 5, "b": 3}) == 7


def test_a_name_may_hold_and_between_its_words() -> None:
    assert value_of("terms and conditions", **{"terms and conditions": "ok"}) == "ok"


def test_chinese_names_need_no_quotes() -> None:
    assert value_of("贷款金额 > 上限", 贷款金额=5, 上限=3) is True


def test_a_name_in_backticks_may_hold_anything() -> None:
    assert value_of("`if then` + 1", **{"if then": 1}) == 2


def test_a_variable_named_like_a_built_in_does_not_hide_the_function() -> None:
    assert value_of("count(product) + count", product=[1, 2], count=10) == 12
    assert value_of('date("2026-01-02") > date', date="x") is None


def test_date_and_time_joins_two_variables_unless_it_is_called() -> None:
    assert value_of("date and time", date=True, time=True) is True
    assert value_of('date and time("2026-01-02T03:04:05").hour') == 3


def test_an_entry_of_an_item_comes_before_a_variable_in_a_filter() -> None:
    assert value_of("xs[a = 1].b", xs=[{"a": 1, "b": 2}], a=9) == [2]


def test_names_are_the_variables_read_without_locals_built_ins_and_fields_of_items() -> None:
    expression = parse_expression(
        "count(orders[amount > limit]) + sum(for o in others return o.price * rate) + case.total"
    )

    assert expression.names == {"orders", "others", "rate", "case"}


def test_a_property_of_several_words_follows_a_dot_where_it_is_known_or_in_backticks() -> None:
    person = {"first name": "Li"}

    assert value_of("x.time offset = null", x=1) is True
    assert value_of("x.`first name`", x=person) == "Li"
    assert parse_expression("x.first name", ["first name"]).evaluate({"x": person}) == "Li"
    with pytest.raises(FeelError, match="backticks"):
        parse_expression("x.first name")
