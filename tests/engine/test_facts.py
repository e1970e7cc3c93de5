"""What other parts read from a diagram without running it."""

from __future__ import annotations

from app.engine import process_facts
from app.texts import Text
from tests.engine.diagrams import (
    END,
    MESSAGE,
    OPENED,
    START,
    bpmn,
    element,
    flows,
    line,
    mapping,
    process,
    service,
    user,
)

PROPERTIES = (
    '<zeebe:properties><zeebe:property name="name_en" value="{}" /><zeebe:property name="{}" value="{}" />'
    "</zeebe:properties>"
)
LANES = (
    '<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="初审人员"><bpmn:extensionElements><zeebe:properties>'
    '<zeebe:property name="role" value="initial_reviewer" /></zeebe:properties></bpmn:extensionElements>'
    "<bpmn:flowNodeRef>review</bpmn:flowNodeRef>"
    "</bpmn:lane></bpmn:laneSet>"
)


def file() -> bytes:
    review = user(
        "review",
        name="初审",
        extension=PROPERTIES.format("Initial review", "duty", "initial_review")
        + '<zeebe:formDefinition formId="initial" />',
    )
    rule = element("businessRuleTask", "rule", '<zeebe:calledDecision decisionId="rating" resultVariable="r" />')
    computed = element("businessRuleTask", "any", '<zeebe:calledDecision decisionId="=k" resultVariable="r" />')
    told = element(
        "endEvent",
        "told",
        mapping({"case_number": "=case_number"}) + PROPERTIES.format("Told", "milestone", "decided"),
        MESSAGE,
    )
    call = element("callActivity", "call", '<zeebe:calledElement processId="q" />')
    opened = element("startEvent", "opened", inner=OPENED)
    paid = element("intermediateCatchEvent", "paid", inner=MESSAGE)
    main = process(
        LANES,
        opened,
        review,
        rule,
        computed,
        service("op", type="bureau_report"),
        call,
        paid,
        told,
        line("opened", "review", "rule", "any", "op", "call", "paid", "told"),
        properties=PROPERTIES.format("Review", "stage", "2"),
    )
    other = process(START, END, flows("start>end"), key="q")
    return bpmn(main, other)


def test_facts_tell_of_every_executable_process() -> None:
    assert [facts.process_key for facts in process_facts(file())] == ["p", "q"]


def test_the_process_has_its_names_and_properties() -> None:
    facts = process_facts(file())[0]
    assert facts.name == Text("流程", "Review")
    assert facts.properties["stage"] == "2"


def test_what_it_uses_is_named() -> None:
    facts = process_facts(file())[0]
    assert facts.start_messages == ("Opened",)
    assert (facts.caught_messages, facts.thrown_messages) == (("Paid",), ("Paid",))
    assert (facts.called_processes, facts.operation_types) == (("q",), ("bureau_report",))
    assert (facts.form_keys, facts.decision_ids) == (("initial",), ("rating",))
    assert facts.milestones == ("decided",)


def test_a_user_task_tells_its_groups_lane_and_duty() -> None:
    task = process_facts(file())[0].user_tasks[0]
    assert (task.element_id, task.name) == ("review", Text("初审", "Initial review"))
    assert (task.candidate_groups, task.lane, task.form_key) == (("reviewers",), "初审人员", "initial")
    assert task.lane_role == "initial_reviewer"
    assert task.properties["duty"] == "initial_review"


def test_elements_are_known_by_kind_and_name() -> None:
    elements = process_facts(file())[0].elements
    assert elements["review"] == ("user_task", Text("初审", "Initial review"))
    assert elements["opened"][0] == "start_event"
    assert elements["paid"][0] == "event"
