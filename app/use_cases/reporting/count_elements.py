"""Counts a process's instances element by element: what stands there, what is late or failed, what went through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.gateways import clock
from app.storage import releases
from app.storage.database import reading
from app.storage.history import HistoryEntry
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.definitions.load_release import load_current
from app.use_cases.permissions import Actor, may, require

PERIODS = (30, 90, 365)


@dataclass(frozen=True)
class ElementCount:
    """Instances that stand at an element, those late and failed among them, and how often it was passed."""

    standing: int = 0
    late: int = 0
    failed: int = 0
    passed: int = 0


@dataclass(frozen=True)
class ProcessTraffic:
    """A process's drawing in force with its counts by element id.

    `elsewhere` instances stand at steps that the drawing in force no longer has; `passed` counts the last `days` days.
    """

    process_key: str
    name: Text
    diagram: bytes
    version_of: datetime | None
    days: int
    running: int
    elsewhere: int
    elements: Mapping[str, ElementCount]


def count_elements(actor: Actor, process_key: str, days: int = 90) -> ProcessTraffic:
    """The counts over all organisations, for who sees all cases or draws processes; raises NotFound, Forbidden."""
    if not may("edit_definitions", actor):
        require("view_all_cases", actor)
    now = clock.moment().now
    with reading() as session:
        definition = releases.definition(session, process_key)
        if definition is None or definition.stage == releases.OVERVIEW_STAGE:
            raise NotFound
        release = load_current(session, process_key)
        standing, running = _standing(session, process_key)
        counts = {
            "standing": standing,
            "late": _late(session, process_key, now),
            "failed": _failed(session, process_key),
            "passed": _passed(session, process_key, now - timedelta(days=days)),
        }
        published = session.get_one(releases.Release, release.id).published_at
    drawn = release.facts.elements
    elements = {id_: ElementCount(**{what: found[id_] for what, found in counts.items()}) for id_ in drawn}
    elsewhere = sum(number for id_, number in standing.items() if id_ not in drawn)
    name = Text(definition.name_zh, definition.name_en)
    return ProcessTraffic(process_key, name, release.diagram, published, days, running, elsewhere, elements)


def _standing(session: Session, process_key: str) -> tuple[Counter[str], int]:
    """By element, and the number of instances; one with branches side by side stands at several."""
    table, counts, running = ProcessInstance, Counter[str](), 0
    query = select(table.waiting_at, func.count()).where(table.status == "active", table.process_key == process_key)
    for waiting_at, number in session.execute(query.group_by(table.waiting_at)):
        running += number
        counts.update(dict.fromkeys(filter(None, waiting_at.split(",")), number))
    return counts, running


def _late(session: Session, process_key: str, now: datetime) -> Counter[str]:
    where = (UserTask.state == "open", UserTask.process_key == process_key, UserTask.due_at < now)
    query = select(UserTask.element_id, func.count()).where(*where).group_by(UserTask.element_id)
    return Counter({row[0]: row[1] for row in session.execute(query)})


def _failed(session: Session, process_key: str) -> Counter[str]:
    query = (
        select(Incident.element_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(Incident.resolved_at.is_(None), ProcessInstance.process_key == process_key)
        .group_by(Incident.element_id)
    )
    return Counter({row[0]: row[1] for row in session.execute(query)})


def _passed(session: Session, process_key: str, since: datetime) -> Counter[str]:
    """Steps since then; how often, not by how many: a loop counts each time."""
    table = ProcessInstance
    query = (
        select(HistoryEntry.element_id, func.count())
        .join(table, table.id == HistoryEntry.instance_id)
        .where(table.process_key == process_key, HistoryEntry.at >= since, HistoryEntry.element_id != "")
        .group_by(HistoryEntry.element_id)
    )
    return Counter({row[0]: row[1] for row in session.execute(query)})
