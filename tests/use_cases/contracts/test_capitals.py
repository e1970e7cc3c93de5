"""Amounts in Chinese capitals: worked examples of the settlement rules, and every amount can be read back."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.use_cases.contracts.capitals import DIGITS, LIMIT, in_capitals

FEN = st.integers(0, int(LIMIT) * 100 - 1)
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(words: str) -> Decimal:
    """The amount that somebody who reads the capitals writes down."""
    whole, _, rest = words.removesuffix("整").rpartition("元")
    fen = sum(
        DIGITS.index(digit) * worth
        for digit, worth in ((m[1], 10 if m[2] == "角" else 1) for m in re.finditer("(.)([角分])", rest))
    )
    return Decimal(whole_of(whole)) + Decimal(fen) / 100


def whole_of(words: str) -> int:
    total = group = digit = 0
    high = 0
    for character in words.replace("万亿", "兆"):
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in PLACES:
            group, digit = group + digit * PLACES[character], 0
        else:
            worth = {"万": 10**4, "亿": 10**8, "兆": 10**12}[character]
            high, group, digit = high + (group + digit) * worth, 0, 0
    total = high + group + digit
    return total


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # annex 1 of the rules for payment and settlement (支付结算办法)
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1200000.00", "壹佰贰拾万元整"),
        ("10.00", "壹拾元整"),
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("10001.00", "壹万零壹元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("100005000.00", "壹亿零伍仟元整"),
        ("1000100000000.00", "壹万亿零壹亿元整"),
        ("9999999999999999.99", "玖仟玖佰玖拾玖万亿玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_an_amount_is_written_as_the_rules_show(amount: str, words: str) -> None:
    assert in_capitals(Decimal(amount)) == words


@given(FEN)
def test_every_amount_can_be_read_back(fen: int) -> None:
    amount = Decimal(fen) / 100
    assert read_back(in_capitals(amount)) == amount


@given(FEN)
def test_no_zero_stands_double_or_before_a_unit_and_only_whole_yuan_end_in_whole(fen: int) -> None:
    words = in_capitals(Decimal(fen) / 100)
    assert not re.search("零[零拾佰仟万亿元角整]", words.removeprefix("零元"))
    assert words.endswith("整") == (fen % 100 == 0)


@given(FEN, FEN)
def test_two_amounts_never_read_the_same(one: int, other: int) -> None:
    same = in_capitals(Decimal(one) / 100) == in_capitals(Decimal(other) / 100)
    assert same == (one == other)


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "1E+16", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="an amount in yuan"):
        in_capitals(Decimal(amount))
