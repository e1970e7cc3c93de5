"""What a case waits for while the system asks again: which step, why it has nothing yet, and when it tries next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.storage.outbox import OutboxRow
from app.texts import Text
from app.use_cases.cases.case_file import CaseFile
from app.use_cases.operations import asks_outside


@dataclass(frozen=True)
class WaitingStep:
    """A step that failed `tried` times and is tried again; `next_at` None while somebody tries it just now."""

    name: Text
    outside: bool
    why: Text
    tried: int
    next_at: datetime | None


def waiting_steps(file: CaseFile) -> tuple[WaitingStep, ...]:
    """The steps of a case that are tried again, oldest first; one that was given up is an incident instead."""
    return tuple(_step(row) for row in file.pending if row.state != "failed" and row.last_error)


def _step(row: OutboxRow) -> WaitingStep:
    english = row.last_error or ""
    return WaitingStep(
        Text(row.name_zh or row.name, row.name_en or row.name),
        asks_outside(row.name),
        Text(row.last_error_zh or english, english),
        row.attempts,
        row.next_at if row.state == "waiting" else None,
    )
