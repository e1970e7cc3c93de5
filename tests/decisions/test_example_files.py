"""Examples in the product's JSON: what is read, what is refused with its line, what counts as equal."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.decisions import Outcome, parse_dmn, read_examples, run_example
from app.decisions.examples import same
from app.errors import DefinitionRefused, Problem
from tests.decisions.dmn_texts import NOON, decision, dmn, literal, table

LIMITS = parse_dmn(
    dmn(decision(table(["score", "loan.amount"], ["grade", "limit"], [[">= 700", "-", '"A"', "loan.amount * 2"]])))
)
TODAY = parse_dmn(dmn(decision(literal("string(today())"))))


def file(*examples: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"decision": "d", **more, "examples": examples}, ensure_ascii=False, indent=1).encode()


def one(**parts: Any) -> dict[str, Any]:
    return {"name": "例", "inputs": {}, "expected": None, **parts}


def problems(content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionRefused) as refused:
        read_examples(content)
    return refused.value.problems


def outcome(model: Any, content: bytes) -> Outcome:
    (example,) = read_examples(content).examples
    (found,) = run_example(model, example, None)
    return found


def test_of_an_output_only_what_the_example_names_counts() -> None:
    given_ = {"score": 700, "loan": {"amount": 10.5}}

    assert outcome(LIMITS, file(one(inputs=given_, expected={"limit": 21}))).passed
    assert not outcome(LIMITS, file(one(inputs=given_, expected={"limit": 20}))).passed


def test_what_came_out_is_told_with_the_rows_that_applied() -> None:
    found = outcome(LIMITS, file(one(inputs={"score": 700, "loan": {"amount": 1}}, expected={"grade": "B"})))

    assert (found.passed, found.got) == (False, {"grade": "A", "limit": 2})
    assert [hit.number for hit in found.traces[0].hits] == [1]


def test_an_example_plays_on_the_day_that_it_or_its_file_names() -> None:
    assert outcome(TODAY, file(one(expected="2026-11-22"), on="2026-11-22")).passed
    assert outcome(TODAY, file(one(expected="2025-01-01", on="2025-01-01"), on="2026-11-22")).passed


def test_without_a_day_today_has_no_meaning_so_that_no_example_fails_tomorrow() -> None:
    found = outcome(TODAY, file(one(expected="2026-11-22")))

    assert not found.passed and found.fault is not None and "today()" in found.fault.of("en")


def test_an_example_that_does_not_end_fails_and_is_told() -> None:
    endless = parse_dmn(dmn(decision(literal("count(for i in 1..1000, j in 1..1000 return i * j)"))))

    found = outcome(endless, file(one(expected=1000000)))

    assert not found.passed and found.fault is not None and "steps" in found.fault.of("en")


@pytest.mark.parametrize(
    ("got", "expected", "equal"),
    [
        (Decimal("0.333333333333"), Decimal("0.3333333334"), True),
        (Decimal("0.33"), Decimal("0.34"), False),
        (10**12, 10**12 + 1, True),
        (True, 1, False),
        (1, Decimal("1.0"), True),
        ([1, 2], [1, 2, 3], False),
        ([2, 1], [1, 2], False),
        (None, [], False),
        ("1", 1, False),
    ],
)
def test_values_are_equal_but_for_the_ninth_digit(got: Any, expected: Any, equal: bool) -> None:
    assert same(got, expected) is equal


def test_a_context_has_no_more_entries_than_the_kit_expects() -> None:
    assert not same({"a": 1, "b": 2}, {"a": 1}) and same({"a": 1, "b": 2}, {"a": 1}, parts_only=True)


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        (b'{"decision": "d",\n "examples": [\n  {"name": }]}', 3, "no valid JSON"),
        (b"[]", 1, "one JSON object"),
        (b'{"examples": []}', 1, "decision, the table's id, is missing"),
        (b'{"decision": "d"}', 1, "examples is missing"),
        (b'{"decision": "d", "decision": "e", "examples": []}', None, "written twice"),
        (b'{"decision": "d", "examples": [NaN]}', None, "a number cannot be read"),
        (b"[" * 100_000, None, "nests too deep"),
        (b'\n{"decision": "\xff"}', 2, "UTF-8"),
        (b'{"decision": "d", "example": [], "examples": []}', 1, '"example" means nothing'),
    ],
    ids=["json", "list", "decision", "examples", "twice", "nan", "deep", "encoding", "key"],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_line(content: bytes, line: int | None, told: str) -> None:
    (problem,) = problems(content)

    assert problem.line == line and told in problem.text.of("en")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"name": 1}, "name of example 2 must be a text"),
        ({"inputs": []}, "inputs of example 2 must be an object"),
        ({"name_en": 1}, "name_en must be a text"),
        ({"on": "yesterday"}, "on must be a date"),
        ({"on": 5}, "on must be a date"),
        ({"input": {}}, '"input" means nothing'),
        ({"name": "first"}, 'two examples are called "first"'),
    ],
)
def test_a_fault_in_an_example_is_told_with_its_line(parts: dict[str, Any], told: str) -> None:
    content = file(one(name="first"), one(**parts))

    (problem,) = problems(content)

    assert told in problem.text.of("en")
    assert content.decode().splitlines()[problem.line - 1].strip() == "{"  # type: ignore[operator]


def test_an_example_without_what_is_expected_is_refused() -> None:
    (problem,) = problems(b'{"decision": "d", "examples": [{"name": "a", "inputs": {}}]}')

    assert "has no expected" in problem.text.of("en")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_examples_or_refused(content: bytes) -> None:
    try:
        read_examples(content)
    except DefinitionRefused as refused:
        assert refused.problems


def test_numbers_beyond_all_measure_are_refused_or_compared() -> None:
    for number in ("1e999999999", "9" * 5000):
        content = f'{{"decision": "d", "examples": [{{"name": "a", "inputs": {{"score": {number}}}, "expected": 1}}]}}'
        try:
            (example,) = read_examples(content.encode()).examples
        except DefinitionRefused:
            continue
        assert [found.example.name.zh for found in run_example(LIMITS, example, NOON)] == ["a"]
