"""Errors: the line, the column, what was expected, in both languages."""

from __future__ import annotations

import pytest

from app.feel import FeelError, parse_expression, parse_unary_tests


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("1 +", 1, 4, "the expression ends"),
        ("amount == 5", 1, 9, "one ="),
        ("a && b", 1, 3, "write and"),
        ("a > 5 b", 1, 7, "an operator or the end"),
        ("loan amount > 5", 1, 6, "in backticks"),
        ("if a then b", 1, 12, "`else`"),
        ('status = "open', 1, 10, "never closed"),
        ("[1, 2", 1, 6, "`]`"),
        ("a +\n  * 2", 2, 3, "a value or a name"),
        ("/* note", 1, 1, "never closed"),
        ("{a: 1, a: 2}", 1, 8, "given twice"),
        ("'text'", 1, 1, "double quotes"),
        ("for x in xs", 1, 12, "`return`"),
        ("", 1, 1, "a value or a name"),
    ],
)
def test_a_syntax_error_says_where_and_what_was_expected(text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(FeelError) as refusal:
        parse_expression(text)

    assert (refusal.value.line, refusal.value.column) == (line, column)
    assert reason in refusal.value.text.en
    assert f"第 {line} 行第 {column} 列" in refusal.value.text.zh


def test_a_cell_that_is_no_unary_test_is_an_error() -> None:
    with pytest.raises(FeelError, match="column 3"):
        parse_unary_tests("> ")


def test_an_assertion_that_fails_says_why() -> None:
    with pytest.raises(FeelError, match="the amount is missing"):
        parse_expression('assert(x, x != null, "the amount is missing")').evaluate({})
