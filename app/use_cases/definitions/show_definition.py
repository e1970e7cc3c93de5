"""One diagram, form or table: its versions, what runs on which release, what it names, and two versions compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.gateways import clock
from app.storage import definitions, organisations, people
from app.storage.database import reading
from app.storage.definitions import DefinitionDraft, DefinitionVersion
from app.storage.instances import ProcessInstance
from app.storage.releases import ProcessDefinition, Release
from app.texts import Text
from app.use_cases.definitions.diagram_difference import Names, diagram_differences
from app.use_cases.definitions.difference import Difference
from app.use_cases.definitions.example_files import table_of
from app.use_cases.definitions.examples_difference import examples_differences
from app.use_cases.definitions.file_kinds import EXAMPLES, kind_of
from app.use_cases.definitions.form_difference import form_differences
from app.use_cases.definitions.in_force import InForce, describe, load_in_force
from app.use_cases.definitions.list_definitions import name_of, require_analyst, stem, users_of
from app.use_cases.definitions.shown_content import FieldShown, TableShown, fields_of, tables_of
from app.use_cases.definitions.shown_examples import ExamplesShown, shown_examples
from app.use_cases.definitions.table_difference import table_differences
from app.use_cases.definitions.try_examples import try_examples
from app.use_cases.definitions.verdicts import CheckedFile, Finding
from app.use_cases.operations import OPERATIONS
from app.use_cases.permissions import Actor


@dataclass(frozen=True)
class VersionLine:
    """A version; `by` is None for what came with the product, `note` says why an analyst changed it."""

    number: int
    published_at: datetime
    by: Text | None
    author: Text | None
    note: str
    restores: bool
    in_force: bool


@dataclass(frozen=True)
class ReleaseLine:
    """A release of a process with its instances; `older` names the files that differ from those in force."""

    published_at: datetime
    diagram_number: int
    running: int
    ended: int
    in_force: bool
    older: tuple[Text, ...]


@dataclass(frozen=True)
class Named:
    """A name that the file asks for: `sort` as in verdicts.Asked, and the path of the file that has it, if any."""

    sort: str
    key: str
    name: Text
    path: str | None


@dataclass(frozen=True)
class DefinitionDetail:
    """Everything of one file; `seen` is the newest version's id of all, `problems` what the table check says."""

    path: str
    kind: str
    name: Text
    versions: tuple[VersionLine, ...]
    releases: tuple[ReleaseLine, ...]
    named: tuple[Named, ...]
    users: tuple[tuple[str, Text], ...]
    content: bytes
    seen: int
    draft_id: int | None
    tables: tuple[TableShown, ...] = ()
    fields: tuple[FieldShown, ...] = ()
    examples: ExamplesShown | None = None
    problems: tuple[Finding, ...] = ()


def show_definition(actor: Actor, path: str) -> DefinitionDetail:
    """The file's page; raises NotFound."""
    require_analyst(actor)
    with reading() as session:
        in_force = load_in_force(session)
        if path not in in_force.versions:
            raise NotFound
        one, row = in_force.described[path], in_force.versions[path]
        content = definitions.contents(session, [row.sha256])[row.sha256]
        return DefinitionDetail(
            path,
            one.kind,
            one.name,
            tuple(_versions(session, path)),
            tuple(_releases(session, one, path, in_force)),
            tuple(named(session, one, in_force)),
            tuple((user, in_force.described[user].name) for user in users_of(one, in_force)),
            content,
            max(version.id for version in in_force.versions.values()),
            _waiting(session, path),
            tables_of(content) if one.kind == "rules" else (),
            fields_of(content) if one.kind == "forms" else (),
            _examples(session, in_force, path),
            one.problems if one.kind == "rules" else (),
        )


def _examples(session: Session, in_force: InForce, path: str) -> ExamplesShown | None:
    """What the examples in force say of a table in force, shown with the table and with its examples."""
    table = in_force.versions.get(table_of(path))
    if table is None or table.path not in in_force.described or in_force.described[table.path].kind != "rules":
        return None
    content = definitions.contents(session, [table.sha256])[table.sha256]
    found = try_examples(session, in_force, {table.path: content}, clock.moment())
    return shown_examples(content, found[table.path]) if found else None


def open_file(actor: Actor, path: str, number: int) -> bytes:
    """The bytes of one version; raises NotFound."""
    require_analyst(actor)
    with reading() as session:
        return _content(session, path, number)


@dataclass(frozen=True)
class Comparison:
    """Two versions of a file; `content` is the newer one's."""

    path: str
    name: Text
    numbers: tuple[int, ...]
    before: int
    after: int
    differences: tuple[Difference, ...]
    content: bytes


def compare_versions(actor: Actor, path: str, before: int, after: int) -> Comparison:
    """How version `after` differs from version `before`; raises NotFound."""
    require_analyst(actor)
    with reading() as session:
        in_force = load_in_force(session)
        if path not in in_force.versions:
            raise NotFound
        numbers = tuple(row.number for row in definitions.versions_of(session, path))
        old, new = (_content(session, path, number) for number in (before, after))
        one = in_force.described[path]
        table = in_force.versions.get(table_of(path))
        about = definitions.contents(session, [table.sha256])[table.sha256] if table else None
        found = differences(path, old, new, names(session, in_force), about)
    return Comparison(path, one.name, numbers, before, after, tuple(found), new)


