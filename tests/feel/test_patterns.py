"""Patterns of XPath 3.1: flags, character classes, blocks and categories, and what is no pattern."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import FeelError, parse_expression
from app.feel.library.character_sets import category, complement, in_any_case, minus, union
from tests.machine import within
from tests.soak import soaking

MATCHES, REPLACE, SPLIT = (
    parse_expression(text) for text in ("matches(t, p, f)", "replace(t, p, r, f)", "split(t, p)")
)


def matches(text: str, pattern: str, flags: str = "") -> object:
    return MATCHES.evaluate({"t": text, "p": pattern, "f": flags})


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "found"),
    [
        ("b", "^[a-z-[aeiou]]$", "", True),
        ("e", "^[a-z-[aeiou]]$", "", False),
        ("5", "^[\\d-[0-4]]$", "", True),
        ("3", "^[\\d-[0-4]]$", "", False),
        ("b", "^[^a-c-[x-z]]$", "", False),
        ("m", "^[^a-c-[x-z]]$", "", True),
        ("y", "^[^a-c-[x-z]]$", "", False),
        ("c", "^[a-z-[b-y-[c]]]$", "", True),
        ("o", "[A-Z-[OI]]", "i", False),
        ("x", "[A-Z-[OI]]", "i", True),
        ("中", "^\\p{IsCJKUnifiedIdeographs}$", "", True),
        ("中", "\\P{IsBasicLatin}", "", True),
        ("a", "\\P{IsBasicLatin}", "", False),
        ("hello", "\\p{ Is BasicLatin }+", "x", True),
        ("É", "^\\p{Lu}$", "", True),
        ("٣", "^\\d$", "", True),
        ("中", "^\\w$", "", True),
        ("-", "^\\w$", "", False),
        ("é_", "^\\i\\c$", "", True),
        ("1", "^\\i", "", False),
        (":", "[\\i]", "", True),
        ("a", "[\\I]", "", False),
        ("\n", "^\\S$", "", False),
        ("a\nb", "a.b", "", False),
        ("a\nb", "a.b", "s", True),
        ("a\nb", "^b$", "m", True),
        ("a.b", "a.b", "q", True),
        ("axb", "a.b", "q", False),
        ("A.B", "a.b", "qi", True),
        ("abab", "^(ab)\\1$", "", True),
        ("aB", "^(b|a)b$", "i", True),
        ("-", "^[a-]$", "", True),
        ("-", "^[-a]$", "", True),
        ("]", "^[\\]]$", "", True),
        ("aaa", "^a{2,3}$", "", True),
        ("a{", "a\\{", "", True),
        ("ab", "(?:a)(b)", "", True),
    ],
)
def test_a_pattern_matches_what_xpath_says(text: str, pattern: str, flags: str, found: bool) -> None:
    assert matches(text, pattern, flags) is found


@pytest.mark.parametrize(
    "pattern",
    [
        *("(", ")", "[", "[]", "[b-a]", "[a-\\d]", "*", "a**", "a{", "a{2", "a{3,2}", "a{x}", "}", "\\", "\\y", "\\p"),
        *("\\p{}", "\\p{Xx}", "\\p{IsNothing}", "(?=a)", "(?<n>a)", "(?i)a", "\\1", "(a|b)\\1", "(a)?\\1", "(a\\1)"),
        *("[a-z-[b]c]", "[a-b-c]", "[[a]]", "\\bword", "\\x41", "a" * 20_001, "(" * 5_000, "[\\w]" * 4_000),
    ],
)
def test_what_is_no_pattern_of_xpath_gives_null_at_once(pattern: str) -> None:
    with within(5):
        assert matches("a", pattern) is None


def test_replacing_and_splitting_by_what_matches_nothing_is_null_and_a_literal_replaces_literally() -> None:
    def replaced(text: str, pattern: str, by: str, flags: str = "") -> object:
        return REPLACE.evaluate({"t": text, "p": pattern, "r": by, "f": flags})

    assert replaced("abc", "x*", "-") is None
    assert replaced("a.b", ".", "$0", "q") == "a$0b"
    assert replaced("darted", "^(.*?)d(.*)$", "$1c$2") == "carted"
    assert replaced("abc", "b", "\\x") is None
    assert SPLIT.evaluate({"t": "abc", "p": ""}) is None
    assert SPLIT.evaluate({"t": "a1b22c", "p": "\\d+"}) == ["a", "b", "c"]


RANGES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 50)).map(lambda pair: (pair[0], sum(pair))), max_size=6)


@given(RANGES, RANGES)
def test_sets_of_characters_are_added_and_taken_away_as_sets(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    def members(ranges: object) -> set[int]:
        return {point for first, last in ranges for point in range(first, min(last, 400) + 1)}  # type: ignore[attr-defined]

    assert members(union(one)) == members(one)
    assert members(minus(union(one), union(other))) == members(one) - members(other)
    assert members(complement(union(one))) == set(range(401)) - members(one)


def test_categories_and_letter_case_are_those_of_unicode() -> None:
    digits = {point for first, last in category("Nd") for point in range(first, last + 1)}

    assert digits == {point for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Nd"}
    assert {chr(point) for first, last in in_any_case(((ord("k"), ord("k")),)) for point in range(first, last + 1)} == {
        "k",
        "K",
        "\u212a",
    }


PIECES = st.sampled_from(
    ["a", "b", "[ab]", "[^a]", "(a|b)", "(?:ab)", ".", "a?", "b*", "(ab)+", "a{1,2}", "^", "$", "|", "[a-c]"]
)


@soaking(300)
@given(st.lists(PIECES, max_size=6).map("".join), st.text("abc", max_size=6))
def test_simple_patterns_match_as_pythons_do(pattern: str, text: str) -> None:
    assert matches(text, pattern) is (re.search(pattern.replace("$", "\\Z"), text) is not None)


@soaking(500)
@given(st.text("ab()[]{}^$.|*+?-\\dwpPiI1,{LuNd}sc", max_size=14), st.sampled_from(["", "i", "x", "sm", "q"]))
def test_any_pattern_gives_an_answer_null_or_a_feel_error(pattern: str, flags: str) -> None:
    try:
        assert matches("ab1", pattern, flags) in (True, False, None)
    except FeelError as error:
        assert error.text.zh
