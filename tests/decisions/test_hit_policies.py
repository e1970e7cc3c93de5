"""Each hit policy on a small table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.decisions import Evaluation, TableTrace, parse_dmn
from tests.decisions.dmn_texts import NOON, decision, dmn, table

SCORES = [["> 750", '"A"'], ["> 600", '"B"'], ["< 700", '"C"']]


def evaluate(score: int, **how: str) -> Evaluation:
    model = parse_dmn(dmn(decision(table(["score"], ["grade"], SCORES, **how))))
    return model.evaluate("d", {"score": score}, NOON)


def trace(score: int, **how: str) -> TableTrace:
    return evaluate(score, **how).traces[0]


def test_unique_gives_the_value_of_the_one_rule_that_applies() -> None:
    assert evaluate(500).value == "C"


def test_unique_with_two_hits_is_null_and_the_trace_says_conflict() -> None:
    found = evaluate(800)
    assert found.value is None
    assert found.traces[0].conflict
    assert [hit.number for hit in found.traces[0].hits] == [1, 2]
    assert "冲突" in found.traces[0].notes[0].zh and "rows 1, 2" in found.traces[0].notes[0].en


def test_unique_without_a_hit_is_null_without_a_conflict() -> None:
    model = parse_dmn(dmn(decision(table(["score"], ["grade"], SCORES[:2]))))
    found = model.evaluate("d", {"score": 100}, NOON)
    assert (found.value, found.traces[0].hits, found.traces[0].conflict) == (None, (), False)


def test_first_takes_the_first_row_and_names_only_that_one() -> None:
    found = evaluate(800, policy="FIRST")
    assert found.value == "A"
    assert [hit.number for hit in found.traces[0].hits] == [1]


def test_any_accepts_rules_that_agree() -> None:
    rows = [["> 1", '"same"'], ["> 2", '"same"']]
    model = parse_dmn(dmn(decision(table(["n"], ["out"], rows, policy="ANY"))))
    assert model.evaluate("d", {"n": 5}, NOON).value == "same"


def test_any_with_different_results_is_null_and_a_conflict() -> None:
    found = evaluate(800, policy="ANY")
    assert found.value is None
    assert found.traces[0].conflict


def test_any_does_not_take_true_for_one() -> None:
    rows = [["-", "true"], ["-", "1"]]
    model = parse_dmn(dmn(decision(table(["n"], ["out"], rows, policy="ANY"))))
    assert model.evaluate("d", {"n": 5}, NOON).traces[0].conflict


def test_priority_takes_the_output_that_is_listed_first() -> None:
    assert evaluate(650, policy="PRIORITY", values='"C","B","A"').value == "C"


def test_output_order_sorts_by_the_listed_values() -> None:
    assert evaluate(650, policy="OUTPUT ORDER", values='"C","B","A"').value == ["C", "B"]


def test_rule_order_keeps_the_order_of_rows() -> None:
    assert evaluate(650, policy="RULE ORDER").value == ["B", "C"]


def test_collect_gives_all_results() -> None:
    assert evaluate(800, policy="COLLECT").value == ["A", "B"]


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_policies_of_many_give_an_empty_list_without_a_hit(policy: str) -> None:
    model = parse_dmn(dmn(decision(table(["n"], ["out"], [["> 1", '"x"']], policy=policy, values='"x"'))))
    assert model.evaluate("d", {"n": 0}, NOON).value == []


@pytest.mark.parametrize(
    ("aggregation", "n", "expected"),
    [
        ("SUM", 3, Decimal("60.5")),
        ("MIN", 3, 10),
        ("MAX", 3, Decimal("30.5")),
        ("COUNT", 3, 3),
        ("SUM", 0, None),
        ("MIN", 0, None),
        ("MAX", 0, None),
        ("COUNT", 0, 0),
    ],
)
def test_collect_aggregates(aggregation: str, n: int, expected: Decimal | int | None) -> None:
    rows = [["> 0", "10"], ["> 1", "20"], ["> 2", "30.5"]]
    model = parse_dmn(dmn(decision(table(["n"], ["out"], rows, policy="COLLECT", aggregation=aggregation))))
    assert model.evaluate("d", {"n": n}, NOON).value == expected


def test_a_sum_of_texts_is_null_and_said() -> None:
    found = parse_dmn(
        dmn(decision(table(["n"], ["out"], [["-", '"x"'], ["-", '"y"']], policy="COLLECT", aggregation="SUM")))
    ).evaluate("d", {"n": 1}, NOON)
    assert found.value is None
    assert "汇总" in found.traces[0].notes[0].zh


def test_several_outputs_make_a_context() -> None:
    rows = [["> 600", '"B"', "24"], ["<= 600", '"D"', "0"]]
    model = parse_dmn(dmn(decision(table(["score"], ["grade", "months"], rows))))
    assert model.evaluate("d", {"score": 655}, NOON).value == {"grade": "B", "months": 24}


def test_priority_over_several_outputs_ranks_by_the_columns_in_order() -> None:
    rows = [["-", '"low"', "1"], ["-", '"high"', "2"]]
    model = parse_dmn(dmn(decision(table(["n"], ["risk", "x"], rows, policy="PRIORITY", values='"high","low"'))))
    assert model.evaluate("d", {"n": 1}, NOON).value == {"risk": "high", "x": 2}


def test_collect_over_several_outputs_lists_contexts() -> None:
    rows = [["-", '"a"', "1"], ["-", '"b"', "2"]]
    model = parse_dmn(dmn(decision(table(["n"], ["code", "x"], rows, policy="COLLECT"))))
    assert model.evaluate("d", {"n": 1}, NOON).value == [{"code": "a", "x": 1}, {"code": "b", "x": 2}]
