"""Gateways: choices, joins, joins within loops, and diagrams that could never go on."""

from __future__ import annotations

import pytest

from app.engine import EngineFailure, Outcome, Release, complete_task, deliver_message
from tests.engine.diagrams import (
    END,
    MESSAGE,
    NOW,
    START,
    begin,
    complete,
    done,
    element,
    flows,
    release,
    script,
    task_id,
    timer,
    user,
)


def exclusive(key: str, default: str = "") -> str:
    return element("exclusiveGateway", key, **({"default": default} if default else {}))


def parallel(key: str) -> str:
    return element("parallelGateway", key)


def choice(condition: str, default: str = "g_b") -> Release:
    return release(
        START,
        exclusive("g", default),
        user("a"),
        user("b"),
        END,
        flows("start>g", "g>a", "g>b", "a>end", "b>end", g_a=condition),
    )


def test_the_flow_whose_condition_is_true_is_taken() -> None:
    assert begin(choice("= amount > 10"), amount=11).waiting_at == ("a",)


def test_the_default_flow_is_taken_where_no_condition_is_true() -> None:
    assert begin(choice("= amount > 10"), amount=9).waiting_at == ("b",)


def test_a_misspelt_variable_is_a_failure_at_the_gateway_and_not_the_default_flow() -> None:
    with pytest.raises(EngineFailure) as caught:
        begin(choice("= amuont > 10"), amount=11)
    assert caught.value.element_id == "g"
    assert "amuont" in caught.value.text.en


def test_a_condition_that_gives_a_number_is_a_failure() -> None:
    with pytest.raises(EngineFailure):
        begin(choice("= amount + 1"), amount=11)


def test_no_true_condition_and_no_default_is_a_failure() -> None:
    of = release(
        START,
        exclusive("g"),
        user("a"),
        user("b"),
        END,
        flows("start>g", "g>a", "g>b", "a>end", "b>end", g_a="= n = 1", g_b="= n = 2"),
    )
    with pytest.raises(EngineFailure):
        begin(of, n=3)


def two_reviews() -> Release:
    return release(
        START,
        exclusive("turn"),
        parallel("split"),
        user("a"),
        user("b"),
        parallel("join"),
        exclusive("again", "again_end"),
        END,
        user("c", {"rework": "=rework"}),
        flows(
            "start>turn",
            "turn>split",
            "split>a",
            "split>b",
            "a>join",
            "b>join",
            "join>c",
            "c>again",
            "again>turn",
            "again>end",
            again_turn="= rework",
        ),
    )


def test_a_parallel_join_waits_for_every_branch() -> None:
    of = two_reviews()
    outcome = begin(of)
    assert outcome.waiting_at == ("a", "b")
    after = complete(of, outcome, "b")
    assert after.waiting_at == ("a",)


def test_a_parallel_join_in_a_loop_waits_in_every_turn() -> None:
    of = two_reviews()
    outcome = begin(of)
    for _ in range(5):
        half = both(of, outcome, "a")
        assert half.waiting_at == ("b",)
        joined = both(of, half, "b", outcome)
        assert joined.waiting_at == ("c",)
        outcome = complete(of, joined, "c", rework=True)
        assert outcome.waiting_at == ("a", "b")


def both(of: Release, state: Outcome, element_id: str, created: Outcome | None = None) -> Outcome:
    """Complete in `state` a task that an earlier outcome created."""
    assert state.state is not None
    return complete_task(of, state.state, task_id(created or state, element_id), {}, NOW)


def test_a_second_task_on_the_same_flow_belongs_to_the_next_turn_of_the_join() -> None:
    of = release(
        START,
        parallel("split"),
        exclusive("m"),
        user("x"),
        user("y"),
        user("z"),
        parallel("join"),
        END,
        flows("start>split", "split>x", "split>y", "split>z", "x>m", "y>m", "m>join", "z>join", "join>end"),
    )
    first = begin(of)
    second = both(of, first, "x")
    third = both(of, second, "y", first)
    assert third.waiting_at == ("z",)
    with pytest.raises(EngineFailure) as caught:  # the second task on m_join would wait for ever
        both(of, third, "z", first)
    assert caught.value.element_id == "join"


def test_an_endless_loop_of_gateways_is_a_failure_and_never_completed() -> None:
    of = release(
        START,
        exclusive("g"),
        script("s", "n", "=1"),
        exclusive("h", "h_g"),
        END,
        flows("start>g", "g>s", "s>h", "h>g", "h>end", h_end="= n > 1"),
    )
    with pytest.raises(EngineFailure) as caught:
        begin(of)
    assert caught.value.element_id in ("g", "h", "s")


def test_several_flows_leaving_a_task_are_all_taken() -> None:
    of = release(START, user("a"), user("b"), user("c"), END, flows("start>a", "a>b", "a>c", "b>end", "c>end"))
    first = complete(of, begin(of), "a")
    assert first.waiting_at == ("b", "c")
    second = both(of, first, "b")
    assert (second.status, both(of, second, "c", first).status) == ("active", "completed")


def test_a_join_that_can_never_be_reached_is_a_failure_and_not_an_instance_that_waits() -> None:
    of = release(
        START,
        exclusive("g", "g_j"),
        parallel("j"),
        user("a"),
        END,
        flows("start>g", "g>j", "g>a", "a>j", "j>end", g_a="= n = 1"),
    )
    with pytest.raises(EngineFailure) as caught:
        begin(of, n=2)
    assert caught.value.element_id == "j"


def race() -> Release:
    message = element("intermediateCatchEvent", "paid", inner=MESSAGE)
    deadline = element("intermediateCatchEvent", "late", inner=timer("P2D"))
    return release(
        START,
        element("eventBasedGateway", "g"),
        message,
        deadline,
        user("a"),
        user("b"),
        END,
        flows("start>g", "g>paid", "g>late", "paid>a", "late>b", "a>end", "b>end"),
    )


def test_every_event_behind_an_event_gateway_is_visible() -> None:
    outcome = begin(race())
    assert outcome.waiting_at == ("g",)
    assert [(row.element_id, row.name, row.key) for row in outcome.subscriptions_created] == [("paid", "Paid", "C-1")]
    assert [row.element_id for row in outcome.timers_created] == ["late"]


def test_the_first_event_behind_a_gateway_withdraws_the_others() -> None:
    of = race()
    first = begin(of)
    assert first.state is not None
    after = deliver_message(of, first.state, task_id(first, "paid"), {"amount": 5}, NOW)
    assert (after.waiting_at, done(after)) == (("a",), ["g", "paid"])
    assert after.timers_removed == (task_id(first, "late"),)
    assert after.subscriptions_removed == (task_id(first, "paid"),)
    assert after.variables["amount"] == 5
