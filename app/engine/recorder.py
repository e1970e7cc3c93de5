"""Writes down what one run of an instance opens, closes, throws and finishes."""

from __future__ import annotations

from typing import Generic, TypeVar

from app.engine.outcome import Decided, OperationCall, Step, Subscription, ThrownMessage, Timer, UserTask

Row = TypeVar("Row", UserTask, OperationCall, Timer, Subscription)


class Ledger(Generic[Row]):
    """The rows of one sort that a run opened and closed, net of those that came and went within it."""

    def __init__(self) -> None:
        self._opened: dict[str, Row] = {}
        self._closed: dict[str, None] = {}

    def open(self, row: Row) -> None:
        """Note a new row."""
        self._opened[row.task_id] = row

    def close(self, task_id: str) -> None:
        """Note that the row of `task_id` is no longer open; a row of this same run vanishes without a trace."""
        if self._opened.pop(task_id, None) is None:
            self._closed[task_id] = None

    @property
    def opened(self) -> tuple[Row, ...]:
        """The new rows, oldest first."""
        return tuple(self._opened.values())

    @property
    def closed(self) -> tuple[str, ...]:
        """The task ids of rows of earlier runs that were closed, in order."""
        return tuple(self._closed)


class Recorder:
    """What a run did, in order."""

    def __init__(self) -> None:
        self.tasks: Ledger[UserTask] = Ledger()
        self.operations: Ledger[OperationCall] = Ledger()
        self.timers: Ledger[Timer] = Ledger()
        self.subscriptions: Ledger[Subscription] = Ledger()
        self.messages: list[ThrownMessage] = []
        self.steps: list[Step] = []
        self.decided: list[Decided] = []

    @property
    def milestones(self) -> tuple[str, ...]:
        """The milestones of the events that were passed, in order."""
        return tuple(step.properties["milestone"] for step in self.steps if step.properties.get("milestone"))
