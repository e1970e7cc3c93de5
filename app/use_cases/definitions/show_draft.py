"""One draft: its files with what was warned of and what they change, whom it reaches, and what the person may do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import NotFound
from app.gateways import clock
from app.storage import definitions, people
from app.storage.database import reading
from app.storage.definitions import OPEN, DefinitionDraft, DefinitionDraftFile
from app.texts import Text
from app.use_cases.definitions.diagram_difference import Names
from app.use_cases.definitions.difference import Difference
from app.use_cases.definitions.example_files import table_of
from app.use_cases.definitions.in_force import InForce, describe, load_in_force, named_by_table
from app.use_cases.definitions.list_definitions import name_of, require_analyst, users_of
from app.use_cases.definitions.show_definition import differences, names
from app.use_cases.definitions.shown_examples import ExamplesShown, shown_examples
from app.use_cases.definitions.try_examples import try_examples
from app.use_cases.definitions.verdicts import CheckedFile, Finding, finding_of
from app.use_cases.permissions import Actor, may


@dataclass(frozen=True)
class DraftFile:
    """A file of a draft; `base` is the version it was made from (0: new), `overtaken` a newer one published since."""

    path: str
    kind: str
    name: Text
    base: int
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...]
    content: bytes
    overtaken: int | None
    examples: ExamplesShown | None = None


@dataclass(frozen=True)
class DraftDetail:
    """`reaches` names the processes that get a new release when it is published."""

    id: int
    state: str
    note: str
    restores: bool
    uploaded_at: datetime
    by: Text
    closed_at: datetime | None
    closed_by: Text | None
    reason: str
    files: tuple[DraftFile, ...]
    reaches: tuple[Text, ...]
    is_mine: bool
    may_publish: bool
    may_withdraw: bool

    @property
    def overtaken(self) -> bool:
        return any(file.overtaken for file in self.files)


def show_draft(actor: Actor, draft_id: int) -> DraftDetail:
    """The draft's page; raises NotFound."""
    require_analyst(actor)
    with reading() as session:
        draft = session.get(DefinitionDraft, draft_id)
        if draft is None:
            raise NotFound
        in_force = load_in_force(session)
        rows = definitions.draft_files(session, [draft_id])
        told = named_by_table(describe(session, ((row.path, row.sha256) for row in rows)), in_force.described)
        known = people.names(session, {draft.uploaded_by, draft.closed_by or 0})
        called = names(session, in_force, tuple(told.values()))
        about = {path: version.sha256 for path, version in in_force.versions.items()}
        about |= {row.path: row.sha256 for row in rows}
        files = tuple(
            _file(session, row, draft, told[row.path], in_force, called, about.get(table_of(row.path))) for row in rows
        )
        files = _with_examples(session, in_force, files)
    is_open, mine = draft.state == OPEN, draft.uploaded_by == actor.person_id
    return DraftDetail(
        draft.id,
        draft.state,
        draft.note,
        draft.restores,
        draft.uploaded_at,
        name_of(known, draft.uploaded_by) or Text(""),
        draft.closed_at,
        name_of(known, draft.closed_by),
        draft.reason,
        files,
        _reached(told, in_force),
        mine,
        is_open and not mine and may("publish_definitions", actor) and not any(file.overtaken for file in files),
        is_open and may("edit_definitions", actor),
    )


def open_draft_file(actor: Actor, draft_id: int, path: str) -> bytes:
    """The bytes of one of a draft's files; raises NotFound."""
    require_analyst(actor)
    with reading() as session:
        row = session.get(DefinitionDraftFile, (draft_id, path))
        if row is None:
            raise NotFound
        return definitions.contents(session, [row.sha256])[row.sha256]


def _file(
    session: Session,
    row: DefinitionDraftFile,
    draft: DefinitionDraft,
    told: CheckedFile,
    in_force: InForce,
    called: Names,
    table: str | None,
) -> DraftFile:
    """The difference is against the version that the draft was made from, which never changes.

    `table` is the hash of the table that examples are about.
    """
    versions = {version.number: version for version in definitions.versions_of(session, row.path)}
    base = versions.get(row.base_number)
    wanted = {row.sha256} | ({base.sha256} if base else set()) | ({table} if table else set())
    contents = definitions.contents(session, wanted)
    newest = in_force.versions.get(row.path)
    late = newest.number if newest and newest.number != row.base_number and draft.state == OPEN else None
    return DraftFile(
        row.path,
        told.kind,
        told.name,
        row.base_number,
        tuple(finding_of(one) for one in row.findings),
        tuple(differences(row.path, contents[base.sha256], contents[row.sha256], called, contents.get(table or "")))
        if base
        else (),
        contents[row.sha256],
        late,
    )


def _with_examples(session: Session, in_force: InForce, files: tuple[DraftFile, ...]) -> tuple[DraftFile, ...]:
    """Each table with what its examples say of it; where it is not in the draft, its examples with that."""
    content = {file.path: file.content for file in files}
    tried = try_examples(session, in_force, content, clock.moment())
    tables = {path: content[path] if path in content else _in_force(session, in_force, path) for path in tried}
    shown = {path: shown_examples(tables[path], found) for path, found in tried.items()}
    first = {table_of(file.path): file.path for file in reversed(files) if table_of(file.path) in shown}
    first |= {path: path for path in shown if path in content}
    return tuple(
        replace(file, examples=shown[table_of(file.path)]) if file.path == first.get(table_of(file.path)) else file
        for file in files
    )


def _in_force(session: Session, in_force: InForce, path: str) -> bytes:
    sha256 = in_force.versions[path].sha256
    return definitions.contents(session, [sha256])[sha256]


def _reached(told: dict[str, CheckedFile], in_force: InForce) -> tuple[Text, ...]:
    """The processes that the files draw, and those that use their forms and tables."""
    found: dict[str, Text] = {}
    for path, one in told.items():
        if one.kind == "processes":
            found[path] = one.name
        for user in users_of(one, in_force):
            found.setdefault(user, in_force.described[user].name)
    callers = {key for path in found if path in in_force.described for key in in_force.described[path].keys}
    for path, one in in_force.described.items():
        if any(asked.sort == "process" and asked.key in callers for asked in one.asked) and one.kind == "processes":
            found.setdefault(path, one.name)
    return tuple(found.values())
