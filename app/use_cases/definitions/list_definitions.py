"""Lists every diagram, form and table in force, with versions, what runs on it, who uses it, and waiting drafts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage import definitions, people
from app.storage.database import reading
from app.storage.definitions import OPEN, DefinitionDraft, DefinitionVersion
from app.storage.instances import ProcessInstance
from app.storage.people import Person
from app.storage.releases import ProcessDefinition
from app.texts import Text
from app.use_cases.definitions.file_kinds import kind_of
from app.use_cases.definitions.in_force import InForce, load_in_force
from app.use_cases.definitions.verdicts import CheckedFile
from app.use_cases.permissions import Actor, may, require

SORT_OF = {"forms": "form", "rules": "decision"}


@dataclass(frozen=True)
class DefinitionLine:
    """A file in force. `by` is None for what came with the product; `older` counts running instances whose release is
    not the one in force, on `older_releases` releases; `used_by` names the processes that use a form or table."""

    path: str
    kind: str
    name: Text
    number: int
    published_at: datetime
    by: Text | None
    running: int = 0
    older: int = 0
    older_releases: int = 0
    used_by: tuple[Text, ...] = ()
    draft_id: int | None = None


@dataclass(frozen=True)
class DraftLine:
    """A draft; `files` are (kind, name) of each."""

    id: int
    state: str
    note: str
    restores: bool
    uploaded_at: datetime
    by: Text
    is_mine: bool
    files: tuple[tuple[str, Text], ...]
    closed_at: datetime | None = None
    closed_by: Text | None = None
    reason: str = ""


@dataclass(frozen=True)
class DefinitionList:
    """Everything in force by kind, the drafts that wait, and those closed last; `seen` is the newest version's id."""

    lines: tuple[DefinitionLine, ...]
    waiting: tuple[DraftLine, ...]
    closed: tuple[DraftLine, ...]
    seen: int


def require_analyst(actor: Actor) -> None:
    """Raises Forbidden for who may neither draft nor publish."""
    require("edit_definitions" if not may("publish_definitions", actor) else "publish_definitions", actor)


def list_definitions(actor: Actor, closed_limit: int = 20) -> DefinitionList:
    """Everything that an analyst's first page shows."""
    require_analyst(actor)
    with reading() as session:
        in_force = load_in_force(session)
        drafts = _drafts(session, closed_limit)
        files: dict[int, list[str]] = defaultdict(list)
        for file in definitions.draft_files(session, [draft.id for draft in drafts]):
            files[file.draft_id].append(file.path)
        known = people.names(session, _people(in_force, drafts))
        running = _running(session)
        rows = {row.process_key: row for row in session.scalars(select(ProcessDefinition))}
    current = {key: row.release_id for key, row in rows.items()}
    waits = {path: draft.id for draft in drafts if draft.state == OPEN for path in files[draft.id]}
    lines = tuple(
        _line(path, in_force.versions[path], in_force, known, running, current, waits.get(path))
        for path in sorted(in_force.versions, key=lambda path: (_stage(in_force.described[path], rows), path))
    )
    told = [_draft_line(draft, files[draft.id], in_force, known, actor) for draft in drafts]
    return DefinitionList(
        lines,
        tuple(one for one in told if one.state == OPEN),
        tuple(one for one in told if one.state != OPEN),
        seen=max((row.id for row in in_force.versions.values()), default=0),
    )


def _stage(one: CheckedFile, rows: dict[str, ProcessDefinition]) -> int:
    """The place of a process among the stages of a case; forms and tables have none."""
    return min((rows[key].stage for key in one.keys if key in rows and one.kind == "processes"), default=0)


def _drafts(session: Session, closed_limit: int) -> list[DefinitionDraft]:
    waiting = select(DefinitionDraft).where(DefinitionDraft.state == OPEN).order_by(DefinitionDraft.id.desc())
    closed = select(DefinitionDraft).where(DefinitionDraft.state != OPEN).order_by(DefinitionDraft.closed_at.desc())
    return [*session.scalars(waiting), *session.scalars(closed.limit(closed_limit))]


def _people(in_force: InForce, drafts: list[DefinitionDraft]) -> set[int]:
    ids = {row.published_by for row in in_force.versions.values()}
    ids |= {draft.uploaded_by for draft in drafts} | {draft.closed_by for draft in drafts}
    return {one for one in ids if one is not None}


def _running(session: Session) -> Counter[tuple[str, str]]:
    """Running instances by (process, release)."""
    keys = (ProcessInstance.process_key, ProcessInstance.release_id)
    rows = session.execute(select(*keys, func.count()).where(ProcessInstance.status == "active").group_by(*keys))
    return Counter({(process, release): number for process, release, number in rows})


def _line(
    path: str,
    row: DefinitionVersion,
    in_force: InForce,
    known: dict[int, Person],
    running: Counter[tuple[str, str]],
    current: dict[str, str],
    draft_id: int | None,
) -> DefinitionLine:
    one = in_force.described[path]
    mine = {key: number for key, number in running.items() if key[0] in one.keys and one.kind == "processes"}
    old = {key: number for key, number in mine.items() if current.get(key[0]) != key[1]}
    return DefinitionLine(
        path,
        one.kind,
        one.name,
        row.number,
        row.published_at,
        name_of(known, row.published_by),
        running=sum(mine.values()),
        older=sum(old.values()),
        older_releases=len(old),
        used_by=tuple(in_force.described[user].name for user in users_of(one, in_force)),
        draft_id=draft_id,
    )


def users_of(one: CheckedFile, in_force: InForce) -> tuple[str, ...]:
    """The paths of the diagrams that use a form or table."""
    sort = SORT_OF.get(one.kind)
    if sort is None:
        return ()
    return tuple(
        path
        for path, file in in_force.described.items()
        if file.kind == "processes"
        and (
            any(asked.sort == sort and asked.key in one.keys for asked in file.asked)
            or (one.for_process and one.for_process in file.keys)
        )
    )


def name_of(known: dict[int, Person], person_id: int | None) -> Text | None:
    """A person's name in both languages; None for nobody."""
    person = known.get(person_id or 0)
    return None if person is None else Text(person.name_zh, person.name_en)


def _draft_line(
    draft: DefinitionDraft, paths: list[str], in_force: InForce, known: dict[int, Person], actor: Actor
) -> DraftLine:
    return DraftLine(
        draft.id,
        draft.state,
        draft.note,
        draft.restores,
        draft.uploaded_at,
        name_of(known, draft.uploaded_by) or Text(""),
        draft.uploaded_by == actor.person_id,
        tuple(
            (
                kind_of(path),
                in_force.described[path].name if path in in_force.described else Text(stem(path)),
            )
            for path in paths
        ),
        draft.closed_at,
        name_of(known, draft.closed_by),
        draft.reason,
    )


def stem(path: str) -> str:
    """The file's name without folder and ending."""
    return path.rpartition("/")[2].rpartition(".")[0]
