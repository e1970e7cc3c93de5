"""How far an instance is in its diagram: which elements are done and where it stands; and a process of a case."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.errors import NotFound
from app.gateways import clock
from app.moment import BUSINESS_ZONE
from app.storage import definitions, people, releases
from app.storage.database import reading
from app.storage.history import HistoryEntry
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.releases import ProcessDefinition
from app.storage.user_tasks import UserTask
from app.storage.waiting import Timer
from app.texts import Text
from app.use_cases.definitions.load_release import load_current, load_release

PATIENCE = timedelta(minutes=5)  # so long the poller may take without anybody calling a timer late


@dataclass(frozen=True)
class Reached:
    """An element's state, done, current, late or failed, with who and when, and how often it was passed."""

    state: str
    note: Text | None = None
    times: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class ProcessProgress:
    """An instance with its diagram's bytes and what was reached, by element id, in the order of the last time.

    `version` counts the published versions of its diagram; None where none was numbered.
    """

    process_key: str
    name: Text
    release_id: str
    version: int | None
    started_at: datetime | None
    diagram: bytes
    elements: dict[str, Reached]


@dataclass(frozen=True)
class ProcessRun:
    """One time that a process ran for a case; `round` is the application's round or the loan's episode."""

    instance_id: int
    business_key: str
    round: str
    active: bool
    started_at: datetime


@dataclass(frozen=True)
class CaseProcess:
    """A process as one case goes through it: the runs, oldest first, and how far the chosen one is."""

    runs: tuple[ProcessRun, ...]
    chosen: int | None
    progress: ProcessProgress


def process_of_case(case_id: int, process_key: str, instance_id: int | None = None) -> CaseProcess:
    """The chosen run, else the newest, else the drawing in force; the caller may see the case. Raises NotFound."""
    with reading() as session:
        query = select(ProcessInstance).where(
            ProcessInstance.case_id == case_id, ProcessInstance.process_key == process_key
        )
        runs = tuple(
            ProcessRun(row.id, row.business_key, row.round, row.status == "active", row.started_at)
            for row in session.scalars(query.order_by(ProcessInstance.id).options(defer(ProcessInstance.state)))
        )
        if not runs:
            definition = releases.definition(session, process_key)
            if definition is None or definition.stage == releases.OVERVIEW_STAGE:
                raise NotFound
            name, release = Text(definition.name_zh, definition.name_en), load_current(session, process_key)
            version = _version(session, release.diagram, clock.real_now())
            shown = ProcessProgress(process_key, name, release.id, version, None, release.diagram, {})
            return CaseProcess((), None, shown)
    known = [run.instance_id for run in runs]
    if instance_id is not None and instance_id not in known:
        raise NotFound
    chosen = instance_id or known[-1]
    return CaseProcess(runs, chosen, process_progress(chosen))


def process_progress(instance_id: int) -> ProcessProgress:
    """The progress of an instance whose case the caller may see."""
    with reading() as session:
        instance = session.get_one(ProcessInstance, instance_id)
        release = load_release(session, instance.release_id)
        steps = list(
            session.scalars(
                select(HistoryEntry).where(HistoryEntry.instance_id == instance_id).order_by(HistoryEntry.id)
            )
        )
        tasks = list(
            session.scalars(select(UserTask).where(UserTask.instance_id == instance_id, UserTask.state == "open"))
        )
        names = people.names(
            session, {row.person_id for row in steps if row.person_id} | {t.claimed_by for t in tasks if t.claimed_by}
        )
        elements = _passed(steps, names)
        waiting = [part for part in (instance.waiting_at or "").split(",") if part]
        now = clock.moment().now
        late = _late_timers(session, instance_id, now)
        for element_id in waiting:
            _stands(elements, element_id, "late" if element_id in late else "current")
        for task in tasks:
            is_late = task.due_at is not None and task.due_at < now
            _stands(elements, task.element_id, "late" if is_late else "current", _note(names, task.claimed_by, None))
        for incident in session.scalars(
            select(Incident).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
        ):
            _stands(elements, incident.element_id, "failed")
        definition = session.get(ProcessDefinition, instance.process_key)
        name = Text(definition.name_zh, definition.name_en) if definition else Text(instance.process_key)
        version = _version(session, release.diagram, instance.started_at)
    return ProcessProgress(
        instance.process_key, name, instance.release_id, version, instance.started_at, release.diagram, elements
    )


def _version(session: Session, diagram: bytes, at: datetime) -> int | None:
    """What analysts count this diagram as: of versions with the same file, the one that was in force."""
    sha256 = hashlib.sha256(diagram).hexdigest()
    found = definitions.version_at(definitions.versions_with(session, [sha256]).get(sha256, []), at)
    return found.number if found else None


def _passed(steps: list[HistoryEntry], names: dict[int, people.Person]) -> dict[str, Reached]:
    """What history says of each element, in the order of the last time."""
    elements: dict[str, Reached] = {}
    for row in steps:
        if row.element_id:
            before = elements.pop(row.element_id, None)
            times = 1 + (before.times if before else 0)
            elements[row.element_id] = Reached("done", _note(names, row.person_id, row.at), times, row.at)
    return elements


def _late_timers(session: Session, instance_id: int, now: datetime) -> set[str]:
    """Elements whose timer should have fired: somebody has to look at the poller."""
    overdue = (Timer.instance_id == instance_id, Timer.due_at < now - PATIENCE)
    return set(session.scalars(select(Timer.element_id).where(*overdue)))


def _stands(elements: dict[str, Reached], element_id: str, state: str, note: Text | None = None) -> None:
    """The instance stands here now, whatever was before; a failure is not covered by what waits beside it."""
    before = elements.pop(element_id, None)
    elements[element_id] = Reached(state, note, before.times if before else 0)


def _note(names: dict[int, people.Person], person_id: int | None, at: datetime | None) -> Text | None:
    person = names.get(person_id or 0)
    when = at.astimezone(BUSINESS_ZONE).strftime("%m-%d %H:%M") if at and person else ""
    if person is None:
        return None
    return Text(f"{person.name_zh} {when}".strip(), f"{person.name_en or person.name_zh} {when}".strip())
