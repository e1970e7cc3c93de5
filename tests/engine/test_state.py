"""The state: small, flat however long the instance has run, exact in its values, and of no use once tampered with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.engine import EngineFailure, Outcome, Release, complete_task, start
from app.engine.store import restore, save
from tests.engine.diagrams import (
    END,
    NOW,
    START,
    begin,
    boundary,
    complete,
    element,
    flows,
    line,
    release,
    timer,
    user,
)


def rework() -> Release:
    """Two reviews in parallel, one with a deadline, then a decision that may send both back."""
    return release(
        START,
        element("exclusiveGateway", "turn"),
        element("parallelGateway", "split"),
        user("a"),
        user("b"),
        boundary("late", "a", timer("P2D")),
        element("parallelGateway", "join"),
        element("exclusiveGateway", "again", default="again_end"),
        user("decide", {"rework": "=rework", "rounds": "=rounds"}),
        element("endEvent", "lapsed"),
        END,
        flows("start>turn", "turn>split", "split>a", "split>b", "a>join", "b>join", "join>decide", "decide>again"),
        flows("late>lapsed", "again>turn", "again>end", again_turn="= rework"),
    )


def one_round(of: Release, outcome: Outcome, number: int) -> Outcome:
    """Both reviews and the decision to do it again."""
    ids = {task.element_id: task.task_id for task in outcome.tasks_created}
    for key in ("a", "b"):
        assert outcome.state is not None
        outcome = complete_task(of, outcome.state, ids[key], {}, NOW)
    return complete(of, outcome, "decide", rework=True, rounds=number)


def tasks_in(of: Release, outcome: Outcome) -> int:
    assert outcome.state is not None
    return len(restore(of, outcome.state, NOW).tasks)


def test_five_thousand_rounds_leave_the_state_as_small_as_one() -> None:
    of = rework()
    first = outcome = one_round(of, begin(of), 1000)
    for number in range(1001, 6000):
        outcome = one_round(of, outcome, number)
    assert outcome.status == "active"
    assert tasks_in(of, outcome) == tasks_in(of, first) == 4  # the process, two reviews, one deadline
    assert first.state is not None
    assert outcome.state is not None
    assert abs(len(outcome.state) - len(first.state)) <= 12  # task ids are random, so they compress differently


def test_a_run_of_many_steps_keeps_the_tree_flat() -> None:
    of = release(
        START,
        element("exclusiveGateway", "g"),
        element("scriptTask", "s", '<zeebe:script expression="=n + 1" resultVariable="n" />'),
        element("exclusiveGateway", "h", default="h_a"),
        user("a"),
        END,
        flows("start>g", "g>s", "s>h", "h>g", "h>a", "a>end", h_g="= n &lt; 3000"),
    )
    outcome = begin(of, n=0)
    assert (outcome.waiting_at, outcome.variables["n"], len(outcome.steps)) == (("a",), 3000, 9001)
    assert tasks_in(of, outcome) == 2


def test_a_typical_state_is_about_a_kilobyte() -> None:
    of = rework()
    answers = {
        "applicant": "杭州示例贸易有限公司",
        "amount": Decimal("500000.00"),
        "purpose": "采购原材料",
        "months": 6,
    }
    outcome = begin(of, application=answers)
    assert outcome.state is not None
    assert len(outcome.state) < 1000


VALUES: dict[str, Any] = {
    "money": Decimal("1000000.10"),
    "zeros": Decimal("5.00"),
    "count": 3,
    "none": None,
    "yes": True,
    "list": [1, [Decimal("0.1"), {"a": "文字"}], []],
    "typename": "not the library's",
    "empty": {},
}


def test_values_come_back_exactly_as_they_went_in() -> None:
    of = release(START, user("a"), user("b"), END, line("start", "a", "b", "end"))
    outcome = complete(of, begin(of, **VALUES), "a")
    assert outcome.variables == {"case_number": "C-1"} | VALUES
    assert str(outcome.variables["zeros"]) == "5.00"


@pytest.mark.parametrize(
    "odd", [object(), 10**30, "\ud800", {"$decimal": "not one"}, {"$decimal": "1"}, [{"$decimal": []}]]
)
def test_a_value_that_would_not_come_back_is_a_failure(odd: object) -> None:
    of = release(START, user("a"), END, line("start", "a", "end"))
    with pytest.raises(EngineFailure):
        begin(of, odd=odd)


def test_a_computed_value_that_cannot_be_kept_is_a_failure() -> None:
    of = release(START, user("a"), END, line("start", "a", "end"))
    outcome = begin(of)
    assert outcome.state is not None
    instance = restore(of, outcome.state, NOW)
    instance.task_tree.data["computed"] = 10**30
    with pytest.raises(EngineFailure):
        save(instance)


def test_variables_that_grow_without_end_are_a_failure() -> None:
    of = release(START, user("a"), END, line("start", "a", "end"))
    with pytest.raises(EngineFailure):
        begin(of, text="x" * 2_000_001)


def test_instances_of_one_release_do_not_disturb_each_other() -> None:
    of = rework()
    outcomes = [start(of, {"case_number": f"C-{n}", "n": n}, NOW) for n in range(20)]
    for number in range(3):
        outcomes = [one_round(of, outcome, number) for outcome in outcomes]
    assert [outcome.variables["case_number"] for outcome in outcomes] == [f"C-{n}" for n in range(20)]
    assert {outcome.waiting_at for outcome in outcomes} == {("a", "b")}
