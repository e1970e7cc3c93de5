"""The border: plain values in, plain values out, numbers kept exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.feel import FeelError, Scope, parse_expression, to_feel, to_plain

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_a_plain_value_passes_through_feel_unchanged(value: object) -> None:
    assert to_plain(to_feel(value)) == value


@example({" ": {"a b": 1, "if": 2, "": 3, 'q"': 4}})
@given(PLAIN)
def test_a_value_reads_back_from_its_feel_notation(value: object) -> None:
    written = parse_expression("string([v])").evaluate({"v": value})

    assert to_plain(parse_expression(written).evaluate({})) == [value]


def test_money_keeps_its_places_and_whole_numbers_become_integers() -> None:
    assert str(to_plain(to_feel(Decimal("100.00")))) == "100.00"
    assert type(to_plain(parse_expression("1 + 1").evaluate({}))) is int
    assert type(to_plain(parse_expression("10 ** 20").evaluate({}))) is Decimal


def test_a_date_leaves_as_iso_text() -> None:
    assert to_plain(to_feel({"on": date(2026, 3, 2)})) == {"on": "2026-03-02"}


def test_a_function_is_no_result() -> None:
    with pytest.raises(FeelError, match="cannot be kept"):
        to_plain(parse_expression("function(x) x").evaluate({}))


def test_a_prepared_scope_gives_the_same_as_a_plain_one() -> None:
    names = {"a": 1, "b": [{"c": Decimal("2.50")}]}
    expression = parse_expression("a + b[1].c")

    assert expression.evaluate(Scope.of(names)) == expression.evaluate(names) == Decimal("3.50")


def test_a_knowledge_model_is_a_function_of_an_expression() -> None:
    rate = parse_expression("amount * base").as_function(["amount"], {"base": Decimal("0.05")})

    assert parse_expression("rate(amount: 200) + rate(100)").evaluate({"rate": rate}) == 15
