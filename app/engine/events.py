"""Events: starts, ends, throws, catches, boundary events, starts of event sub-processes; errors on their way up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.activities import Activity, Job
from app.engine.element_spec import ElementSpec, withdraw
from app.engine.expressions import failure, value_of
from app.engine.failures import UncaughtError
from app.engine.outcome import ThrownMessage
from app.engine.subprocesses import EventSubprocessSpec, boundary_of, event_subprocess_of
from app.engine.waiting import Waiting
from app.plain import Plain
from app.texts import Text

if TYPE_CHECKING:
    from app.engine.definition import Element
    from app.engine.element_spec import ProcessSpec
    from app.engine.tokens import Token


class StartSpec(ElementSpec):
    """The start of a process or of an embedded sub-process."""


class CatchSpec(Waiting, ElementSpec):
    """An intermediate event that waits for a timer or message; a link catch is passed through."""

    def _update_hook(self, my_task: Token) -> bool:
        if my_task.internal_data.pop("fired", False) or not self.waits:
            return True
        self.apply_inputs(my_task)
        self.start_waiting(my_task)
        return False


class BoundarySpec(CatchSpec):
    """An event on the border of an activity; its task waits inside the activity's, and goes with it."""

    is_boundary = True

    def __init__(self, process: ProcessSpec, element: Element, name: str = "") -> None:
        super().__init__(process, element, name)
        self.interrupting: bool = element.detail["interrupting"]

    def is_armed(self, token: Token) -> bool:
        return token.is_waiting

    def stands_at(self, token: Token) -> bool:
        return False

    def fire(self, token: Token, payload: dict[str, Plain]) -> None:
        host = token.parent
        if not self.interrupting:
            self.repeat(token)
        self.happen(host, payload, {})

    def happen(self, host: Token, payload: dict[str, Plain], local: dict[str, Plain]) -> None:
        """The event happened at the activity `host`; `local` is what only the event's own mappings may read."""
        scope = host.parent
        if self.interrupting:
            withdraw(host)
        scope.workflow.pass_on(scope, self, payload, local)


class EventStartSpec(BoundarySpec):
    """The start of an event sub-process; while it waits, its task is in the scope that the sub-process listens to."""

    is_boundary = False
    handler: EventSubprocessSpec

    def happen(self, host: Token, payload: dict[str, Plain], local: dict[str, Plain]) -> None:
        self.handler.launch(host, payload, local)


class ThrowSpec(ElementSpec):
    """An intermediate throw event: a message for outside, an escalation for the scopes around, a link, or nothing."""

    def _run_hook(self, my_task: Token) -> bool:
        if self.element.event == "message":
            throw_message(my_task)
        elif self.element.event == "escalation":
            throw_escalation(my_task, self.element.detail["code"])
        return True


class SendSpec(ThrowSpec, Activity):
    """A send task that throws a message itself."""


class EndSpec(ThrowSpec):
    """An end event; an error or escalation goes up the scopes, terminate ends the scope around it."""

    def _on_complete_hook(self, my_task: Token) -> None:
        if self.element.event == "error":
            self.note_step(my_task)
            throw_error(my_task, self.element.detail["code"], "")
        elif self.element.event == "terminate":
            self.note_step(my_task)
            my_task.parent.task_spec.empty(my_task.parent)  # whatever still waits in the scope goes with it
        else:
            super()._on_complete_hook(my_task)


class JobEventSpec(Job, ElementSpec):
    """A throw or end event with a task definition: an operation does it, as in Camunda 8."""


def throw_message(token: Token) -> None:
    """Note a message for outside: the payload is what the input mappings gave, the key its case number."""
    detail, payload = token.task_spec.element.detail, dict(token.data)
    key = value_of(detail["key"]).text(token) if detail.get("key") else payload.get("case_number")
    if key is None or key == "":
        zh = "消息没有案件编号（输入映射 case_number）。"
        raise failure(token, Text(zh, "The message has no case number (input mapping case_number)."))
    name = value_of(detail["message"]).text(token)
    token.workflow.record.messages.append(ThrownMessage(name, str(key), payload))


def throw_error(token: Token, code: str, text: str) -> None:
    """Look for who catches a BPMN error, from the task outwards; UncaughtError where nobody does."""
    if not _climb(token, "error", code, {"errorCode": code, "errorMessage": text}):
        element = token.task_spec.element
        raise UncaughtError(element.id, element.name, code, text)


def throw_escalation(token: Token, code: str) -> None:
    """Look for who catches an escalation, from the scope outwards; where nobody does, nothing happens, as BPMN says."""
    _climb(token, "escalation", code, {"escalationCode": code})


def _climb(token: Token, event: str, code: str, local: dict[str, Plain]) -> bool:
    for at in token.around():
        boundary = boundary_of(at, event, code)
        if boundary is not None:
            boundary.happen(at, {}, local)
            return True
        handler = None if at.parent is None else event_subprocess_of(at.parent, event, code)
        if handler is not None:
            handler.launch(at.parent, {}, local)
            return True
    return False
