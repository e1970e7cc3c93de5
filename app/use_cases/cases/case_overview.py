"""The overview of all processes with a case's position: which are done, which run, which have not begun."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app import engine
from app.moment import BUSINESS_ZONE
from app.storage import outbox, releases
from app.storage.database import reading
from app.storage.instances import ProcessInstance
from app.storage.releases import MessageStart, ProcessDefinition, Release
from app.texts import Text
from app.use_cases.applications.milestones import ended_badly
from app.use_cases.cases.case_file import CaseFile

CACHED_DRAWINGS = 8
Run = Row[tuple[int, str, str, datetime, datetime | None]]


@dataclass(frozen=True)
class Standing:
    """A process in a case: `state` done, current, failed or ahead; `note` says who and when, or what is going on.

    `shown` is False where the process is not published, so that there is no drawing of it.
    """

    process_key: str
    state: str
    note: Text | None
    runs: int
    shown: bool


@dataclass(frozen=True)
class CaseOverview:
    """The drawing's bytes with what stands where: by participant id, and the flows whose message was sent."""

    name: Text
    diagram: bytes
    standings: Mapping[str, Standing]
    sent: frozenset[str]


_cache: OrderedDict[str, tuple[bytes, engine.CollaborationFacts]] = OrderedDict()


def case_overview(file: CaseFile) -> CaseOverview | None:
    """The overview for a case whose file the caller may see; None where none is published."""
    with reading() as session:
        release = releases.overview(session)
        if release is None:
            return None
        diagram, facts = _drawing(session, release)
        runs = _runs(session, file.case.id)
        sent = _sent(session, runs)
        published = set(session.scalars(select(ProcessDefinition.process_key)))
        begins = {(row.process_key, row.name) for row in session.scalars(select(MessageStart))}
    standings = _standings(file, facts.participants, runs, published)
    begun = {run.process_key for run in runs}
    done = frozenset(id_ for id_, flow in facts.flows.items() if _was_sent(flow, sent, begun, begins))
    return CaseOverview(facts.name, diagram, standings, done)


def _was_sent(
    flow: engine.MessageFlow, sent: set[tuple[str, str]], begun: set[str], begins: set[tuple[str, str]]
) -> bool:
    """Whether the process sent one of the messages; of a party that is no process, whether one began the receiver."""
    if flow.source:
        return any((flow.source, one) in sent for one in flow.messages)
    return flow.target in begun and any((flow.target, one) in begins for one in flow.messages)


def _drawing(session: Session, release: Release) -> tuple[bytes, engine.CollaborationFacts]:
    """A release never changes, so each is read once in this process."""
    if release.id not in _cache:
        (diagram,) = releases.files_of(session, release).values()
        facts = engine.collaboration_facts(diagram)
        assert facts is not None, "what was published as an overview is one"
        _cache[release.id] = (diagram, facts)
        if len(_cache) > CACHED_DRAWINGS:
            _cache.popitem(last=False)
    return _cache[release.id]


def _runs(session: Session, case_id: int) -> list[Run]:
    columns = (ProcessInstance.id, ProcessInstance.process_key, ProcessInstance.status)
    query = select(*columns, ProcessInstance.started_at, ProcessInstance.ended_at)
    return list(session.execute(query.where(ProcessInstance.case_id == case_id).order_by(ProcessInstance.id)))


def _sent(session: Session, runs: list[Run]) -> set[tuple[str, str]]:
    keys = {run.id: run.process_key for run in runs}
    return {(keys[instance_id], name) for instance_id, name in outbox.messages_of(session, keys)}


def _standings(
    file: CaseFile, participants: Mapping[str, str], runs: list[Run], published: set[str]
) -> dict[str, Standing]:
    stopped = {incident.instance_id for incident in file.incidents}
    last = runs[-1].process_key if runs and ended_badly(file.case.milestone) else None
    found = {}
    for id_, key in participants.items():
        own = [run for run in runs if run.process_key == key]
        state, note = _state(file, key, own, any(run.id in stopped for run in own))
        if key == last and state == "done":
            state = "failed"
        found[id_] = Standing(key, state, note, len(own), key in published)
    return found


def _state(file: CaseFile, process_key: str, own: list[Run], stopped: bool) -> tuple[str, Text | None]:
    if not own:
        return "ahead", None
    if stopped:
        return "failed", Text("停住，待处理", "stopped, needs help")
    again = Text(f"第 {len(own)} 次 ", f"run {len(own)}, ") if len(own) > 1 else Text("", "")
    running = [run for run in own if run.status == "active"]
    if running:
        return "current", _joined(again, _going_on(file, process_key))
    ended = [run.ended_at for run in own if run.ended_at]
    day = f"{max(ended).astimezone(BUSINESS_ZONE):%m-%d}" if ended else ""
    done = [task for task in file.tasks if task.process_key == process_key and task.done_by]
    who = file.person(max(done, key=lambda task: task.id).done_by) if done else None
    return "done", _joined(again, Text(f"{who.zh} {day}", f"{who.of('en')} {day}") if who else Text(day, day))


def _going_on(file: CaseFile, process_key: str) -> Text:
    tasks = [task for task in file.open_tasks if task.process_key == process_key]
    if not tasks:
        return Text("进行中", "under way")
    who = file.person(tasks[0].claimed_by)
    name = tasks[0].name
    return Text(f"{name.zh} · {who.zh}", f"{name.of('en')}, {who.of('en')}") if who else name


def _joined(before: Text, after: Text) -> Text:
    return Text(before.zh + after.zh, before.en + after.of("en"))
