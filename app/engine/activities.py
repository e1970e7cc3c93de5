"""Tasks: user tasks, operations, rule tasks evaluated here, scripts and receive tasks, with their boundary events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.decisions import traces_of
from app.engine.element_spec import ElementSpec
from app.engine.expressions import Value, failure, value_of
from app.engine.outcome import Decided, OperationCall, UserTask
from app.engine.scopes import visible
from app.engine.timers import instant
from app.engine.waiting import Waiting
from app.feel import FeelError
from app.plain import Plain
from app.texts import Text

if TYPE_CHECKING:
    from app.engine.definition import Element
    from app.engine.element_spec import ProcessSpec
    from app.engine.tokens import Token


class Activity(ElementSpec):
    """An element that takes time: its boundary events are armed when it begins and go when it ends."""

    def __init__(self, process: ProcessSpec, element: Element, name: str = "") -> None:
        super().__init__(process, element, name)
        self.boundaries: list[Any] = []

    def _update_hook(self, my_task: Token) -> bool:
        self.apply_inputs(my_task)
        self.arm_boundaries(my_task)
        return self.begin(my_task)

    def arm_boundaries(self, token: Token) -> None:
        """Let the timers and messages on the border begin to wait."""
        for boundary in self.boundaries:
            if boundary.waits:
                token.workflow.enter(token, boundary)

    def begin(self, token: Token) -> bool:
        """Begin the work; True where the task can run at once or waits for a person."""
        return True

    def detail(self, name: str) -> Value | None:
        """The value of an attribute of the element, or None where it was not given."""
        source = self.element.detail.get(name)
        return None if source is None else value_of(source)


class UserTaskSpec(Activity):
    """A task for a person. What is submitted stays in the task; only its output mappings write to the process."""

    keeps_result = False

    def __init__(self, process: ProcessSpec, element: Element, name: str = "") -> None:
        super().__init__(process, element, name)
        self.manual = True

    def can_be_woken(self, token: Token) -> bool:
        return True

    def stands_at(self, token: Token) -> bool:
        return True

    def begin(self, token: Token) -> bool:
        element = self.element
        assignee, form = self.detail("assignee"), self.detail("form")
        task = UserTask(
            task_id=str(token.id),
            element_id=element.id,
            name=element.name,
            candidate_groups=self._groups(token),
            assignee=_optional_text(assignee, token),
            form_key=_optional_text(form, token),
            due_at=self._moment(token, "due"),
            follow_up_at=self._moment(token, "follow_up"),
            priority=self._priority(token),
            properties=element.properties,
            variables=dict(visible(token)),
        )
        token.workflow.record.tasks.open(task)
        return True

    def closed(self, token: Token) -> None:
        if not token.is_completed:
            token.workflow.record.tasks.close(str(token.id))

    def _groups(self, token: Token) -> tuple[str, ...]:
        value = self.detail("groups")
        given = None if value is None else value.plain(token)
        if isinstance(given, list):
            groups = [str(group).strip() for group in given if group is not None]
        else:
            groups = [] if given is None else [group.strip() for group in str(given).split(",")]
        kept = tuple(group for group in groups if group)
        if value is not None and not kept and self.detail("assignee") is None:
            zh, en = "候选组表达式没有给出任何组。", "Its expression for candidate groups gave no group."
            raise failure(token, Text(zh, en))
        return kept

    def _moment(self, token: Token, name: str) -> datetime | None:
        value = self.detail(name)
        given = None if value is None else value.plain(token)
        return None if given is None else instant(given, token)

    def _priority(self, token: Token) -> int:
        value = self.detail("priority")
        given = None if value is None else value.plain(token)
        try:
            return 50 if given is None else int(given)
        except (TypeError, ValueError) as fault:
            raise failure(token, Text("优先级必须是整数。", "Its priority must be a whole number.")) from fault


def _optional_text(value: Value | None, token: Token) -> str | None:
    if value is None:
        return None
    given = value.plain(token)
    return None if given is None or given == "" else str(given)


class Job(ElementSpec):
    """Mixin, placed before the spec's class: an operation outside does the work, the engine stops until it reports."""

    def can_be_woken(self, token: Token) -> bool:
        return token.is_started

    def stands_at(self, token: Token) -> bool:
        return token.is_started

    def _run_hook(self, my_task: Token) -> None:
        my_task.workflow.record.operations.open(operation_call(my_task))

    def closed(self, token: Token) -> None:
        if not token.is_completed:
            token.workflow.record.operations.close(str(token.id))


class OperationSpec(Job, Activity):
    """A service, send, script or rule task that an operation does."""


def operation_call(token: Token) -> OperationCall:
    """The operation that the token's task, or event with a task definition, calls."""
    element, job = token.task_spec.element, token.task_spec.element.detail["job"]
    headers: Mapping[str, str] = job["headers"]
    retries = str(value_of(job["retries"]).plain(token))
    if not retries.isdecimal():
        zh, en = f"重试次数 {retries} 不是整数。", f"Its number of retries, {retries}, is no whole number."
        raise failure(token, Text(zh, en))
    return OperationCall(
        task_id=str(token.id),
        element_id=element.id,
        name=element.name,
        type=value_of(job["type"]).text(token),
        retries=int(retries),
        headers=headers,
        variables=dict(visible(token)),
    )


class DecisionSpec(Activity):
    """A rule task: the release's decision is evaluated here, its traces go to the outcome."""

    def _run_hook(self, my_task: Token) -> bool:
        instance, detail = my_task.workflow, self.element.detail
        key = value_of(detail["decision"]).text(my_task)
        model = instance.release.decisions.get(key)
        if model is None:
            raise failure(my_task, Text(f"本版本中没有决策 {key}。", f"This release has no decision {key}."))
        try:
            variables = dict(visible(my_task))
            evaluation = model.evaluate(key, variables, instance.moment)
        except FeelError as fault:
            raise failure(my_task, fault.text) from fault
        traces = traces_of(model, key, evaluation)
        instance.record.decided.append(Decided(self.element.id, key, traces, variables))
        for trace in traces:
            if trace.conflict:
                zh = f"决策表 {trace.decision_id} 有多条规则同时命中，违反了命中策略 {trace.hit_policy}。"
                en = f"Rules of the table {trace.decision_id} contradict its hit policy {trace.hit_policy}."
                raise failure(my_task, Text(zh, en))
        my_task.internal_data["result"] = {detail["result"]: evaluation.value}
        return True


class ScriptSpec(Activity):
    """A script task: one FEEL expression whose value goes to the result variable."""

    def _run_hook(self, my_task: Token) -> bool:
        detail = self.element.detail
        result: dict[str, Plain] = {detail["result"]: value_of(detail["expression"]).plain(my_task)}
        my_task.internal_data["result"] = result
        return True


class ReceiveSpec(Waiting, Activity):
    """A task that waits for a message."""

    def begin(self, token: Token) -> bool:
        if token.internal_data.pop("fired", False):
            return True
        self.start_waiting(token)
        return False
