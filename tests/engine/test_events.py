"""Events: messages in and out, boundary events of both kinds, errors and escalations on their way up, terminate, links."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine import (
    EngineFailure,
    NotWaiting,
    Outcome,
    Release,
    UncaughtError,
    complete_task,
    deliver_message,
    fire_timers,
    start,
)
from app.moment import Moment
from tests.engine.diagrams import (
    END,
    ERROR,
    ESCALATION,
    MESSAGE,
    NOW,
    OPENED,
    START,
    TERMINATE,
    begin,
    boundary,
    complete,
    done,
    element,
    flows,
    line,
    mapping,
    release,
    task_id,
    timer,
    user,
)

KEYED = mapping({"case_number": "=case_number", "amount": "=amount"})


def later(**delta: float) -> Moment:
    return Moment.at(NOW.now + timedelta(**delta))


def deliver(
    of: Release, outcome: Outcome, element_id: str, created: Outcome | None = None, **payload: object
) -> Outcome:
    assert outcome.state is not None
    return deliver_message(of, outcome.state, task_id(created or outcome, element_id), payload, NOW)


def by_message() -> Release:
    opened = element("startEvent", "opened", inner=OPENED)
    return release(START, opened, user("a"), user("b"), END, flows("start>a", "opened>b", "a>end", "b>end"))


def test_a_message_start_begins_at_its_own_event() -> None:
    outcome = start(by_message(), {"case_number": "C-1"}, NOW, "Opened")
    assert (outcome.waiting_at, outcome.variables) == (("b",), {"case_number": "C-1"})


def test_without_a_message_the_plain_start_is_taken() -> None:
    assert start(by_message(), {}, NOW).waiting_at == ("a",)


def test_a_message_that_starts_nothing_is_a_failure() -> None:
    with pytest.raises(EngineFailure):
        start(by_message(), {}, NOW, "Unknown")


def catching(extension: str = "") -> Release:
    catch = element("intermediateCatchEvent", "paid", extension, MESSAGE)
    return release(START, catch, user("a"), END, line("start", "paid", "a", "end"))


def test_a_catch_tells_its_message_and_key_and_stands_there() -> None:
    outcome = begin(catching(), case_number=17)
    subscription = outcome.subscriptions_created[0]
    assert (subscription.name, subscription.key, outcome.waiting_at) == ("Paid", "17", ("paid",))


def test_a_delivered_payload_becomes_variables() -> None:
    of = catching()
    outcome = begin(of)
    after = deliver(of, outcome, "paid", amount=5)
    assert (after.waiting_at, after.variables) == (("a",), {"case_number": "C-1", "amount": 5})
    assert after.subscriptions_removed == (task_id(outcome, "paid"),)


def test_output_mappings_of_a_catch_keep_the_rest_of_the_payload_out() -> None:
    of = catching(mapping(outputs={"paid": "=amount > 0"}))
    assert deliver(of, begin(of), "paid", amount=5, secret="x").variables == {"case_number": "C-1", "paid": True}


def test_a_message_without_a_key_is_a_failure_at_the_catch() -> None:
    with pytest.raises(EngineFailure) as caught:
        begin(catching(), case_number=None)
    assert caught.value.element_id == "paid"


def test_a_message_cannot_be_delivered_twice() -> None:
    of = catching()
    first = begin(of)
    second = deliver(of, first, "paid")
    with pytest.raises(NotWaiting):
        deliver(of, second, "paid", first)


def test_a_receive_task_waits_for_its_message_with_boundary_events() -> None:
    receive = element("receiveTask", "r", messageRef="m_paid")
    of = release(START, receive, boundary("late", "r", timer("PT1H")), user("a"), END,
                 flows("start>r", "r>end", "late>a", "a>end"))  # fmt: skip
    outcome = begin(of)
    assert outcome.waiting_at == ("r",)
    assert deliver(of, outcome, "r", amount=1).status == "completed"
    assert outcome.state is not None
    assert fire_timers(of, outcome.state, later(hours=2)).waiting_at == ("a",)


@pytest.mark.parametrize(
    "thrower",
    [
        element("intermediateThrowEvent", "t", KEYED, MESSAGE),
        element("endEvent", "t", KEYED, MESSAGE),
        element("sendTask", "t", KEYED, messageRef="m_paid"),
    ],
)
def test_a_thrown_message_carries_its_input_mappings_and_nothing_else(thrower: str) -> None:
    more = (END, line("start", "t", "end")) if "endEvent" not in thrower else (line("start", "t"),)
    outcome = begin(release(START, thrower, *more), amount=5, secret="x")
    assert outcome.status == "completed"
    message = outcome.messages[0]
    assert (message.name, message.key, message.payload) == ("Paid", "C-1", {"case_number": "C-1", "amount": 5})


def test_a_throw_with_a_task_definition_is_an_operation() -> None:
    job = '<zeebe:taskDefinition type="publish" />'
    of = release(START, element("endEvent", "t", job, MESSAGE), line("start", "t"))
    outcome = begin(of)
    assert ([call.type for call in outcome.operations_created], outcome.waiting_at) == (["publish"], ("t",))


def bordered(interrupting: bool) -> Release:
    return release(START, user("a"), boundary("paid", "a", MESSAGE, interrupting), user("b"), END,
                   flows("start>a", "a>end", "paid>b", "b>end"))  # fmt: skip


def test_an_interrupting_boundary_message_withdraws_the_task() -> None:
    of = bordered(True)
    outcome = begin(of)
    after = deliver(of, outcome, "paid")
    assert (after.waiting_at, after.tasks_withdrawn) == (("b",), (task_id(outcome, "a"),))


def test_a_boundary_message_that_interrupts_nothing_may_come_again() -> None:
    of = bordered(False)
    first = begin(of)
    second = deliver(of, first, "paid")
    third = deliver(of, second, "paid", first)
    assert (third.waiting_at, third.tasks_withdrawn, third.subscriptions_removed) == (("a", "b"), (), ())
    assert len(third.tasks_created) == 1


def test_finishing_a_task_closes_what_waited_on_its_border() -> None:
    of = bordered(True)
    outcome = begin(of)
    assert complete(of, outcome, "a").subscriptions_removed == (task_id(outcome, "paid"),)


def test_an_error_end_event_leaves_its_sub_process_by_the_border() -> None:
    inner = (element("startEvent", "s1"), user("a"), element("endEvent", "e1", inner=ERROR), line("s1", "a", "e1"))
    of = release(START, element("subProcess", "sub", inner="".join(inner)), boundary("b", "sub", ERROR), user("c"), END,
                 flows("start>sub", "sub>end", "b>c", "c>end"))  # fmt: skip
    after = complete(of, begin(of), "a")
    assert (after.waiting_at, done(after)) == (("c",), ["a", "e1", "b"])


def test_an_error_end_event_that_nothing_catches_is_a_failure() -> None:
    of = release(START, user("a"), element("endEvent", "e1", inner=ERROR), line("start", "a", "e1"))
    with pytest.raises(UncaughtError) as caught:
        complete(of, begin(of), "a")
    assert caught.value.element_id == "e1"


def test_a_boundary_event_of_the_code_comes_before_one_for_any_error() -> None:
    other = '<bpmn:errorEventDefinition errorRef="e_other" />'
    inner = (element("startEvent", "s1"), user("a"), element("endEvent", "e1", inner=ERROR), line("s1", "a", "e1"))
    of = release(START, element("subProcess", "sub", inner="".join(inner)), END, user("x"), user("y"), user("z"),
                 boundary("any", "sub", "<bpmn:errorEventDefinition />"), boundary("no", "sub", other),
                 boundary("yes", "sub", ERROR),
                 flows("start>sub", "sub>end", "any>x", "no>y", "yes>z", "x>end", "y>end", "z>end"))  # fmt: skip
    assert complete(of, begin(of), "a").waiting_at == ("z",)


def escalating(interrupting: bool) -> Release:
    inner = (element("startEvent", "s1"), user("a"), element("intermediateThrowEvent", "t", inner=ESCALATION), user("b"),
             element("endEvent", "e1"), line("s1", "a", "t", "b", "e1"))  # fmt: skip
    return release(START, element("subProcess", "sub", inner="".join(inner)), END, user("c"),
                   boundary("x", "sub", ESCALATION, interrupting), flows("start>sub", "sub>end", "x>c", "c>end"))  # fmt: skip


def test_an_escalation_that_interrupts_nothing_runs_beside_its_scope() -> None:
    of = escalating(False)
    assert set(complete(of, begin(of), "a").waiting_at) == {"b", "c"}


def test_an_interrupting_escalation_ends_its_scope() -> None:
    of = escalating(True)
    assert complete(of, begin(of), "a").waiting_at == ("c",)


def test_an_escalation_that_nobody_catches_changes_nothing() -> None:
    of = release(START, element("intermediateThrowEvent", "t", inner=ESCALATION), user("b"), END,
                 line("start", "t", "b", "end"))  # fmt: skip
    assert begin(of).waiting_at == ("b",)


def test_terminate_ends_the_process_with_all_that_waits_in_it() -> None:
    of = release(START, user("a"), user("b"), element("endEvent", "stop", inner=TERMINATE), END,
                 flows("start>a", "start>b", "a>stop", "b>end"))  # fmt: skip
    outcome = begin(of)
    after = complete(of, outcome, "a")
    assert (after.status, after.tasks_withdrawn) == ("completed", (task_id(outcome, "b"),))


def test_terminate_within_a_sub_process_ends_that_alone() -> None:
    inner = (element("startEvent", "s1"), user("a"), user("b"), element("endEvent", "stop", inner=TERMINATE),
             flows("s1>a", "s1>b", "a>stop", "b>stop"))  # fmt: skip
    of = release(
        START, element("subProcess", "sub", inner="".join(inner)), user("c"), END, line("start", "sub", "c", "end")
    )
    assert complete(of, begin(of), "a").waiting_at == ("c",)


def test_a_link_leads_from_every_throw_to_its_catch() -> None:
    link = '<bpmn:linkEventDefinition name="on" />'
    of = release(START, user("a"), user("b"), element("intermediateThrowEvent", "t1", inner=link),
                 element("intermediateThrowEvent", "t2", inner=link), element("intermediateCatchEvent", "c", inner=link),
                 user("d"), END, flows("start>a", "start>b", "a>t1", "b>t2", "c>d", "d>end"))  # fmt: skip
    outcome = begin(of)
    after = complete(of, outcome, "a")
    assert (done(after), set(after.waiting_at)) == (["a", "t1", "c"], {"b", "d"})


def test_a_task_without_a_following_flow_ends_its_branch() -> None:
    of = release(START, user("a"), line("start", "a"))
    assert complete(of, begin(of), "a").status == "completed"


def test_what_a_failed_run_began_leaves_the_old_state_usable() -> None:
    of = release(START, user("a"), element("exclusiveGateway", "g"), user("b"), END,
                 flows("start>a", "a>g", "g>b", "b>end", g_b="= ready"))  # fmt: skip
    outcome = begin(of)
    with pytest.raises(EngineFailure):
        complete(of, outcome, "a")
    assert outcome.state is not None
    task = task_id(outcome, "a")
    with pytest.raises(EngineFailure):
        complete_task(of, outcome.state, task, {}, NOW)
