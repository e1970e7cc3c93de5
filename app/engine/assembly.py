"""Builds the task specs of a process from its checked definition."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.activities import Activity, DecisionSpec, OperationSpec, ReceiveSpec, ScriptSpec, UserTaskSpec
from app.engine.definition import Element, ProcessDefinition
from app.engine.element_spec import ElementSpec, ProcessSpec
from app.engine.events import (
    BoundarySpec,
    CatchSpec,
    EndSpec,
    EventStartSpec,
    JobEventSpec,
    SendSpec,
    StartSpec,
    ThrowSpec,
)
from app.engine.expressions import value_of
from app.engine.gateways import ChoiceSpec, EventGatewaySpec, ExclusiveSpec, InclusiveSpec, ParallelSpec
from app.engine.multi_instance import INNER, MultiInstanceSpec
from app.engine.subprocesses import CallSpec, EventSubprocessSpec, ProcessScopeSpec, ScopeSpec, SubProcessSpec

SPECS: Mapping[str, type[ElementSpec]] = {
    "startEvent": StartSpec,
    "endEvent": EndSpec,
    "intermediateCatchEvent": CatchSpec,
    "intermediateThrowEvent": ThrowSpec,
    "boundaryEvent": BoundarySpec,
    "userTask": UserTaskSpec,
    "serviceTask": OperationSpec,
    "sendTask": SendSpec,
    "receiveTask": ReceiveSpec,
    "businessRuleTask": DecisionSpec,
    "scriptTask": ScriptSpec,
    "manualTask": Activity,
    "task": Activity,
    "subProcess": SubProcessSpec,
    "callActivity": CallSpec,
    "exclusiveGateway": ExclusiveSpec,
    "parallelGateway": ParallelSpec,
    "inclusiveGateway": InclusiveSpec,
    "eventBasedGateway": EventGatewaySpec,
}
JOB_SPECS: Mapping[str, type[ElementSpec]] = {"intermediateThrowEvent": JobEventSpec, "endEvent": JobEventSpec}


class BuiltProcess:
    """A process ready to run: SpiffWorkflow's `spec`, its root `scope`, its start events by message ("": none)."""

    def __init__(self, definition: ProcessDefinition) -> None:
        self.definition = definition
        self.spec = ProcessSpec(definition)
        root = Element(definition.key, "process", definition.name, 0, "", "", "", definition.properties)
        self.scope = ProcessScopeSpec(self.spec, root, name=f"{definition.key}#process")
        self._scopes: dict[str, ScopeSpec] = {"": self.scope}
        self._outer: dict[str, ElementSpec] = {}
        for element in definition.elements.values():
            self._add(element)
        self._place_events()
        self._connect()
        self.starts = {
            str(element.detail.get("message", "")): self._outer[element.id]
            for element in definition.children("")
            if element.tag == "startEvent"
        }
        self.scope.start = self.starts.get("")

    @property
    def calls(self) -> list[CallSpec]:
        """The call activities, which the release links to the processes they call."""
        return [spec for spec in self.spec.task_specs.values() if isinstance(spec, CallSpec)]

    def _add(self, element: Element) -> None:
        made = self._class_of(element)
        if element.multi is None:
            spec = made(self.spec, element)
            self._outer[element.id] = spec
        else:
            spec = made(self.spec, element, name=element.id + INNER)
            assert isinstance(spec, Activity)
            self._outer[element.id] = MultiInstanceSpec(self.spec, element, spec)
        if isinstance(spec, ScopeSpec):
            self._scopes[element.id] = spec

    def _class_of(self, element: Element) -> type[ElementSpec]:
        if element.detail.get("job"):
            return JOB_SPECS.get(element.tag, OperationSpec)
        if element.detail.get("triggered"):
            return EventSubprocessSpec
        if element.tag == "startEvent" and self.definition.elements.get(element.scope, element).detail.get("triggered"):
            return EventStartSpec
        return SPECS[element.tag]

    def _place_events(self) -> None:
        for element in self.definition.elements.values():
            spec, scope = self._outer[element.id], self._scopes[element.scope]
            if isinstance(spec, EventStartSpec):
                scope.start = spec
                assert isinstance(scope, EventSubprocessSpec)
                spec.handler = scope
            elif isinstance(spec, BoundarySpec):
                host = self._outer[element.detail["host"]]
                assert isinstance(host, Activity)
                host.boundaries.append(spec)
            elif isinstance(spec, StartSpec) and element.scope:
                scope.start = spec
            elif isinstance(spec, EventSubprocessSpec):
                scope.event_subprocesses.append(spec)

    def _connect(self) -> None:
        for flow in self.definition.flows:
            source = self._outer[flow.source]
            source.link(flow.id, self._outer[flow.target])
            if flow.condition and isinstance(source, ChoiceSpec):
                source.conditions[flow.id] = value_of(flow.condition)
