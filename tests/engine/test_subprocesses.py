"""Sub-processes embedded, event-started and called: their scopes, their variables, and what ends them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine import Outcome, Release, UncaughtError, complete_task, deliver_message, fail_operation, fire_timers
from app.moment import Moment
from tests.engine.diagrams import (
    END,
    ERROR,
    ESCALATION,
    MESSAGE,
    NOW,
    START,
    begin,
    boundary,
    complete,
    done,
    element,
    flows,
    line,
    mapping,
    release,
    script,
    service,
    task_id,
    timer,
    user,
)


def sub(key: str, *parts: str, extension: str = "", **attributes: str) -> str:
    return element("subProcess", key, extension, "".join(parts), **attributes)


def triggered(key: str, definition: str, *parts: str, interrupting: bool = True) -> str:
    begins = element("startEvent", f"{key}_start", inner=definition, isInterrupting="true" if interrupting else "false")
    return sub(key, begins, *parts, triggeredByEvent="true")


def inside(*ids: str) -> str:
    """Start, the ids, end, connected; the elements themselves are given beside it."""
    return element("startEvent", "s1") + element("endEvent", "e1") + line("s1", *ids, "e1")


def act(of: Release, state: Outcome, created: Outcome, element_id: str, **variables: object) -> Outcome:
    assert state.state is not None
    return complete_task(of, state.state, task_id(created, element_id), variables, NOW)


def test_a_sub_process_is_left_when_all_in_it_is_done() -> None:
    of = release(
        START,
        sub(
            "sub",
            user("a"),
            user("b"),
            element("startEvent", "s1"),
            element("endEvent", "e1"),
            flows("s1>a", "s1>b", "a>e1", "b>e1"),
        ),
        user("c"),
        END,
        line("start", "sub", "c", "end"),
    )
    first = begin(of)
    second = act(of, first, first, "a")
    assert second.waiting_at == ("b",)
    third = act(of, second, first, "b")
    assert (third.waiting_at, done(third)) == (("c",), ["b", "e1", "sub"])


def test_a_sub_process_has_variables_of_its_own_through_input_mappings() -> None:
    of = release(
        START,
        sub(
            "sub",
            script("count", "n", "=n + 1"),
            user("a"),
            inside("count", "a"),
            extension=mapping({"n": "=0"}, {"counted": "=n"}),
        ),
        user("c"),
        END,
        line("start", "sub", "c", "end"),
    )
    first = begin(of, n=10)
    assert first.tasks_created[0].variables["n"] == 1
    assert complete(of, first, "a").variables == {"case_number": "C-1", "n": 10, "counted": 1}


def test_parallel_branches_see_each_others_writes() -> None:
    of = release(
        START,
        element("parallelGateway", "split"),
        user("a", {"seen": "=true"}),
        user("b"),
        service("s"),
        element("parallelGateway", "join"),
        END,
        flows("start>split", "split>a", "split>b", "b>s", "s>join", "a>join", "join>end"),
    )
    first = begin(of)
    second = act(of, first, first, "a")
    third = act(of, second, first, "b")
    assert third.operations_created[0].variables["seen"] is True


def test_a_boundary_timer_withdraws_a_whole_sub_process() -> None:
    of = release(
        START,
        sub(
            "sub",
            user("a"),
            service("s"),
            element("startEvent", "s1"),
            element("endEvent", "e1"),
            flows("s1>a", "s1>s", "a>e1", "s>e1"),
        ),
        boundary("late", "sub", timer("P1D")),
        user("c"),
        END,
        flows("start>sub", "sub>end", "late>c", "c>end"),
    )
    outcome = begin(of)
    assert outcome.state is not None
    after = fire_timers(of, outcome.state, Moment.at(NOW.now + timedelta(days=2)))
    assert (after.waiting_at, after.tasks_withdrawn) == (("c",), (task_id(outcome, "a"),))
    assert after.operations_withdrawn == (task_id(outcome, "s"),)


def withdrawing(interrupting: bool) -> Release:
    handler = triggered(
        "esp", MESSAGE, user("h"), element("endEvent", "he"), line("esp_start", "h", "he"), interrupting=interrupting
    )
    return release(START, user("a"), END, line("start", "a", "end"), handler)


def test_an_interrupting_event_sub_process_takes_over_its_scope() -> None:
    of = withdrawing(True)
    first = begin(of)
    assert [row.element_id for row in first.subscriptions_created] == ["esp_start"]
    assert first.state is not None
    second = deliver_message(of, first.state, task_id(first, "esp_start"), {"why": "x"}, NOW)
    assert (second.waiting_at, second.tasks_withdrawn) == (("h",), (task_id(first, "a"),))
    assert second.variables["why"] == "x"
    third = complete(of, second, "h")
    assert (third.status, third.end_event) == ("completed", "he")


def test_an_event_sub_process_that_interrupts_nothing_runs_beside_its_scope_as_often_as_told() -> None:
    of = withdrawing(False)
    first = begin(of)
    assert first.state is not None
    second = deliver_message(of, first.state, task_id(first, "esp_start"), {}, NOW)
    assert second.state is not None
    third = deliver_message(of, second.state, task_id(first, "esp_start"), {}, NOW)
    assert third.waiting_at == ("a", "h")
    fourth = act(of, third, first, "a")
    assert fourth.status == "active"
    fifth = act(of, fourth, second, "h")
    assert act(of, fifth, third, "h").status == "completed"


def test_an_unfired_event_sub_process_does_not_hold_the_end() -> None:
    of = withdrawing(True)
    outcome = begin(of)
    after = complete(of, outcome, "a")
    assert (after.status, after.subscriptions_removed) == ("completed", (task_id(outcome, "esp_start"),))


def test_an_event_sub_process_catches_an_error_of_its_scope() -> None:
    handler = triggered("esp", ERROR, user("h"), element("endEvent", "he"), line("esp_start", "h", "he"))
    of = release(START, service("s"), END, line("start", "s", "end"), handler)
    outcome = begin(of)
    assert outcome.state is not None
    after = fail_operation(of, outcome.state, task_id(outcome, "s"), "REFUSED", "no", NOW)
    assert (after.waiting_at, after.operations_withdrawn) == (("h",), (task_id(outcome, "s"),))


def test_an_error_within_the_handler_of_an_error_goes_further_out() -> None:
    handler = triggered("esp", ERROR, user("h"), element("endEvent", "he", inner=ERROR), line("esp_start", "h", "he"))
    of = release(START, service("s"), END, line("start", "s", "end"), handler)
    outcome = begin(of)
    assert outcome.state is not None
    after = fail_operation(of, outcome.state, task_id(outcome, "s"), "REFUSED", "no", NOW)
    with pytest.raises(UncaughtError):
        complete(of, after, "h")


def test_a_timer_event_sub_process_that_repeats_fires_again() -> None:
    handler = triggered(
        "esp", timer("R/P1D", "timeCycle"), element("endEvent", "he"), line("esp_start", "he"), interrupting=False
    )
    of = release(START, user("a"), END, line("start", "a", "end"), handler)
    first = begin(of)
    for day in (1, 2, 3):
        assert first.state is not None
        first = fire_timers(of, first.state, Moment.at(NOW.now + timedelta(days=day)))
        assert done(first) == ["esp_start", "he", "esp"]
        assert [row.due_at for row in first.timers_created] == [NOW.now + timedelta(days=day + 1)]


def test_an_event_sub_process_within_a_sub_process_leaves_the_outside_alone() -> None:
    handler = triggered("esp", ESCALATION, user("h"), element("endEvent", "he"), line("esp_start", "h", "he"))
    inner = (element("startEvent", "s1"), user("a"), element("endEvent", "e1", inner=ESCALATION), line("s1", "a", "e1"))
    of = release(
        START,
        sub("sub", *inner, handler),
        user("b"),
        user("c"),
        END,
        flows("start>sub", "start>b", "sub>c", "b>end", "c>end"),
    )
    first = begin(of)
    second = act(of, first, first, "a")
    assert set(second.waiting_at) == {"h", "b"}
    assert set(complete(of, second, "h").waiting_at) == {"b", "c"}
