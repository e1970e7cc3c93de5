"""What other parts need to know of a diagram without running it: tasks, groups, forms, decisions, operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.engine.definition import Element, ProcessDefinition
from app.engine.expressions import is_feel
from app.engine.reading import read_processes
from app.texts import Text


@dataclass(frozen=True)
class TaskFacts:
    """A user task; groups and form are those named outright (empty where computed), the lane is the drawing's."""

    element_id: str
    name: Text
    candidate_groups: tuple[str, ...]
    lane: str
    lane_role: str
    form_key: str
    properties: Mapping[str, str]


@dataclass(frozen=True)
class ProcessFacts:
    """One executable process. Forms, decisions, operations and called processes are those named outright.

    `end_messages` is end event -> the message that it throws.
    """

    process_key: str
    name: Text
    properties: Mapping[str, str]
    start_messages: tuple[str, ...]
    called_processes: tuple[str, ...]
    form_keys: tuple[str, ...]
    decision_ids: tuple[str, ...]
    operation_types: tuple[str, ...]
    caught_messages: tuple[str, ...]
    thrown_messages: tuple[str, ...]
    milestones: tuple[str, ...]
    user_tasks: tuple[TaskFacts, ...]
    elements: Mapping[str, tuple[str, Text]]
    end_messages: Mapping[str, str]


def process_facts(bpmn: bytes, file: str = "processes/*.bpmn") -> tuple[ProcessFacts, ...]:
    """The facts of each executable process of a BPMN file; DefinitionRefused where the file cannot be published."""
    return tuple(_facts(definition) for definition in read_processes(bpmn, file))


def _facts(definition: ProcessDefinition) -> ProcessFacts:
    elements = definition.elements.values()

    def named(pick: Callable[[Element], object]) -> tuple[str, ...]:
        found = [str(pick(element) or "") for element in elements]
        return tuple(dict.fromkeys(text for text in found if text and not is_feel(text)))

    def is_process_start(element: Element) -> bool:
        return element.tag == "startEvent" and not element.scope

    def throws(element: Element) -> bool:
        return element.tag in ("sendTask", "endEvent", "intermediateThrowEvent")

    return ProcessFacts(
        process_key=definition.key,
        name=definition.name,
        properties=definition.properties,
        start_messages=named(lambda each: is_process_start(each) and each.detail.get("message")),
        called_processes=named(lambda each: each.tag == "callActivity" and each.detail["process"]),
        form_keys=named(lambda each: each.detail.get("form")),
        decision_ids=named(lambda each: each.detail.get("decision")),
        operation_types=named(lambda each: (each.detail.get("job") or {}).get("type")),
        caught_messages=named(lambda each: not (throws(each) or is_process_start(each)) and each.detail.get("message")),
        thrown_messages=named(lambda each: throws(each) and each.detail.get("message")),
        milestones=named(lambda each: each.properties.get("milestone")),
        user_tasks=tuple(_task(element) for element in elements if element.tag == "userTask"),
        elements={element.id: (element.kind, element.name) for element in elements},
        end_messages={
            element.id: element.detail["message"]
            for element in elements
            if element.tag == "endEvent" and element.detail.get("message")
        },
    )


def _task(element: Element) -> TaskFacts:
    groups, form = element.detail.get("groups", ""), element.detail.get("form", "")
    named = () if is_feel(groups) else tuple(group.strip() for group in groups.split(",") if group.strip())
    form_key = "" if is_feel(form) else form
    return TaskFacts(element.id, element.name, named, element.lane, element.lane_role, form_key, element.properties)
