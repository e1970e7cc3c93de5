"""Scopes: the process itself, embedded and event sub-processes, and activities that call another process."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from SpiffWorkflow.util.task import TaskState

from app.engine.activities import Activity
from app.engine.element_spec import ElementSpec, withdraw
from app.engine.scopes import visible
from app.plain import Plain

if TYPE_CHECKING:
    from app.engine.definition import Element
    from app.engine.element_spec import ProcessSpec
    from app.engine.events import BoundarySpec, EventStartSpec
    from app.engine.tokens import Token

Spec = TypeVar("Spec", bound=ElementSpec)


class ScopeSpec(Activity):
    """An element with elements inside: it ends when nothing live is left in it."""

    keeps_result = False

    def __init__(self, process: ProcessSpec, element: Element, name: str = "") -> None:
        super().__init__(process, element, name)
        self.start: ElementSpec | None = None
        self.event_subprocesses: list[EventSubprocessSpec] = []

    def begin(self, token: Token) -> bool:
        token._set_state(TaskState.STARTED)
        self.arm(token)
        assert self.start is not None, "the checks at publication demand a start event"
        token.workflow.enter(token, self.start)
        return False

    def arm(self, token: Token) -> None:
        """Let the event sub-processes of this scope wait for their timers and messages."""
        for each in self.event_subprocesses:
            if each.trigger.waits:
                token.workflow.enter(token, each.trigger)

    def empty(self, token: Token) -> None:
        token.workflow.finish(token, {})


class ProcessScopeSpec(ScopeSpec):
    """The process itself, as the root of an instance or inside the activity that called it."""

    is_process = True

    def empty(self, token: Token) -> None:
        if token.parent is not None:
            token.parent.task_spec.called_process_done(token.parent, token)
            return
        for armed in token.children:
            withdraw(armed)
        token.workflow.completed = True


class SubProcessSpec(ScopeSpec):
    """An embedded sub-process."""


class EventSubprocessSpec(ScopeSpec):
    """A sub-process that an event inside the scope around it starts, instead of a flow."""

    @property
    def trigger(self) -> EventStartSpec:
        """The event that starts it."""
        assert self.start is not None
        return self.start

    def launch(self, scope: Token, payload: dict[str, Plain], local: dict[str, Plain]) -> None:
        """The event happened: run it inside `scope`; an interrupting one first withdraws all else in there."""
        if self.trigger.interrupting:
            scope.internal_data["interrupted"] = True
            for child in scope.children:
                if not child.task_spec.is_boundary:
                    withdraw(child)
        token = scope._add_child(self)
        token._set_state(TaskState.STARTED)
        self.arm(token)
        token.workflow.pass_on(token, self.trigger, payload, local)


class CallSpec(Activity):
    """Runs another process of the release: it gets copies of the variables, and gives back its own as drawn."""

    def __init__(self, process: ProcessSpec, element: Element, name: str = "") -> None:
        super().__init__(process, element, name)
        self.keeps_result = bool(element.detail["all_out"])
        self.called: ProcessScopeSpec | None = None

    def begin(self, token: Token) -> bool:
        token._set_state(TaskState.STARTED)
        assert self.called is not None, "the release links it"
        variables = dict(visible(token)) if self.element.detail["all_in"] else token.data
        token.workflow.enter(token, self.called, data=variables)
        return False

    def called_process_done(self, token: Token, process: Token) -> None:
        """The called process ended."""
        token.workflow.finish(token, process.data)


def boundary_of(token: Token, event: str, code: str) -> BoundarySpec | None:
    """The boundary event of the task's element that catches the error or escalation, first one that names the code."""
    return _catcher(getattr(token.task_spec, "boundaries", []), event, code)


def event_subprocess_of(scope: Token, event: str, code: str) -> EventSubprocessSpec | None:
    """The event sub-process of the scope that catches the error or escalation; an interrupted scope has none."""
    if scope.internal_data.get("interrupted"):
        return None
    handlers = getattr(scope.task_spec, "event_subprocesses", [])
    found = _catcher([handler.trigger for handler in handlers], event, code)
    return next((handler for handler in handlers if handler.trigger is found), None)


def _catcher(specs: list[Spec], event: str, code: str) -> Spec | None:
    matching = [spec for spec in specs if spec.element.event == event and spec.element.detail["code"] in (code, "")]
    return max(matching, key=lambda spec: spec.element.detail["code"] == code, default=None)
