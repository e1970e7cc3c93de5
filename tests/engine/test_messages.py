"""Messages: starts, catches, receive tasks, throws, and messages on the border of a task."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine import (
    EngineFailure,
    NotWaiting,
    Outcome,
    Release,
    deliver_message,
    fire_timers,
    start,
)
from app.moment import Moment
from tests.engine.diagrams import (
    END,
    MESSAGE,
    NOW,
    OPENED,
    START,
    begin,
    boundary,
    complete,
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
    of = release(
        START,
        receive,
        boundary("late", "r", timer("PT1H")),
        user("a"),
        END,
        flows("start>r", "r>end", "late>a", "a>end"),
    )
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


def test_a_throw_may_name_its_key_itself() -> None:
    thrower = element("endEvent", "t", '<zeebe:publishMessage correlationKey="=&quot;K-&quot; + loan" />', MESSAGE)
    outcome = begin(release(START, thrower, line("start", "t")), loan="7")
    assert (outcome.messages[0].key, outcome.messages[0].payload) == ("K-7", {})


def test_a_thrown_case_number_that_is_null_is_a_failure() -> None:
    thrower = element("endEvent", "t", mapping({"case_number": "=gone"}), MESSAGE)
    with pytest.raises(EngineFailure) as caught:
        begin(release(START, thrower, line("start", "t")))
    assert caught.value.element_id == "t"


def test_a_throw_with_a_task_definition_is_an_operation() -> None:
    job = '<zeebe:taskDefinition type="publish" />'
    of = release(START, element("endEvent", "t", job, MESSAGE), line("start", "t"))
    outcome = begin(of)
    assert ([call.type for call in outcome.operations_created], outcome.waiting_at) == (["publish"], ("t",))


def bordered(interrupting: bool) -> Release:
    return release(
        START,
        user("a"),
        boundary("paid", "a", MESSAGE, interrupting),
        user("b"),
        END,
        flows("start>a", "a>end", "paid>b", "b>end"),
    )


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


def test_true_and_false_may_be_written_as_1_and_0() -> None:
    numbered = element("boundaryEvent", "paid", inner=MESSAGE, attachedToRef="a", cancelActivity="0")
    of = release(START, user("a"), numbered, user("b"), END, flows("start>a", "a>end", "paid>b", "b>end"))
    assert deliver(of, begin(of), "paid").waiting_at == ("a", "b")


def test_finishing_a_task_closes_what_waited_on_its_border() -> None:
    of = bordered(True)
    outcome = begin(of)
    assert complete(of, outcome, "a").subscriptions_removed == (task_id(outcome, "paid"),)
