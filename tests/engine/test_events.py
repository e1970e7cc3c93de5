"""Errors and escalations on their way up, terminate, links, and what a failed run leaves behind."""

from __future__ import annotations

import pytest

from app.engine import (
    EngineFailure,
    Release,
    UncaughtError,
    complete_task,
)
from tests.engine.diagrams import (
    END,
    ERROR,
    ESCALATION,
    NOW,
    START,
    TERMINATE,
    begin,
    boundary,
    complete,
    done,
    element,
    flows,
    line,
    release,
    service,
    task_id,
    user,
)


def test_an_error_end_event_leaves_its_sub_process_by_the_border() -> None:
    inner = (element("startEvent", "s1"), user("a"), element("endEvent", "e1", inner=ERROR), line("s1", "a", "e1"))
    of = release(
        START,
        element("subProcess", "sub", inner="".join(inner)),
        boundary("b", "sub", ERROR),
        user("c"),
        END,
        flows("start>sub", "sub>end", "b>c", "c>end"),
    )
    after = complete(of, begin(of), "a")
    assert (after.waiting_at, done(after)) == (("c",), ["a", "e1", "b"])


def test_an_error_stops_what_was_about_to_run_in_the_same_scope() -> None:
    inner = (
        element("startEvent", "s1"),
        element("endEvent", "e1", inner=ERROR),
        element("task", "t"),
        flows("s1>e1", "s1>t"),
    )
    sub = element("subProcess", "sub", inner="".join(inner))
    of = release(START, sub, boundary("b", "sub", ERROR), user("c"), END, flows("start>sub", "sub>end", "b>c", "c>end"))
    assert done(begin(of)) == ["start", "s1", "e1", "b"]


def test_an_error_end_event_that_nothing_catches_is_a_failure() -> None:
    of = release(START, user("a"), element("endEvent", "e1", inner=ERROR), line("start", "a", "e1"))
    with pytest.raises(UncaughtError) as caught:
        complete(of, begin(of), "a")
    assert caught.value.element_id == "e1"


def test_a_boundary_event_of_the_code_comes_before_one_for_any_error() -> None:
    other = '<bpmn:errorEventDefinition errorRef="e_other" />'
    inner = (element("startEvent", "s1"), user("a"), element("endEvent", "e1", inner=ERROR), line("s1", "a", "e1"))
    of = release(
        START,
        element("subProcess", "sub", inner="".join(inner)),
        END,
        user("x"),
        user("y"),
        user("z"),
        boundary("any", "sub", "<bpmn:errorEventDefinition />"),
        boundary("no", "sub", other),
        boundary("yes", "sub", ERROR),
        flows("start>sub", "sub>end", "any>x", "no>y", "yes>z", "x>end", "y>end", "z>end"),
    )
    assert complete(of, begin(of), "a").waiting_at == ("z",)


def escalating(interrupting: bool) -> Release:
    inner = (
        element("startEvent", "s1"),
        user("a"),
        element("intermediateThrowEvent", "t", inner=ESCALATION),
        user("b"),
        element("endEvent", "e1"),
        line("s1", "a", "t", "b", "e1"),
    )
    return release(
        START,
        element("subProcess", "sub", inner="".join(inner)),
        END,
        user("c"),
        boundary("x", "sub", ESCALATION, interrupting),
        flows("start>sub", "sub>end", "x>c", "c>end"),
    )


def test_an_escalation_that_interrupts_nothing_runs_beside_its_scope() -> None:
    of = escalating(False)
    assert set(complete(of, begin(of), "a").waiting_at) == {"b", "c"}


def test_an_interrupting_escalation_ends_its_scope() -> None:
    of = escalating(True)
    after = complete(of, begin(of), "a")
    assert (after.waiting_at, done(after)) == (("c",), ["a", "t", "x"])


def test_an_escalation_that_nobody_catches_changes_nothing() -> None:
    of = release(
        START, element("intermediateThrowEvent", "t", inner=ESCALATION), user("b"), END, line("start", "t", "b", "end")
    )
    assert begin(of).waiting_at == ("b",)


def test_terminate_ends_the_process_with_all_that_waits_in_it() -> None:
    of = release(
        START,
        user("a"),
        user("b"),
        element("endEvent", "stop", inner=TERMINATE),
        END,
        flows("start>a", "start>b", "a>stop", "b>end"),
    )
    outcome = begin(of)
    after = complete(of, outcome, "a")
    assert (after.status, after.tasks_withdrawn) == ("completed", (task_id(outcome, "b"),))


def test_what_comes_and_goes_within_a_run_is_told_neither_as_created_nor_as_withdrawn() -> None:
    stop = element("endEvent", "stop", inner=TERMINATE)
    of = release(
        START,
        user("first"),
        user("a"),
        service("s"),
        stop,
        flows("start>first", "first>a", "first>s", "first>stop", "a>stop", "s>stop"),
    )
    after = complete(of, begin(of), "first")
    assert (after.status, done(after)) == ("completed", ["first", "stop"])
    assert (after.tasks_created, after.tasks_withdrawn, after.operations_withdrawn) == ((), (), ())


def test_terminate_within_a_sub_process_ends_that_alone() -> None:
    inner = (
        element("startEvent", "s1"),
        user("a"),
        user("b"),
        element("endEvent", "stop", inner=TERMINATE),
        flows("s1>a", "s1>b", "a>stop", "b>stop"),
    )
    of = release(
        START, element("subProcess", "sub", inner="".join(inner)), user("c"), END, line("start", "sub", "c", "end")
    )
    assert complete(of, begin(of), "a").waiting_at == ("c",)


def test_a_link_leads_from_every_throw_to_its_catch() -> None:
    link = '<bpmn:linkEventDefinition name="on" />'
    of = release(
        START,
        user("a"),
        user("b"),
        element("intermediateThrowEvent", "t1", inner=link),
        element("intermediateThrowEvent", "t2", inner=link),
        element("intermediateCatchEvent", "c", inner=link),
        user("d"),
        END,
        flows("start>a", "start>b", "a>t1", "b>t2", "c>d", "d>end"),
    )
    outcome = begin(of)
    after = complete(of, outcome, "a")
    assert (done(after), set(after.waiting_at)) == (["a", "t1", "c"], {"b", "d"})


def test_a_task_without_a_following_flow_ends_its_branch() -> None:
    of = release(START, user("a"), line("start", "a"))
    assert complete(of, begin(of), "a").status == "completed"


def test_what_a_failed_run_began_leaves_the_old_state_usable() -> None:
    of = release(
        START,
        user("a"),
        element("exclusiveGateway", "g"),
        user("b"),
        END,
        flows("start>a", "a>g", "g>b", "b>end", g_b="= ready"),
    )
    outcome = begin(of)
    with pytest.raises(EngineFailure):
        complete(of, outcome, "a")
    assert outcome.state is not None
    task = task_id(outcome, "a")
    with pytest.raises(EngineFailure):
        complete_task(of, outcome.state, task, {}, NOW)
