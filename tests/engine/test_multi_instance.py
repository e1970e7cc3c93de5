"""Multi-instance activities, parallel and sequential: items, results in order, early completion, borders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine import EngineFailure, Outcome, Release, complete_operation, complete_task, fire_timers
from app.moment import Moment
from tests.engine.diagrams import (
    END,
    NOW,
    START,
    begin,
    boundary,
    bpmn,
    done,
    element,
    escaped,
    flows,
    line,
    mapping,
    process,
    release,
    release_of,
    service,
    timer,
    user,
)


def loop(sequential: bool = False, output: str = "", condition: str = "", items: str = "=members") -> str:
    collected = f' outputCollection="votes" outputElement="{escaped(output)}"' if output else ""
    extension = f'<zeebe:loopCharacteristics inputCollection="{escaped(items)}" inputElement="member"{collected} />'
    ends = f"<bpmn:completionCondition>{escaped(condition)}</bpmn:completionCondition>" if condition else ""
    sort = ' isSequential="true"' if sequential else ""
    inner = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>{ends}"
    return f"<bpmn:multiInstanceLoopCharacteristics{sort}>{inner}</bpmn:multiInstanceLoopCharacteristics>"


def voting(characteristics: str, outputs: dict[str, str] | None = None) -> Release:
    return release(
        START, user("vote", outputs, inner=characteristics), user("after"), END, line("start", "vote", "after", "end")
    )


def vote(of: Release, state: Outcome, created: Outcome, number: int, **variables: object) -> Outcome:
    assert state.state is not None
    return complete_task(of, state.state, created.tasks_created[number].task_id, variables, NOW)


def test_every_item_gets_its_own_task_with_its_own_variable() -> None:
    outcome = begin(voting(loop()), members=["li", "wang", "zhao"])
    assert [(task.variables["member"], task.variables["loopCounter"]) for task in outcome.tasks_created] == [
        ("li", 1),
        ("wang", 2),
        ("zhao", 3),
    ]
    assert "member" not in outcome.variables


def test_results_are_collected_in_the_order_of_the_items() -> None:
    of = voting(loop(output="=opinion"))
    first = begin(of, members=["li", "wang", "zhao"])
    state = first
    for number, opinion in ((2, "no"), (0, "yes"), (1, "abstain")):
        state = vote(of, state, first, number, opinion=opinion)
    assert (state.waiting_at, state.variables["votes"]) == (("after",), ["yes", "abstain", "no"])
    assert "opinion" not in state.variables


def test_an_output_mapping_within_an_instance_stays_there() -> None:
    of = voting(loop(output="=result"), {"result": "=opinion"})
    first = begin(of, members=["li", "wang"])
    second = vote(of, first, first, 0, opinion="yes")
    third = vote(of, second, first, 1, opinion="no")
    assert (third.variables["votes"], "result" in third.variables) == (["yes", "no"], False)


def test_a_sequential_one_asks_one_after_the_other() -> None:
    of = voting(loop(sequential=True, output="=opinion"))
    state = begin(of, members=["li", "wang", "zhao"])
    for expected in ("li", "wang", "zhao"):
        assert [task.variables["member"] for task in state.tasks_created] == [expected]
        state = vote(of, state, state, 0, opinion=expected)
    assert (state.waiting_at, state.variables["votes"]) == (("after",), ["li", "wang", "zhao"])


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_list_is_passed_with_an_empty_result(sequential: bool) -> None:
    outcome = begin(voting(loop(sequential, output="=opinion")), members=[])
    assert (outcome.waiting_at, outcome.variables["votes"]) == (("after",), [])


def test_what_is_no_list_is_a_failure() -> None:
    with pytest.raises(EngineFailure) as caught:
        begin(voting(loop()))
    assert caught.value.element_id == "vote"


def test_more_items_than_anybody_can_do_are_a_failure() -> None:
    with pytest.raises(EngineFailure) as caught:
        begin(voting(loop()), members=list(range(1001)))
    assert caught.value.element_id == "vote"


def test_a_completion_condition_ends_it_early_and_withdraws_the_rest() -> None:
    of = voting(loop(output="=opinion", condition="=numberOfCompletedInstances / numberOfInstances >= 0.5"))
    first = begin(of, members=["li", "wang", "zhao", "sun"])
    second = vote(of, first, first, 1, opinion="yes")
    assert second.waiting_at == ("vote",)
    third = vote(of, second, first, 3, opinion="no")
    assert (third.waiting_at, third.variables["votes"]) == (("after",), [None, "yes", None, "no"])
    assert set(third.tasks_withdrawn) == {first.tasks_created[0].task_id, first.tasks_created[2].task_id}


def test_a_completion_condition_sees_the_results_so_far() -> None:
    of = voting(loop(output="=opinion", condition='=count(votes[item = "yes"]) = 2'))
    first = begin(of, members=["li", "wang", "zhao"])
    second = vote(of, first, first, 0, opinion="yes")
    assert second.waiting_at == ("vote",) and "votes" not in second.variables
    third = vote(of, second, first, 2, opinion="yes")
    assert (third.waiting_at, third.variables["votes"]) == (("after",), ["yes", None, "yes"])


def test_a_boundary_timer_withdraws_all_instances_once() -> None:
    of = release(
        START,
        user("vote", inner=loop()),
        boundary("late", "vote", timer("P1D")),
        user("after"),
        END,
        flows("start>vote", "vote>end", "late>after", "after>end"),
    )
    outcome = begin(of, members=["li", "wang"])
    assert len(outcome.timers_created) == 1
    assert outcome.state is not None
    after = fire_timers(of, outcome.state, Moment.at(NOW.now + timedelta(days=2)))
    assert (after.waiting_at, len(after.tasks_withdrawn)) == (("after",), 2)


def test_results_of_operations_stay_in_their_instances() -> None:
    of = release(
        START, service("s", inner=loop(output="=score")), user("after"), END, line("start", "s", "after", "end")
    )
    first = begin(of, members=["li", "wang"])
    state = first
    for call, score in zip(reversed(first.operations_created), (2, 1), strict=True):
        assert state.state is not None
        state = complete_operation(of, state.state, call.task_id, {"score": score}, NOW)
    assert (state.variables["votes"], "score" in state.variables) == ([1, 2], False)


def test_each_instance_of_a_sub_process_has_a_scope_of_its_own() -> None:
    inner = (
        element("startEvent", "s1"),
        user("a", {"opinion": "=opinion"}),
        user("b"),
        element("endEvent", "e1"),
        line("s1", "a", "b", "e1"),
    )
    of = release(
        START,
        element("subProcess", "sub", inner=loop(output="=opinion") + "".join(inner)),
        user("after"),
        END,
        line("start", "sub", "after", "end"),
    )
    first = begin(of, members=["li", "wang"])
    second = vote(of, first, first, 0, opinion="yes")
    third = vote(of, second, first, 1, opinion="no")
    assert third.tasks_created[0].variables["opinion"] == "no"
    fourth = vote(of, third, second, 0)
    assert vote(of, fourth, third, 0).variables["votes"] == ["yes", "no"]


def test_a_called_process_may_run_once_an_item() -> None:
    called = process(
        element("startEvent", "qs"),
        user("qa", {"answer": "=answer"}),
        element("endEvent", "qe"),
        line("qs", "qa", "qe"),
        key="q",
    )
    call = element("callActivity", "call", '<zeebe:calledElement processId="q" />', loop(output="=answer"))
    of = release_of(bpmn(process(START, call, user("after"), END, line("start", "call", "after", "end")), called))
    first = begin(of, members=["li", "wang"])
    second = vote(of, first, first, 1, answer="b")
    third = vote(of, second, first, 0, answer="a")
    assert third.variables["votes"] == ["a", "b"]
    assert done(third) == ["qa", "qe", "call"]


def test_a_script_for_each_item_needs_nobody() -> None:
    doubled = element(
        "scriptTask", "d", '<zeebe:script expression="=member * 2" resultVariable="twice" />', loop(output="=twice")
    )
    of = release(START, doubled, user("after"), END, line("start", "d", "after", "end"))
    assert begin(of, members=list(range(300))).variables["votes"] == [2 * n for n in range(300)]


def test_inputs_are_mapped_for_each_instance() -> None:
    asked = user("vote", extension=mapping({"greeting": '="Dear " + member'}), inner=loop())
    of = release(START, asked, END, line("start", "vote", "end"))
    outcome = begin(of, members=["li", "wang"])
    assert [task.variables["greeting"] for task in outcome.tasks_created] == ["Dear li", "Dear wang"]
