"""What waits for a timer or a message: catch events, boundary events, receive tasks, starts of event sub-processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from app.engine.element_spec import ElementSpec, withdraw
from app.engine.expressions import value_of
from app.engine.outcome import Subscription, Timer
from app.engine.timers import Wait, first_wait, next_wait, wait_from_json
from app.plain import Plain

if TYPE_CHECKING:
    from app.engine.tokens import Token


class Waiting(ElementSpec):
    """Mixin, placed before the spec's class: beginning and ending to wait, and what happens when the wait is over."""

    @property
    def waits(self) -> bool:
        """Whether it waits for something from outside the instance; errors and escalations come from within."""
        return self.element.event in ("timer", "message")

    def can_be_woken(self, token: Token) -> bool:
        return token.is_waiting

    def stands_at(self, token: Token) -> bool:
        return token.is_waiting and not token.parent.task_spec.is_event_gateway

    def start_waiting(self, token: Token, wait: Wait | None = None) -> None:
        """Compute the moment or the key now, as Camunda 8 does; `wait` is the next turn of a repeating timer."""
        detail, instance = self.element.detail, token.workflow
        token._set_state(TaskState.WAITING)
        if self.element.event == "timer":
            wait = wait or first_wait(detail["timer"], value_of(detail["timer_value"]).plain(token), token)
            token.internal_data["wait"] = wait.to_json()
            instance.record.timers.open(Timer(str(token.id), self.element.id, wait.due_at))
            return
        name, key = value_of(detail["message"]).text(token), value_of(detail["key"]).text(token)
        instance.record.subscriptions.open(Subscription(str(token.id), self.element.id, name, key))

    def stop_waiting(self, token: Token) -> None:
        """Close the timer or subscription row."""
        record = token.workflow.record
        (record.timers if self.element.event == "timer" else record.subscriptions).close(str(token.id))

    def closed(self, token: Token) -> None:
        if token.is_waiting:
            self.stop_waiting(token)

    def fire(self, token: Token, payload: dict[str, Plain]) -> None:
        """What it waited for happened; behind an event-based gateway the other events of the gateway go."""
        gateway = token.parent
        if not gateway.task_spec.is_event_gateway:
            self.stop_waiting(token)
            token.workflow.finish(token, payload)
            return
        scope = gateway.parent
        gateway.task_spec.note_step(gateway)
        withdraw(gateway)
        token.workflow.pass_on(scope, self, payload)

    def repeat(self, token: Token) -> None:
        """After a firing that interrupts nothing: a message waits on, a cycle for its next turn, others are over."""
        if self.element.event == "message":
            return
        wait, scope = next_wait(wait_from_json(token.internal_data["wait"]), token.workflow.moment), token.parent
        token.workflow.remove(token)
        if wait is not None:
            self.start_waiting(scope._add_child(self), wait)
