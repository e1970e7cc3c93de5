"""A process as its BPMN file defines it, checked and free of XML: what a release stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.texts import Text

KINDS = {
    "startEvent": "start_event",
    "endEvent": "end_event",
    "intermediateCatchEvent": "event",
    "intermediateThrowEvent": "event",
    "boundaryEvent": "event",
    "userTask": "user_task",
    "serviceTask": "service_task",
    "sendTask": "send_task",
    "receiveTask": "receive_task",
    "businessRuleTask": "business_rule_task",
    "scriptTask": "script_task",
    "manualTask": "task",
    "task": "task",
    "subProcess": "sub_process",
    "callActivity": "call_activity",
    "exclusiveGateway": "gateway",
    "parallelGateway": "gateway",
    "inclusiveGateway": "gateway",
    "eventBasedGateway": "gateway",
}
ACTIVITIES = frozenset(tag for tag in KINDS if tag.endswith(("Task", "task", "subProcess", "callActivity")))


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is FEEL with its leading "=", or None."""

    id: str
    source: str
    target: str
    condition: str | None
    line: int


@dataclass(frozen=True)
class Element:
    """A flow node. `scope` is the id of the sub-process around it ("" in the process itself).

    `lane` is the name of its lane, `lane_role` that lane's property `role`, both "" where there is none.
    `inputs` and `outputs` are (source, target) pairs of io mappings, `detail` what only this tag has (see `reading`),
    `multi` the multi-instance characteristics or None, `default` the id of the default flow or "".
    """

    id: str
    tag: str
    name: Text
    line: int
    scope: str
    lane: str
    lane_role: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    default: str = ""
    multi: Mapping[str, Any] | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What the history calls it: user_task, gateway, event ..."""
        return KINDS[self.tag]

    @property
    def event(self) -> str:
        """The sort of its event definition: message, timer, error, escalation, terminate, link, or "" for none."""
        return str(self.detail.get("event", ""))


@dataclass(frozen=True)
class ProcessDefinition:
    """An executable process: its elements by id, in the file's order, and its sequence flows."""

    key: str
    name: Text
    properties: Mapping[str, str]
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]

    def children(self, scope: str) -> list[Element]:
        """The elements directly in `scope`: a sub-process id, or "" for the process itself."""
        return [element for element in self.elements.values() if element.scope == scope]


def definition_from_json(stored: Mapping[str, Any]) -> ProcessDefinition:
    """The definition that was written as JSON (orjson writes dataclasses as objects and tuples as lists)."""
    elements = {key: _element(value) for key, value in stored["elements"].items()}
    flows = tuple(Flow(**flow) for flow in stored["flows"])
    return ProcessDefinition(stored["key"], Text(**stored["name"]), stored["properties"], elements, flows)


def _element(stored: Mapping[str, Any]) -> Element:
    pairs = {key: tuple((source, target) for source, target in stored[key]) for key in ("inputs", "outputs")}
    return Element(**{**stored, **pairs, "name": Text(**stored["name"])})