def differences(path: str, before: bytes, after: bytes, known: Names, table: bytes | None = None) -> list[Difference]:
    """The differences of two versions of the file with this path; of examples, `table` is what they are about."""
    kind = kind_of(path)
    if kind == "processes":
        return diagram_differences(before, after, known)
    if kind == EXAMPLES:
        return examples_differences(path, before, after, table)
    return form_differences(before, after) if kind == "forms" else table_differences(before, after)


def names(session: Session, in_force: InForce, uploaded: tuple[CheckedFile, ...] = ()) -> Names:
    """What roles, forms, tables, processes and operations are called."""
    sorts = {"forms": "form", "rules": "decision", "processes": "process"}
    files = (*in_force.described.values(), *uploaded)
    found = {(sorts[one.kind], key): one.name for one in files if one.kind in sorts for key in one.keys}
    roles = organisations.roles_by_key(session)
    operations = {("operation", key): one.name for key, one in OPERATIONS.items()}
    return Names(found | operations | {("role", key): role.name for key, role in roles.items()})


def named(session: Session, one: CheckedFile, in_force: InForce) -> list[Named]:
    """The names that a file asks for, each once, in the file's order."""
    known = names(session, in_force)
    kinds = {"form": "forms", "decision": "rules", "process": "processes"}
    keys = dict.fromkeys((asked.sort, asked.key) for asked in one.asked)
    return [
        Named(sort, key, known.of(sort, key), in_force.path_of(kinds[sort], key) if sort in kinds else None)
        for sort, key in keys
    ]


def _content(session: Session, path: str, number: int) -> bytes:
    row = next((row for row in definitions.versions_of(session, path) if row.number == number), None)
    if row is None:
        raise NotFound
    return definitions.contents(session, [row.sha256])[row.sha256]


def _waiting(session: Session, path: str) -> int | None:
    query = select(DefinitionDraft.id).join(
        definitions.DefinitionDraftFile, definitions.DefinitionDraftFile.draft_id == DefinitionDraft.id
    )
    query = query.where(definitions.DefinitionDraftFile.path == path, DefinitionDraft.state == definitions.OPEN)
    return session.scalar(query.order_by(DefinitionDraft.id.desc()).limit(1))


def _versions(session: Session, path: str) -> list[VersionLine]:
    rows = definitions.versions_of(session, path)
    wanted = {row.draft_id for row in rows if row.draft_id}
    drafts = {row.id: row for row in session.scalars(select(DefinitionDraft).where(DefinitionDraft.id.in_(wanted)))}
    ids = {row.published_by for row in rows} | {draft.uploaded_by for draft in drafts.values()}
    known = people.names(session, {one for one in ids if one is not None})
    return [_version(row, drafts.get(row.draft_id or 0), known, row is rows[0]) for row in rows]


def _version(
    row: DefinitionVersion, draft: DefinitionDraft | None, known: dict[int, people.Person], newest: bool
) -> VersionLine:
    return VersionLine(
        row.number,
        row.published_at,
        name_of(known, row.published_by),
        name_of(known, draft.uploaded_by) if draft else None,
        draft.note if draft else "",
        bool(draft and draft.restores),
        newest,
    )


def _releases(session: Session, one: CheckedFile, path: str, in_force: InForce) -> list[ReleaseLine]:
    """The releases that anything ran on, and the one in force, newest first."""
    if one.kind != "processes" or not one.processes:
        return []
    counts: dict[str, dict[bool, int]] = {}
    query = select(ProcessInstance.release_id, ProcessInstance.status, func.count())
    query = query.where(ProcessInstance.process_key.in_(one.keys))
    for release_id, status, number in session.execute(
        query.group_by(ProcessInstance.release_id, ProcessInstance.status)
    ):
        part = counts.setdefault(release_id, {True: 0, False: 0})
        part[status == "active"] += number
    current = {
        row.release_id: row
        for row in session.scalars(select(ProcessDefinition).where(ProcessDefinition.process_key.in_(one.keys)))
    }
    rows = session.scalars(select(Release).where(Release.id.in_({*counts, *current})))
    numbers = {row.sha256: row.number for row in definitions.versions_of(session, path)}
    lines = [
        ReleaseLine(
            row.published_at,
            numbers.get(row.files.get(path, ""), 0),
            counts.get(row.id, {}).get(True, 0),
            counts.get(row.id, {}).get(False, 0),
            row.id in current,
            tuple(_older(session, row, in_force, path)),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.in_force, line.published_at), reverse=True)


def _older(session: Session, release: Release, in_force: InForce, path: str) -> list[Text]:
    """The forms and tables of a release that are not as they are in force."""
    differ = {
        part: sha256
        for part, sha256 in release.files.items()
        if part != path and (part not in in_force.versions or in_force.versions[part].sha256 != sha256)
    }
    told = describe(session, differ.items())
    return [one.name if one.name.zh else Text(stem(part)) for part, one in told.items()]
