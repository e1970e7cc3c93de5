"""A changed decision tried on what past evaluations stored, and what it says where something was not stored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.decisions import DecisionModel, Past, Replay, asked_by, in_words, parse_dmn, traces_of
from app.plain import Plain, dumps, loads
from tests.decisions.dmn_texts import NOON, decision, dmn, literal, table

RATING = [[">= 750", '"A"'], ["< 750", '"B"']]
STRICTER = [[">= 800", '"A"'], ["< 800", '"B"']]


def model(rows: list[list[str]], inputs: list[str] | None = None) -> DecisionModel:
    return parse_dmn(dmn(decision(table(inputs or ["risk.score"], ["grade"], rows), name="评级")))


def past(then: DecisionModel, variables: Mapping[str, Plain], *, older: bool = False, key: str = "d") -> Past:
    """What is stored of an evaluation; of an older one only the trace."""
    trace = traces_of(then, key, then.evaluate(key, variables, NOON))[-1]
    return Past(trace, None if older else loads(dumps(dict(variables))), NOON)


def missing(now: DecisionModel, then: DecisionModel, stored: Past) -> list[str]:
    return [one.zh for one in Replay(now, "d").missing(stored, asked_by(then, "d"))]


def answer(now: DecisionModel, stored: Past) -> Any:
    return Replay(now, "d").evaluate(stored).outputs


def test_a_stricter_table_gives_another_outcome_over_stored_variables() -> None:
    then, now = model(RATING), model(STRICTER)
    stored = past(then, {"risk": {"score": Decimal("760.5")}, "more": [1]})
    assert missing(now, then, stored) == []
    assert (stored.trace.outputs, answer(now, stored), answer(then, stored)) == ("A", "B", "A")


def test_an_older_row_is_evaluated_by_the_values_of_its_columns() -> None:
    then, now = model(RATING), model(STRICTER)
    stored = past(then, {"risk": {"score": 760}}, older=True)
    assert missing(now, then, stored) == []
    assert (answer(now, stored), answer(then, stored)) == ("B", "A")


def test_a_computed_column_of_an_older_row_keeps_its_value() -> None:
    inputs = ["profit / revenue * 100"]
    then, now = model([[">= 5", '"A"'], ["< 5", '"B"']], inputs), model([[">= 9", '"A"'], ["< 9", '"B"']], inputs)
    stored = past(then, {"profit": 8, "revenue": 100}, older=True)
    assert missing(now, then, stored) == [] and answer(now, stored) == "B"


def test_another_expression_over_what_an_older_row_does_not_tell_is_missing() -> None:
    then = model([["-", '"A"']], ["profit / revenue"])
    now = model([["-", '"A"']], ["profit - revenue"])
    stored = past(then, {"profit": 8, "revenue": 100}, older=True)
    assert missing(now, then, stored) == ["profit - revenue"]


def test_a_new_input_is_there_where_the_variables_were_stored() -> None:
    then = model(RATING)
    now = parse_dmn(dmn(decision(table(["risk.score", "industry"], ["grade"], [["-", '"retail"', '"C"']]))))
    whole = past(then, {"risk": {"score": 760}, "industry": "retail"})
    assert missing(now, then, whole) == [] and answer(now, whole) == "C"


def test_a_new_input_that_was_not_stored_is_named_by_its_column() -> None:
    then = model(RATING)
    text = table(["risk.score", "industry"], ["grade"], [["-", '"retail"', '"C"']]).replace(
        'label="industry"', 'label="行业"'
    )
    now = parse_dmn(dmn(decision(text)))
    assert missing(now, then, past(then, {"risk": {"score": 760}}, older=True)) == ["行业"]
    assert missing(now, then, past(then, {"risk": {"score": 760}})) == ["行业"]


def test_a_place_within_a_stored_variable_may_be_missing_too() -> None:
    then, now = model(RATING), model([["-", '"A"']], ["risk.trend"])
    assert missing(now, then, past(then, {"risk": {"score": 760}})) == ["risk.trend"]
    assert missing(now, then, past(then, {"risk": {"score": 760, "trend": None}})) == []


def test_what_was_absent_then_for_the_same_table_is_null_again() -> None:
    then = model([["null", '"none"'], ["> 0", '"some"']], ["payable.amount"])
    stored = past(then, {"product": "loan"})
    assert missing(then, then, stored) == [] and answer(then, stored) == "none"


def test_an_output_that_reads_what_an_older_row_does_not_tell_is_missing() -> None:
    then = model([["-", "1"]], ["rating"])
    now = model([["-", "receipt.value * 0.5"]], ["rating"])
    assert missing(now, then, past(then, {"rating": "A", "receipt": {"value": 9}}, older=True)) == ["value"]
    whole = past(then, {"rating": "A", "receipt": {"value": 9}})
    assert missing(now, then, whole) == [] and answer(now, whole) == Decimal("4.5")


def test_a_decision_that_now_requires_another_is_evaluated_over_stored_variables() -> None:
    then = model(RATING)
    base = decision(literal("risk.score + bonus"), id="points", name="points")
    needs = '<informationRequirement><requiredDecision href="#points"/></informationRequirement>'
    now = parse_dmn(dmn(base, decision(table(["points"], ["grade"], RATING), inside=needs)))
    whole = past(then, {"risk": {"score": 740}, "bonus": 20})
    assert missing(now, then, whole) == [] and answer(now, whole) == "A"
    assert missing(now, then, past(then, {"risk": {"score": 740}})) == ["bonus"]
    assert "bonus" in missing(now, then, past(then, {"risk": {"score": 740}}, older=True))


def test_today_is_the_day_of_the_stored_moment() -> None:
    then = model([["true", '"late"'], ["false", '"in time"']], ["date(due) < today()"])
    stored = past(then, {"due": "2026-11-12"})
    assert answer(then, stored) == "late" == stored.trace.outputs


def test_a_decision_without_a_table_leaves_a_trace_with_its_value_and_notes() -> None:
    text = '<decision id="d" name="合计"><variable name="d" typeRef="string"/>' + literal("amount * 2") + "</decision>"
    of = parse_dmn(dmn(text))
    stored = past(of, {"amount": 4})
    words = in_words(stored.trace)
    assert (stored.trace.outputs, words.answer.zh, words.rows) == (None, "—", ())
    assert "不是文本" in words.notes[0].zh
    assert past(parse_dmn(dmn(decision(literal("amount * 2")))), {"amount": 4}).trace.outputs == 8
