"""Safety: no Python object is reached, only known values come in, and any text gives a value, null or a FeelError."""

from __future__ import annotations

from decimal import Decimal, Inexact, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import FeelError, parse_expression, parse_unary_tests, to_plain
from app.feel.library import BUILTINS
from tests.feel.evaluation import NOON, value_of
from tests.soak import soaking


@pytest.mark.parametrize(
    "text",
    [
        "x.__class__",
        "x.__class__.__mro__",
        '"a".upper',
        "{}.keys",
        "d.items",
        "d.__len__",
        '@"2026-01-01".isoformat',
        '@"2026-01-01".__class__',
        "[1..2].__init__",
        "(function(a) a).invoke",
        "abs.__globals__",
        "__import__",
        '__import__("os")',
        'eval("1")',
        "now().tzinfo",
        '@"P1D".delta',
    ],
)
def test_python_attributes_and_names_are_null(text: str) -> None:
    assert value_of(text, x=Decimal(1), d={"a": 1}) is None


def test_a_value_that_feel_does_not_know_is_refused_at_the_border() -> None:
    with pytest.raises(FeelError, match="cannot be used"):
        parse_expression("x").evaluate({"x": object()})


def test_values_that_nest_without_end_are_refused_at_the_border() -> None:
    endless: list[object] = []
    endless.append(endless)

    with pytest.raises(FeelError, match="nest deeper"):
        parse_expression("x").evaluate({"x": endless})


def test_the_decimal_settings_of_the_caller_change_nothing() -> None:
    text = """[1 / 3, 123456 + 1, -123456.5, sum([123456, 1]), 12345 * 1, stddev(123456, 123457), string(@"-P1DT1.25S"),
        time(10, 11, 45.123456, null).second, string(@"10:00:00" + @"P5DT1.5S"), median(123456, 123459), [1, 2, 3][-1],
        for i in (12344..12347) return i, duration("P1000D") / duration("P3D"), decimal(12345.678, 1),
        mean(1234, 1235)]"""
    usual = value_of(text)

    with localcontext() as context:
        context.prec = 3
        context.traps[Inexact] = True
        found = value_of(text)

    assert found == usual


WORDS = [
    *BUILTINS,
    *(
        "1",
        "2.5",
        '"a"',
        "null",
        "true",
        "x",
        "xs",
        "?",
        "item",
        "partial",
        '@"2026-01-31"',
        '@"P1D"',
        '@"P1M"',
        "1e6144",
    ),
    *("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between", "and", "or", "instance of"),
    *("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "(", ")", "[", "]", "{", "}", ",", ":", ".", ".."),
    *("function", "list<", "'", "`", "//", "/*", '"', "@", "\\"),
]
SCOPE = {"x": Decimal("1.5"), "xs": [{"a": 1}, {"a": None}, 3, "b"], "d": {"e": {"f": [1]}}}


def outcome(text: str) -> object:
    """The plain values of a text as expression and as unary tests, or the errors."""
    results: list[object] = []
    for read in (
        lambda: to_plain(parse_expression(text).evaluate(SCOPE, NOON)),
        lambda: parse_unary_tests(text).matches(Decimal(3), SCOPE, NOON),
    ):
        try:
            results.append(read())
        except FeelError as error:
            results.append(error.text)
    return results


@soaking(300)
@given(st.text(max_size=60))
def test_any_text_gives_a_value_or_a_feel_error(text: str) -> None:
    assert len(outcome(text)) == 2


@soaking(600)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_any_sequence_of_words_gives_a_value_or_a_feel_error(text: str) -> None:
    assert len(outcome(text)) == 2


VALUES = [
    *(
        "null",
        "true",
        "0",
        "-1",
        "2.5",
        "1e6144",
        '""',
        '"a"',
        '"(a"',
        "[]",
        "[1, null]",
        "{}",
        "{a: 1}",
        "[[1]]",
        "[1..5]",
    ),
    *("(> 5)", '@"2024-02-29"', '@"9999-12-31"', '@"0001-01-01T00:00:00@Asia/Shanghai"', '@"23:59:59Z"', '@"P1D"'),
    *('@"-P999999999Y"', "function(a, b) a < b", "function(a) a", "abs"),
]


@soaking(1500)
@given(st.sampled_from(sorted(BUILTINS)), st.lists(st.sampled_from(VALUES), max_size=4))
def test_any_built_in_takes_any_arguments(name: str, arguments: list[str]) -> None:
    assert len(outcome(f"{name}({', '.join(arguments)})")) == 2
