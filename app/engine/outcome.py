"""What one run of an instance gave: its new state and all that rows, inboxes, jobs and the history must learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.decisions import TableTrace
from app.plain import Plain
from app.texts import Text


@dataclass(frozen=True)
class UserTask:
    """A task that waits for a person; `variables` is all that is visible there, input mappings included."""

    task_id: str
    element_id: str
    name: Text
    candidate_groups: tuple[str, ...]
    assignee: str | None
    form_key: str | None
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    properties: Mapping[str, str]
    variables: Mapping[str, Plain]


@dataclass(frozen=True)
class OperationCall:
    """A task that waits for the operation named `type`; `retries` is how often it may be tried."""

    task_id: str
    element_id: str
    name: Text
    type: str
    retries: int
    headers: Mapping[str, str]
    variables: Mapping[str, Plain]


@dataclass(frozen=True)
class Timer:
    """A timer that is due at `due_at`, an aware UTC datetime computed when its task began to wait."""

    task_id: str
    element_id: str
    due_at: datetime


@dataclass(frozen=True)
class Subscription:
    """A task that waits for the message `name` with the correlation key `key`, compared as text."""

    task_id: str
    element_id: str
    name: str
    key: str


@dataclass(frozen=True)
class ThrownMessage:
    """A message that the instance threw; `payload` is what the thrower's input mappings gave, `key` the case number."""

    name: str
    key: str
    payload: Mapping[str, Plain]


@dataclass(frozen=True)
class Step:
    """An element that was finished in this run; `task_id` is its task's, as in UserTask or OperationCall."""

    element_id: str
    kind: str
    name: Text
    properties: Mapping[str, str]
    task_id: str


@dataclass(frozen=True)
class Decided:
    """A decision that a rule task evaluated: its traces (its own last), and every variable that the task saw then."""

    element_id: str
    decision_id: str
    traces: tuple[TableTrace, ...]
    variables: Mapping[str, Plain]


@dataclass(frozen=True)
class Outcome:
    """One run: the new state (None when the instance ended) and what was created, removed, thrown and done, in order.

    What was both created and removed within the run is in neither list. `variables` are those of the process itself;
    `waiting_at` names the elements where the instance stands now.
    """

    state: bytes | None
    status: str
    tasks_created: tuple[UserTask, ...]
    tasks_withdrawn: tuple[str, ...]
    operations_created: tuple[OperationCall, ...]
    operations_withdrawn: tuple[str, ...]
    timers_created: tuple[Timer, ...]
    timers_removed: tuple[str, ...]
    subscriptions_created: tuple[Subscription, ...]
    subscriptions_removed: tuple[str, ...]
    messages: tuple[ThrownMessage, ...]
    steps: tuple[Step, ...]
    milestones: tuple[str, ...]
    decided: tuple[Decided, ...]
    variables: Mapping[str, Plain]
    waiting_at: tuple[str, ...]

    @property
    def end_event(self) -> str | None:
        """The element id of the last end event that this run reached, None where it reached none."""
        ends = [step.element_id for step in self.steps if step.kind == "end_event"]
        return ends[-1] if ends else None
