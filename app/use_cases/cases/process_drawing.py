"""How far an instance is in its diagram: which elements are done and where it stands; and a process of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer

from app.errors import NotFound
from app.moment import BUSINESS_ZONE
from app.storage import people, releases
from app.storage.database import reading
from app.storage.history import HistoryEntry
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.releases import ProcessDefinition
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.definitions.load_release import load_current, load_release


@dataclass(frozen=True)
class Reached:
    """An element's state, done, current or failed, with who and when."""

    state: str
    note: Text | None = None


@dataclass(frozen=True)
class ProcessProgress:
    """An instance with its diagram's bytes and what was reached, by element id."""

    process_key: str
    name: Text
    release_id: str
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
            return CaseProcess((), None, ProcessProgress(process_key, name, release.id, None, release.diagram, {}))
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
        elements = {
            row.element_id: Reached("done", _note(names, row.person_id, row.at)) for row in steps if row.element_id
        }
        for element_id in (part for part in (instance.waiting_at or "").split(",") if part):
            elements[element_id] = Reached("current")
        for task in tasks:
            elements[task.element_id] = Reached("current", _note(names, task.claimed_by, None))
        for incident in session.scalars(
            select(Incident).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
        ):
            elements[incident.element_id] = Reached("failed")
        definition = session.get(ProcessDefinition, instance.process_key)
        name = Text(definition.name_zh, definition.name_en) if definition else Text(instance.process_key)
    return ProcessProgress(
        instance.process_key, name, instance.release_id, instance.started_at, release.diagram, elements
    )


def _note(names: dict[int, people.Person], person_id: int | None, at: datetime | None) -> Text | None:
    person = names.get(person_id or 0)
    when = at.astimezone(BUSINESS_ZONE).strftime("%m-%d %H:%M") if at and person else ""
    if person is None:
        return None
    return Text(f"{person.name_zh} {when}".strip(), f"{person.name_en or person.name_zh} {when}".strip())
