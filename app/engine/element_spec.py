"""The task specs' common part: how an element begins, ends and hands over to what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from app.engine.definition import Element, ProcessDefinition
from app.engine.expressions import Value, value_of
from app.engine.outcome import Step
from app.engine.scopes import assign, outward, write
from app.plain import Plain

if TYPE_CHECKING:
    from app.engine.tokens import Token


class ProcessSpec(WorkflowSpec):
    """One process as SpiffWorkflow knows it: its task specs by name; `definition` is what they were built from."""

    def __init__(self, definition: ProcessDefinition) -> None:
        super().__init__(name=definition.key)
        self.definition = definition


class ElementSpec(BpmnTaskSpec):
    """An element that is passed through: manual and undefined tasks, and whatever a subclass makes of it."""

    is_process: bool = False
    is_multi_instance: bool = False
    is_event_gateway: bool = False
    is_boundary: bool = False
    counts_flows = False
    keeps_result = True  # without output mappings, what it brings is written to the scope around it, as in Camunda 8

    def __init__(self, process: ProcessSpec, element: Element, name: str = "") -> None:
        super().__init__(process, name or element.id, lane=element.lane or None, bpmn_name=element.name.zh)
        self.bpmn_id = element.id
        self.element = element
        self.incoming: list[str] = []
        self.outgoing: list[tuple[str, ElementSpec]] = []
        self.mappings_in: list[tuple[Value, str]] = [(value_of(source), target) for source, target in element.inputs]
        self.mappings_out: list[tuple[Value, str]] = [(value_of(source), target) for source, target in element.outputs]

    def link(self, flow: str, target: ElementSpec) -> None:
        """Connect a sequence flow that leaves this element."""
        self.connect(target)
        self.outgoing.append((flow, target))
        target.incoming.append(flow)

    def test(self) -> None:
        """Nothing: the checks at publication already refused what is not connected."""

    def _predict(self, my_task: Token, *_: object, **__: object) -> None:
        """Nothing: the future is not in the tree."""

    def is_armed(self, token: Token) -> bool:
        """Whether the task only waits beside a scope, so that the scope may end without it."""
        return False

    def may_go_on(self, token: Token) -> bool:
        """Let a join go on whose missing branches can no longer arrive; True where that set something going."""
        return False

    def can_be_woken(self, token: Token) -> bool:
        """Whether something from outside, a person, an operation, a message or a timer, can set the task going."""
        return False

    def stands_at(self, token: Token) -> bool:
        """Whether a person asking where the instance stands should hear this element."""
        return False

    def closed(self, token: Token) -> None:
        """The task left the tree; close its row where it has one."""

    def _update_hook(self, my_task: Token) -> bool:
        self.apply_inputs(my_task)
        return True

    def _on_ready_hook(self, my_task: Token) -> None:
        if not self.manual:
            my_task.workflow.ready.append(my_task)

    def _on_complete_hook(self, my_task: Token) -> None:
        if not my_task.workflow.has(my_task):  # what it threw interrupted the scope around it
            self.note_step(my_task)
            return
        self.apply_outputs(my_task)
        self.leave(my_task)

    def apply_inputs(self, token: Token) -> None:
        """Evaluate the input mappings, in order, into the task's own variables."""
        for source, target in self.mappings_in:
            assign(token.data, target, source.plain(token))

    def apply_outputs(self, token: Token) -> None:
        """Write what the task brought: by its output mappings, or all of it where it has none and keeps results."""
        result: dict[str, Plain] = token.internal_data.pop("result", {})
        token.data.update(result)
        scope = outward(token)
        for source, target in self.mappings_out:
            write(scope, target, source.plain(token))
        if self.keeps_result and not self.mappings_out:
            for name, value in result.items():
                write(scope, name, value)

    def leave(self, token: Token) -> None:
        """Hand over to what follows: the multi-instance around it, or the elements at the end of the flows."""
        self.note_step(token)
        scope = token.parent
        if scope.task_spec.is_multi_instance:
            scope.task_spec.instance_done(scope, token)
            return
        self.follow(token, self.outgoing)

    def follow(self, token: Token, flows: list[tuple[str, ElementSpec]]) -> None:
        """Replace the task by what its flows lead to; where none leaves it, the scope may end."""
        instance, scope = token.workflow, token.parent
        instance.remove(token)
        for flow, target in flows:
            instance.enter(scope, target, flow=flow)
        if not scope.live_children:
            scope.task_spec.empty(scope)

    def note_step(self, token: Token) -> None:
        """Write the finished element into the history."""
        element = self.element
        step = Step(element.id, element.kind, element.name, element.properties, str(token.id))
        token.workflow.record.steps.append(step)

    def empty(self, token: Token) -> None:
        """The last task inside this scope is done; scopes say what then happens."""
        raise AssertionError(f"{self.name} is no scope")


def withdraw(token: Token) -> None:
    """Take a task that was not finished out of the tree, with everything in it; the rows of all of them are closed.

    Its state stays what it was: by it the task's spec knows which row to close.
    """
    token.workflow.remove(token)
