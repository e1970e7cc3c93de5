"""Gateways: exclusive, parallel, inclusive and event-based, each join counting the live tasks in its own scope only."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from app.engine.element_spec import ElementSpec
from app.engine.expressions import Value, failure
from app.texts import Text

if TYPE_CHECKING:
    from app.engine.definition import Element
    from app.engine.element_spec import ProcessSpec
    from app.engine.tokens import Token


class ChoiceSpec(ElementSpec):
    """A gateway whose outgoing flows carry conditions; `default` is the flow that is taken where none is true."""

    def __init__(self, process: ProcessSpec, element: Element, name: str = "") -> None:
        super().__init__(process, element, name)
        self.conditions: dict[str, Value] = {}

    def _on_complete_hook(self, my_task: Token) -> None:
        flows = self.chosen(my_task)
        if self.outgoing and not flows:
            zh, en = "没有任何条件为真，也没有默认流。", "No condition is true and there is no default flow."
            raise failure(my_task, Text(zh, en))
        self.note_step(my_task)
        self.follow(my_task, flows)

    def chosen(self, token: Token) -> list[tuple[str, ElementSpec]]:
        """The flows to take: those whose condition is true or that carry none, else the default flow."""
        default = self.element.default
        taken = [flow for flow in self.outgoing if flow[0] != default and self._holds(flow[0], token)]
        return taken or [flow for flow in self.outgoing if flow[0] == default]

    def _holds(self, flow: str, token: Token) -> bool:
        condition = self.conditions.get(flow)
        return condition is None or condition.truth(token)


class ExclusiveSpec(ChoiceSpec):
    """Takes the first flow, in the file's order, whose condition is true."""

    def chosen(self, token: Token) -> list[tuple[str, ElementSpec]]:
        default = self.element.default
        for flow in self.outgoing:
            if flow[0] != default and self._holds(flow[0], token):
                return [flow]
        return [flow for flow in self.outgoing if flow[0] == default]


class JoinSpec(ElementSpec):
    """A gateway that gathers tasks: one that arrived waits in the scope, knowing the flow by which it came."""

    @property
    def counts_flows(self) -> bool:  # type: ignore[override]
        """Only a gateway with several incoming flows gathers."""
        return len(self.incoming) > 1

    def _update_hook(self, my_task: Token) -> bool:
        if not self.counts_flows:
            return True
        my_task._set_state(TaskState.WAITING)
        arrived = self.arrived(my_task)
        if len(arrived) < len(self.incoming):
            return False
        self.consume(my_task, arrived)
        return True

    def arrived(self, token: Token) -> dict[str, Token]:
        """The earliest task that waits at this gateway, in this scope, for each incoming flow that has one."""
        earliest: dict[str, Token] = {}
        for sibling in token.parent.children:
            if sibling.task_spec is self and sibling.is_waiting:
                earliest.setdefault(sibling.internal_data["flow"], sibling)
        return earliest

    def consume(self, token: Token, arrived: dict[str, Token]) -> None:
        """Take the gathered tasks out of the tree; `token` goes on for all of them.

        Further tasks on the same flows keep waiting: they belong to the next turn.
        """
        for each in arrived.values():
            if each is not token:
                token.workflow.remove(each)


class ParallelSpec(JoinSpec):
    """Waits for one task on every incoming flow, then takes every outgoing flow."""


class InclusiveSpec(JoinSpec, ChoiceSpec):
    """Waits until no other task in its scope can still reach a free incoming flow, then takes the flows that hold."""

    def _update_hook(self, my_task: Token) -> bool:
        if not self.counts_flows:
            return True
        my_task._set_state(TaskState.WAITING)
        return False

    def may_go_on(self, token: Token) -> bool:
        if not token.is_waiting:
            return False
        arrived = self.arrived(token)
        if self._awaited(token, set(arrived)):
            return False
        self.consume(token, arrived)
        token._ready()
        return True

    def _awaited(self, token: Token, taken: set[str]) -> bool:
        """BPMN 2.0, 13.4.3: some task can reach a free incoming flow, and none that is taken, without passing here."""
        free = set(self.incoming) - taken
        for sibling in token.parent.live_children:
            where = sibling.task_spec.element.id
            reaches = {flow for flow, sources in self._sources.items() if where in sources}
            if sibling.task_spec is not self and reaches & free and not reaches & taken:
                return True
        return False

    @cached_property
    def _sources(self) -> dict[str, set[str]]:
        """For each incoming flow, the ids of the elements from which it can be reached without passing this gateway."""
        flows = {flow.id: flow.source for flow in self._wf_spec.definition.flows}
        before: dict[str, set[str]] = {}
        for flow in self._wf_spec.definition.flows:
            before.setdefault(flow.target, set()).add(flow.source)
        for element in self._wf_spec.definition.elements.values():
            if element.tag == "boundaryEvent":
                before.setdefault(element.id, set()).add(element.detail["host"])
        return {flow: _backwards(flows[flow], self.element.id, before) for flow in self.incoming}


def _backwards(start: str, without: str, before: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    pending = [start]
    while pending:
        at = pending.pop()
        if at not in found and at != without:
            found.add(at)
            pending.extend(before.get(at, ()))
    return found


class EventGatewaySpec(ElementSpec):
    """Waits for the first of several events; they wait as tasks inside the gateway's and go with it."""

    is_event_gateway = True

    def stands_at(self, token: Token) -> bool:
        return True

    def _run_hook(self, my_task: Token) -> None:
        for _, target in self.outgoing:
            my_task.workflow.enter(my_task, target)
