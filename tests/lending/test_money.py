"""Money: rounding, currencies that do not mix, and splits that lose nothing."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lending.money import CurrencyMismatch, Money, Rounding, split

AMOUNTS = st.decimals(min_value=0, max_value=Decimal("50000000"), places=2)


@given(AMOUNTS, st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 1000), min_size=1), st.data())
def test_the_parts_of_a_split_add_up_to_the_whole(
    amount: Decimal, weights: dict[str, int], data: st.DataObject
) -> None:
    weights = weights | {"a": weights.get("a", 0) + 1}
    parts = split(
        amount, {name: Decimal(w) for name, w in weights.items()}, data.draw(st.sampled_from(sorted(weights)))
    )

    assert sum(parts.values()) == amount
    assert all(part == part.quantize(Decimal("0.01")) for part in parts.values())


def test_the_named_part_takes_the_residue() -> None:
    parts = split(Decimal("100.00"), dict.fromkeys("abc", Decimal(1)), "b")

    assert parts == {"a": Decimal("33.33"), "b": Decimal("33.34"), "c": Decimal("33.33")}


def test_half_a_fen_goes_up_in_china_and_to_the_even_in_the_sources() -> None:
    assert Rounding().of(Decimal("15.625")) == Decimal("15.63")
    assert Rounding(mode=ROUND_HALF_EVEN).of(Decimal("15.625")) == Decimal("15.62")


def test_amounts_are_rounded_to_multiples_of_the_step() -> None:
    assert Rounding(Decimal(100)).of(Decimal("416666.67")) == 416700
    assert Rounding(None).of(Decimal("1.23456")) == Decimal("1.23456")


def test_yuan_and_dollars_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch, match="USD and CNY do not mix"):
        Money(Decimal(1), "USD") + Money(Decimal(1), "CNY")


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"b": 1}, {"a": 1, "b": -1}])
def test_a_split_without_weights_or_a_taker_of_the_residue_is_refused(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a split needs"):
        split(Decimal(1), {name: Decimal(weight) for name, weight in weights.items()}, "a")
