"""Tasks: what a person, an operation, a rule or a script brings, and where it is written."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.engine import (
    EngineFailure,
    NotWaiting,
    UncaughtError,
    complete_operation,
    complete_task,
    fail_operation,
)
from app.errors import DefinitionRefused
from app.texts import Text
from tests.engine.diagrams import (
    DMN,
    END,
    ERROR,
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
    user,
)

PROPERTY = '<zeebe:properties><zeebe:property name="{}" value="{}" /></zeebe:properties>'


def test_an_instance_waits_for_its_first_person() -> None:
    of = release(START, user("a"), END, line("start", "a", "end"))
    outcome = begin(of)
    assert (outcome.status, outcome.waiting_at, done(outcome)) == ("active", ("a",), ["start"])
    assert outcome.tasks_created[0].candidate_groups == ("reviewers",)
    assert outcome.tasks_created[0].name == Text("任务 a", "")


def test_it_is_completed_when_an_end_event_is_reached() -> None:
    of = release(START, user("a"), END, line("start", "a", "end"))
    outcome = complete(of, begin(of), "a")
    assert (outcome.status, outcome.state, done(outcome)) == ("completed", None, ["a", "end"])


def test_what_is_submitted_reaches_the_process_only_through_output_mappings() -> None:
    of = release(START, user("a", {"verdict": "=decision"}), user("b"), END, line("start", "a", "b", "end"))
    outcome = complete(of, begin(of), "a", decision="pass", remark="fine")
    assert outcome.variables == {"case_number": "C-1", "verdict": "pass"}


def test_without_output_mappings_nothing_that_is_submitted_reaches_the_process() -> None:
    of = release(START, user("a"), user("b"), END, line("start", "a", "b", "end"))
    assert complete(of, begin(of), "a", decision="pass").variables == {"case_number": "C-1"}


def test_input_mappings_are_seen_by_the_task_and_by_nobody_else() -> None:
    shown = mapping({"asked": "=amount * 2", "purpose": "stock"})
    of = release(START, user("a", extension=shown), user("b"), END, line("start", "a", "b", "end"))
    outcome = begin(of, amount=Decimal("10.50"))
    assert outcome.tasks_created[0].variables["asked"] == Decimal("21.00")
    assert outcome.tasks_created[0].variables["purpose"] == "stock"
    assert complete(of, outcome, "a").variables == {"case_number": "C-1", "amount": Decimal("10.50")}


def test_a_dotted_target_writes_into_a_context_and_keeps_its_other_entries() -> None:
    of = release(START, user("a", {"loan.terms.months": "=m"}), user("b"), END, line("start", "a", "b", "end"))
    outcome = complete(of, begin(of, loan={"terms": {"rate": 5}, "amount": 100}), "a", m=12)
    assert outcome.variables["loan"] == {"terms": {"rate": 5, "months": 12}, "amount": 100}


def test_groups_assignee_form_dates_and_priority_may_be_expressions() -> None:
    parts = (
        '<zeebe:assignmentDefinition candidateGroups="=[role, &quot;lead&quot;]" assignee="=who" />'
        '<zeebe:formDefinition formId="=form" /><zeebe:priorityDefinition priority="=10 + 70" />'
        '<zeebe:taskSchedule dueDate="2026-03-05T18:00:00+08:00" followUpDate="=soon" />'
    )
    of = release(START, element("userTask", "a", parts), END, line("start", "a", "end"))
    task = begin(of, role="reviewers", who="li", form="review", soon="2026-03-04").tasks_created[0]
    assert (task.candidate_groups, task.assignee) == (("reviewers", "lead"), "li")
    assert (task.form_key, task.priority) == ("review", 80)
    assert task.due_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert task.follow_up_at == datetime(2026, 3, 3, 16, tzinfo=UTC)


def test_a_group_expression_that_gives_nothing_fails_at_its_task() -> None:
    parts = '<zeebe:assignmentDefinition candidateGroups="=nobody" />'
    of = release(START, element("userTask", "a", parts), END, line("start", "a", "end"))
    with pytest.raises(EngineFailure) as caught:
        begin(of)
    assert caught.value.element_id == "a"


def test_properties_and_the_english_name_come_with_the_task() -> None:
    named = user("a", extension=PROPERTY.format("name_en", "Review"))
    of = release(START, named, END, line("start", "a", "end"))
    task = begin(of).tasks_created[0]
    assert (task.name.en, task.properties) == ("Review", {"name_en": "Review"})


def test_a_service_task_stops_the_engine_and_its_result_goes_on() -> None:
    headers = '<zeebe:taskHeaders><zeebe:header key="set" value="firm" /></zeebe:taskHeaders>'
    of = release(START, service("s", headers + mapping({"number": "=case_number"})), END, line("start", "s", "end"))
    outcome = begin(of)
    call = outcome.operations_created[0]
    assert (call.type, call.retries, call.headers, call.variables["number"]) == ("do_it", 2, {"set": "firm"}, "C-1")
    assert outcome.state is not None
    after = complete_operation(of, outcome.state, call.task_id, {"score": 7}, NOW)
    assert (after.status, after.variables["score"]) == ("completed", 7)


@pytest.mark.parametrize("tag", ["serviceTask", "sendTask", "businessRuleTask", "scriptTask"])
def test_every_task_with_a_task_definition_is_an_operation(tag: str) -> None:
    job = '<zeebe:taskDefinition type="=&quot;do_&quot; + what" retries="=1 + 4" />'
    of = release(START, element(tag, "s", job), END, line("start", "s", "end"))
    outcome = begin(of, what="it")
    assert [(call.type, call.retries) for call in outcome.operations_created] == [("do_it", 5)]
    assert outcome.waiting_at == ("s",)


def test_output_mappings_of_an_operation_keep_the_rest_out() -> None:
    of = release(
        START, service("s", mapping(outputs={"score": "=points + 1"})), user("a"), END, line("start", "s", "a", "end")
    )
    outcome = begin(of)
    assert outcome.state is not None
    after = complete_operation(of, outcome.state, task_id(outcome, "s"), {"points": 7, "raw": "x"}, NOW)
    assert after.variables == {"case_number": "C-1", "score": 8}


def test_an_error_of_an_operation_takes_the_boundary_event_of_its_code() -> None:
    of = release(
        START, service("s"), END, boundary("b", "s", ERROR), user("a"), flows("start>s", "s>end", "b>a", "a>end")
    )
    outcome = begin(of)
    assert outcome.state is not None
    after = fail_operation(of, outcome.state, task_id(outcome, "s"), "REFUSED", "no", NOW)
    assert after.waiting_at == ("a",)
    assert after.operations_withdrawn == (task_id(outcome, "s"),)


def test_an_error_that_nothing_catches_is_told_with_its_code() -> None:
    of = release(START, service("s"), END, boundary("b", "s", ERROR), flows("start>s", "s>end", "b>end"))
    outcome = begin(of)
    assert outcome.state is not None
    with pytest.raises(UncaughtError) as caught:
        fail_operation(of, outcome.state, task_id(outcome, "s"), "BROKEN", "no line", NOW)
    assert (caught.value.element_id, caught.value.code) == ("s", "BROKEN")


def test_the_code_and_text_of_an_error_are_for_the_events_mappings() -> None:
    caught = boundary("b", "s", ERROR, extension=mapping(outputs={"why": "=errorMessage", "code": "=errorCode"}))
    of = release(START, service("s"), END, caught, flows("start>s", "s>end", "b>end"))
    outcome = begin(of)
    assert outcome.state is not None
    after = fail_operation(of, outcome.state, task_id(outcome, "s"), "REFUSED", "limit used up", NOW)
    assert after.variables == {"case_number": "C-1", "why": "limit used up", "code": "REFUSED"}


def test_completing_what_is_not_open_is_a_conflict() -> None:
    of = release(START, user("a"), user("b"), END, line("start", "a", "b", "end"))
    first = begin(of)
    second = complete(of, first, "a")
    assert second.state is not None
    with pytest.raises(NotWaiting):
        complete_task(of, second.state, task_id(first, "a"), {}, NOW)
    with pytest.raises(NotWaiting):
        complete_operation(of, second.state, task_id(second, "b"), {}, NOW)
    with pytest.raises(NotWaiting):
        complete_task(of, second.state, "no-such-task", {}, NOW)


def test_a_script_task_writes_the_value_of_its_expression() -> None:
    of = release(START, script("s", "total", "=sum([amount, 1])"), user("a"), END, line("start", "s", "a", "end"))
    assert begin(of, amount=41).variables["total"] == 42


def rule_task(result: str = "band", decision: str = "band") -> str:
    return element(
        "businessRuleTask", "r", f'<zeebe:calledDecision decisionId="{decision}" resultVariable="{result}" />'
    )


def dmn(hit_policy: str = "FIRST") -> bytes:
    return DMN.format(hit_policy=hit_policy).encode()


@pytest.mark.parametrize("decision", ["band", "=&quot;ba&quot; + &quot;nd&quot;"])
def test_a_rule_task_decides_here_and_leaves_its_trace(decision: str) -> None:
    of = release(START, rule_task(decision=decision), user("a"), END, line("start", "r", "a", "end"), band=dmn())
    outcome = begin(of, amount=Decimal("75"))
    assert outcome.variables["band"] == "low"
    (decided,) = outcome.decided
    assert (decided.element_id, [hit.number for hit in decided.traces[-1].hits]) == ("r", [1])
    assert decided.variables["amount"] == Decimal("75")


def test_rules_that_contradict_the_hit_policy_are_a_failure_and_no_value() -> None:
    of = release(START, rule_task(), user("a"), END, line("start", "r", "a", "end"), band=dmn("UNIQUE"))
    with pytest.raises(EngineFailure) as caught:
        begin(of, amount=Decimal("75"))
    assert caught.value.element_id == "r"


def test_a_missing_decision_is_refused_at_publication() -> None:
    with pytest.raises(DefinitionRefused) as caught:
        release(START, rule_task(decision="grade"), END, line("start", "r", "end"), band=dmn())
    assert [problem.where for problem in caught.value.problems] == ["r"]


def test_a_manual_task_is_passed_through() -> None:
    of = release(START, element("manualTask", "m"), element("task", "t"), END, line("start", "m", "t", "end"))
    assert done(begin(of)) == ["start", "m", "t", "end"]


def test_milestones_are_those_of_the_events_passed() -> None:
    passed = element("intermediateThrowEvent", "t", PROPERTY.format("milestone", "accepted"))
    of = release(START, passed, END, line("start", "t", "end"))
    assert begin(of).milestones == ("accepted",)
