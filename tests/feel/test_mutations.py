"""Expressions of the corpus with pieces cut, doubled, exchanged or nested: each gives a value or a FeelError."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.decisions import parse_dmn
from app.errors import DefinitionRefused
from app.feel import FeelError, parse_expression, parse_unary_tests, to_plain
from tests.decisions.dmn_texts import decision, dmn, table
from tests.feel.evaluation import NOON
from tests.feel.plain_feel import feel_faults
from tests.soak import soaking

CORPUS = [
    line for path in Path(__file__).with_name("corpus").glob("*.txt") for line in path.read_text("utf-8").split("\n")
]
PIECES = sorted({piece for text in CORPUS for piece in re.findall(r'"[^"]*"|[\w]+|[^\w\s]+', text)})
FRAMES = (
    "({})",
    "[{}]",
    "{{a: {}}}.a",
    "if {0} then {0} else {0}",
    "for i in {} return i",
    "not({})",
    "({})[{}]",
    "-{}",
)
SCOPE = {"x": Decimal("1.5"), "n": 3, "xs": [{"a": 1}, {"a": None}, 3, "b"], "d": {"e": {"f": [1]}}}

places = st.integers(0, 200)
mutations = st.lists(
    st.tuples(st.sampled_from(["cut", "double", "put", "join", "frame"]), places, places, st.sampled_from(PIECES)),
    max_size=4,
)


def mutated(text: str, what: list[tuple[str, int, int, str]]) -> str:
    """The text after these acts; each place is taken within it."""
    for act, one, other, piece in what:
        start, end = sorted((one % (len(text) + 1), other % (len(text) + 1)))
        if act == "cut":
            text = text[:start] + text[end:]
        elif act == "double":
            text = text[:end] + text[start:]
        elif act == "put":
            text = f"{text[:start]} {piece} {text[start:]}"
        elif act == "join":
            text = text[:start] + CORPUS[other % len(CORPUS)] + text[end:]
        else:
            text = FRAMES[other % len(FRAMES)].format(text, piece)
    return text[:2_000]


texts = st.builds(mutated, st.sampled_from(CORPUS), mutations)

atoms = st.sampled_from(
    ["1", "2.5", "-3", '"a"', '""', "true", "null", "x", "xs", "d.e", "n", '@"2026-01-31"', '@"P1D"']
)
operators = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"])


def composed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One level of FEEL's grammar around `inner`."""
    return st.one_of(
        st.builds("({} {} {})".format, inner, operators, inner),
        st.builds("if {} then {} else {}".format, inner, inner, inner),
        st.builds("for i in {} return {}".format, inner, inner),
        st.builds("for i in {}, j in {} return [i, j, {}]".format, inner, inner, inner),
        st.builds("{} i in {} satisfies {}".format, st.sampled_from(["some", "every"]), inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{a: {}, b: {}}}".format, inner, inner),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("({}).{}".format, inner, st.sampled_from(["a", "e", "year", "days", "start", "__class__"])),
        st.builds("{} between {} and {}".format, inner, inner, inner),
        st.builds("{} in ({}, < {}, [{}..{}])".format, inner, inner, inner, inner, inner),
        st.builds("(function(p, q) {})({}, {})".format, inner, inner, inner),
        st.builds("{} instance of {}".format, inner, st.sampled_from(["number", "list<Any>", "context<a: number>"])),
        st.builds(
            "{}({})".format, st.sampled_from(["count", "sum", "string", "min", "to json", "sort", "flatten"]), inner
        ),
    )


grammatical = st.recursive(atoms, composed, max_leaves=12)


def check(text: str) -> None:
    """FeelError or a plain FEEL value, as expression and as unary tests."""
    for read in (
        lambda: parse_expression(text).evaluate(SCOPE, NOON),
        lambda: parse_unary_tests(text).matches(Decimal(3), SCOPE, NOON),
    ):
        try:
            value = read()
            assert feel_faults(value) == []
            to_plain(value)
        except FeelError as refusal:
            assert refusal.text.zh and refusal.text.en


@soaking(400)
@given(texts)
def test_a_damaged_expression_gives_a_value_or_a_feel_error(text: str) -> None:
    check(text)


@soaking(300)
@given(grammatical)
def test_an_expression_of_the_grammar_gives_a_value_or_a_feel_error(text: str) -> None:
    check(text)


@soaking(100)
@given(texts, texts, texts, st.sampled_from(["UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"]))
def test_a_table_of_damaged_cells_is_refused_or_works(given_: str, cell: str, output: str, policy: str) -> None:
    try:
        model = parse_dmn(dmn(decision(table([given_ or "x"], ["o"], [[cell, output], ["-", output]], policy=policy))))
        model.evaluate("d", SCOPE, NOON)
    except (DefinitionRefused, FeelError) as refusal:
        assert refusal.text.zh
