"""Budgets: whatever is written, evaluation ends soon with a value or a FeelError."""

from __future__ import annotations

import pytest

from app.feel import FeelError, Limits, parse_expression, parse_unary_tests
from tests.feel.evaluation import NOON, value_of
from tests.machine import within

SMALL = Limits(steps=20_000, items=1_000, string_length=5_000)


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000, j in 1..1000, k in 1..1000 return 1",
        "for i in 1..1000000000000 return i",
        "some i in 1..1000000000 satisfies i < 0",
        "for i in 1..100000, j in [] return 1",
        "{f: function(g, n) g(g, n + 1), r: f(f, 1)}.r",
        "{f: function(g, n) if n > 9 then 1 else g(g, n + 1) + g(g, n + 1) + g(g, n + 1), r: f(f, 1)}.r",
        'for i in 1..100 return if i = 1 then "abcdefgh" else partial[-1] + partial[-1]',
        "count(for i in 1..500 return partial)",
        "string(for i in 1..60 return [partial, partial])",
        "string(for i in 1..90 return [partial[-1]])",
        "flatten(for i in 1..60 return [partial, partial])",
        "(for i in 1..60 return [partial, partial]) = (for i in 1..60 return [partial, partial])",
        'replace(string join(for i in 1..900 return "aaaaa"), "a", "bbbbbbbbbbbb")',
        "concatenate(for i in 1..900 return i, for i in 1..900 return i)",
    ],
)
def test_what_would_not_end_or_grow_too_large_is_refused(text: str) -> None:
    expression = parse_expression(text)

    with within(2), pytest.raises(FeelError) as refusal:
        expression.evaluate({}, NOON, SMALL)

    assert refusal.value.text.zh and refusal.value.text.en


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000,
        "(" * 60 + "1" + ")" * 60,
        "(" * 70 + "1" + ")" * 70,
        "[" * 5_000 + "]" * 5_000,
        "not(" * 4_000,
        "1" + " + 1" * 4_900,
        "1" + " = 1" * 4_900,
        "a" + ".b" * 9_000,
        "a" + "[1]" * 6_000,
        "f" + "()" * 9_000,
        "-" * 19_000 + "1",
        "1 in (" * 3_000,
        "1 in (" * 50 + "1" + "..2)" * 50,
        "if true then " * 1_500,
        "if true then 1 else " * 900 + "1",
        "for x in " * 2_000,
        "function(a) " * 1_600 + "a",
        "{a: " * 4_000,
        "{" + ", ".join(f"a b{n}: 1" for n in range(1_500)) + "}",
        "1 instance of " + "list<" * 3_000,
        "x" * 20_001,
        '"' + "\\u0041" * 3_000 + '"',
        "1 between " * 2_000,
        "9" * 19_000,
        "1e999999999",
        "/*" * 9_000,
    ],
)
def test_long_and_deep_texts_are_read_or_refused_quickly(text: str) -> None:
    for parse in (parse_expression, parse_unary_tests):
        with within(1.5):
            try:
                parsed = parse(text)
            except FeelError as refusal:
                assert refusal.text.zh
                continue
        assert parsed.text == text


def test_a_pattern_that_blows_up_elsewhere_takes_linear_time() -> None:
    with within(1):
        assert value_of('matches(text, "(a+)+$")', text="a" * 50_000 + "!") is False
        assert value_of('matches(text, "(x{1000}){1000}")', text="x") is None


def test_searching_again_and_again_to_the_end_of_a_text_is_charged() -> None:
    expression = parse_expression('replace(text, "a.*b|a", "")')

    with pytest.raises(FeelError, match="steps"):
        expression.evaluate({"text": "a" * 50_000}, NOON, Limits(steps=100_000))


@pytest.mark.parametrize(
    "text", ["9 ** (9 ** (9 ** 9))", "10 ** 6144 * 10", "1e6144 * 1e6144", "exp(1e99)", "-1 ** 0.5"]
)
def test_numbers_beyond_the_range_are_null(text: str) -> None:
    assert value_of(text) is None


def test_an_expression_shares_the_budget_of_the_run_it_is_given() -> None:
    from app.feel import Run

    run = Run(Limits(steps=500), NOON)
    expression = parse_expression("for i in 1..100 return i")
    expression.evaluate({}, run=run)

    with pytest.raises(FeelError):
        for _ in range(10):
            expression.evaluate({}, run=run)
