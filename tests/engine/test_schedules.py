"""Random schedules: an instance kept in memory and one that is saved and loaded at every step do exactly the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.engine import EngineFailure, Outcome, Release
from app.engine.activities import Job, UserTaskSpec
from app.engine.events import throw_error
from app.engine.recorder import Recorder
from app.engine.running import fire_due, outcome_of
from app.engine.store import restore, save
from app.engine.tokens import MAX_STEPS, Instance, Token
from app.engine.waiting import Waiting
from app.moment import Moment
from tests.engine.diagrams import (
    END,
    ERROR,
    ESCALATION,
    MESSAGE,
    NOW,
    START,
    boundary,
    bpmn,
    element,
    flows,
    line,
    process,
    release_of,
    service,
    timer,
    user,
)
from tests.engine.test_multi_instance import loop
from tests.engine.test_subprocesses import inside, sub, triggered

GATE = element("exclusiveGateway", "again", default="again_end")


def many_events() -> Release:
    """A loop around two reviews in parallel, with reminders, deadlines, errors, escalations and event sub-processes."""
    handler = triggered(
        "esp",
        timer("R/P2D", "timeCycle"),
        user("nudge"),
        element("endEvent", "esp_end"),
        line("esp_start", "nudge", "esp_end"),
        interrupting=False,
    )
    asked = triggered(
        "ask", MESSAGE, service("answer"), element("endEvent", "ask_end"), line("ask_start", "answer", "ask_end")
    )
    reviews = sub(
        "reviews",
        element("parallelGateway", "split"),
        user("first", {"first": "=n"}),
        service("second"),
        element("intermediateThrowEvent", "late", inner=ESCALATION),
        element("parallelGateway", "join"),
        element("startEvent", "r_start"),
        element("endEvent", "r_end"),
        boundary("remind", "first", timer("R3/P1D", "timeCycle"), False),
        user("reminded"),
        element("endEvent", "remind_end"),
        flows("r_start>split", "split>first", "split>second", "first>join", "second>late", "late>join", "join>r_end"),
        flows("remind>reminded", "reminded>remind_end"),
        asked,
    )
    main = process(
        START,
        element("exclusiveGateway", "turn"),
        reviews,
        boundary("failed", "reviews", ERROR),
        boundary("raised", "reviews", ESCALATION, False),
        boundary("over", "reviews", timer("P7D")),
        user("repair"),
        user("look"),
        element("endEvent", "looked"),
        user("vote", inner=loop(output="=n", condition="=numberOfCompletedInstances > 1")),
        element("callActivity", "call", '<zeebe:calledElement processId="q" />'),
        user("decide", {"rework": "=n < 6"}),
        GATE,
        END,
        handler,
        flows(
            "start>turn", "turn>reviews", "reviews>vote", "failed>repair", "repair>turn", "raised>look", "look>looked"
        ),
        flows(
            "over>decide", "vote>call", "call>decide", "decide>again", "again>turn", "again>end", again_turn="= rework"
        ),
    )
    called = process(
        sub("inner", user("qa"), inside("qa")),
        element("startEvent", "qs"),
        element("endEvent", "qe"),
        line("qs", "inner", "qe"),
        key="q",
    )
    return release_of(bpmn(main, called))


def begun(of: Release) -> Instance:
    instance = Instance(of, NOW)
    root = instance.plant(of.process.scope)
    root.data.update(case_number="C-1", members=["li", "wang", "zhao"])
    of.process.scope.arm(root)
    instance.enter(root, of.process.starts[""])
    return instance


def choices(instance: Instance) -> list[tuple[str, Token]]:
    """What can be done next, in an order that does not depend on task ids."""
    able: list[tuple[str, Token]] = []
    for token in instance.in_order():
        if isinstance(token.task_spec, UserTaskSpec):
            able.append(("complete", token))
        elif isinstance(token.task_spec, Job) and token.is_started:
            able += [("complete", token), ("fail", token)]
        elif isinstance(token.task_spec, Waiting) and token.is_waiting and token.task_spec.element.event == "message":
            able.append(("deliver", token))
    return able


def take_step(instance: Instance, dice: random.Random, at: Moment) -> Outcome:
    instance.record, instance.moment, instance.steps_left = Recorder(), at, MAX_STEPS
    able = choices(instance)
    number = dice.randrange(len(able) + 1)
    if number == len(able):
        fire_due(instance)
        return outcome_of(instance)
    act, token = able[number]
    if act == "complete":
        instance.finish(token, {"n": dice.randrange(8)})
    elif act == "deliver":
        token.task_spec.fire(token, {"asked": dice.randrange(8)})
    else:
        throw_error(token, "REFUSED", "no")
    return outcome_of(instance)


def play(of: Release, seed: int, reload: bool) -> Iterator[object]:
    """What every step of one schedule showed, without task ids."""
    dice, instance, at = random.Random(seed), begun(of), NOW
    yield shown(outcome_of(instance))
    for _ in range(40):
        if instance.completed:
            return
        at = Moment.at(at.now + timedelta(hours=dice.randrange(40)))
        if reload:
            instance = restore(of, save(instance), at)
        try:
            yield shown(take_step(instance, dice, at))
        except EngineFailure as failure:
            yield failure.element_id
            return


def shown(outcome: Outcome) -> object:
    created = (
        *outcome.tasks_created,
        *outcome.operations_created,
        *outcome.timers_created,
        *outcome.subscriptions_created,
    )
    closed = (
        outcome.tasks_withdrawn,
        outcome.operations_withdrawn,
        outcome.timers_removed,
        outcome.subscriptions_removed,
    )
    return (
        outcome.status,
        [row.element_id for row in created],
        [row.due_at for row in outcome.timers_created],
        [len(ids) for ids in closed],
        [step.element_id for step in outcome.steps],
        outcome.variables,
        outcome.waiting_at,
    )


@pytest.mark.parametrize("seed", range(60))
def test_saved_and_loaded_at_each_step_an_instance_does_what_it_does_in_memory(seed: int) -> None:
    of = many_events()
    assert list(play(of, seed, reload=True)) == list(play(of, seed, reload=False))


def test_the_schedules_reach_every_element_of_the_diagram() -> None:
    of = many_events()
    reached: set[str] = set()
    for seed in range(60):
        for step in play(of, seed, reload=False):
            assert not isinstance(step, str), f"schedule {seed} failed at {step}"
            reached.update(step[4])  # type: ignore[index]
    drawn = {key for built in of.processes.values() for key in built.definition.elements}
    assert drawn - reached == set()
