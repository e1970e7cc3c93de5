"""Secret votes: what was voted stays unseen until the sitting has its result, where the rule in force wants it so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.storage.history import HistoryEntry
from app.storage.user_tasks import UserTask

SEALED_BY = "sealed_by"  # a user task's property: the variable (with dots) that is true where the vote is secret


def sealed_votes(tasks: Sequence[UserTask]) -> set[int]:
    """Ids of the tasks that were done and whose sitting still has open ones, where the vote is secret."""
    still_open = {sitting_of(task) for task in tasks if task.state == "open" and _is_secret(task)}
    return {task.id for task in tasks if task.state == "done" and _is_secret(task) and sitting_of(task) in still_open}


def sitting_of(task: UserTask) -> tuple[Any, ...]:
    """What the votes of one multi-instance have in common: they were offered at one moment."""
    return task.instance_id, task.element_id, task.created_at


def _is_secret(task: UserTask) -> bool:
    path = (task.properties or {}).get(SEALED_BY)
    value: Any = task.variables or {}
    for part in path.split(".") if path else ():
        value = value.get(part) if isinstance(value, dict) else None
    return bool(path) and value is True


def without_words(entry: HistoryEntry) -> HistoryEntry:
    """A copy of a history row that says who voted and when, and not what."""
    columns = {column.key: getattr(entry, column.key) for column in HistoryEntry.__table__.columns}
    return HistoryEntry(**columns | {"detail": None})
