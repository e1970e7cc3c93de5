"""Signs of life of a worker or poller, by which the stuck list knows that one has stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.gateways import clock
from app.storage import heartbeats
from app.storage.database import unit_of_work
from app.use_cases.stuck.silent_processes import SILENT_AFTER


@dataclass(frozen=True)
class Process:
    """A worker or poller (`kind`) on a machine, by its number there; `started_at` is real time."""

    kind: str
    host: str
    name: str
    started_at: datetime


def beat(process: Process) -> None:
    """Notes that the process lives, and takes off the list those of its kind and machine that it has replaced."""
    now = clock.unmoved_now()
    with unit_of_work() as session:
        silent_since = min(process.started_at, now - SILENT_AFTER)
        heartbeats.forget_replaced(session, process.kind, process.host, silent_since)
        heartbeats.beat(session, process.kind, process.host, process.name, process.started_at, now)


def end(process: Process) -> None:
    """The process stops in order: nobody has to look for it."""
    with unit_of_work() as session:
        heartbeats.forget(session, process.kind, process.host, process.name)
