"""Publishes the diagrams, forms and rules that came with the product; what an analyst published since stays."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine
from app.config import PROJECT_DIRECTORY
from app.gateways import clock
from app.storage import definitions
from app.storage.database import reading, unit_of_work
from app.storage.releases import ProcessDefinition
from app.storage.shipped import ShippedRelease
from app.use_cases.definitions.example_files import is_example_file, table_of
from app.use_cases.definitions.file_kinds import ENDINGS, FOLDERS
from app.use_cases.definitions.publish import Published, publish


@dataclass(frozen=True)
class Shipment:
    """What a load did: `published` the processes now in force, `kept` those where an analyst's own release stays."""

    published: tuple[Published, ...] = ()
    kept: tuple[str, ...] = ()


def read_definitions(directory: Path = PROJECT_DIRECTORY) -> dict[str, bytes]:
    """Path -> bytes of every diagram, form and rule file below `directory`, as "processes/x.bpmn"."""
    return {
        f"{folder}/{file.name}": file.read_bytes()
        for kind, folder in FOLDERS.items()
        for ending in ENDINGS[kind]
        for file in sorted((directory / folder).glob(f"*{ending}"))
    }


def load_shipped_definitions(directory: Path = PROJECT_DIRECTORY) -> Shipment:
    """Publishes what is new since the last load; when no file changed, nothing is parsed and nothing written.

    Raises DefinitionRefused with every problem; then nothing is published.
    """
    files = read_definitions(directory)
    digest = _digest(files)
    with reading() as session:
        shipped = {row.process_key: row for row in session.scalars(select(ShippedRelease))}
        in_force = {row.process_key: row.release_id for row in session.scalars(select(ProcessDefinition))}
        own = _of_people(session)
    if shipped and all(row.files_digest == digest for row in shipped.values()):
        return Shipment()
    kept = tuple(key for key, row in sorted(shipped.items()) if in_force.get(key) != row.release_id)
    wanted = {path: content for path, content in files.items() if not _defines(path, content, kept)}
    published = publish(_merged(wanted, own))
    _remember(published, kept, digest)
    return Shipment(tuple(published), kept)


def _merged(shipped: dict[str, bytes], own: dict[str, bytes]) -> dict[str, bytes]:
    """What is shipped, with what people published in its place; their tables keep the examples that they have."""
    theirs = {path for path in shipped if is_example_file(path) and table_of(path) in own}
    kept = {path: content for path, content in own.items() if path in shipped or table_of(path) in shipped}
    return {path: content for path, content in shipped.items() if path not in theirs} | kept


def _of_people(session: Session) -> dict[str, bytes]:
    """The forms, tables and examples in force that a person published: they stay, whoever uses them.

    A table to which a person gave examples stays with them: they may not hold for a newer one.
    """
    newest = definitions.newest(session)
    own = {path for path, row in newest.items() if row.published_by is not None and not path.endswith(".bpmn")}
    own |= {table_of(path) for path in own} & set(newest)
    rows = {path: newest[path].sha256 for path in own}
    found = definitions.contents(session, rows.values())
    return {path: found[sha256] for path, sha256 in rows.items()}


def _digest(files: dict[str, bytes]) -> str:
    whole = hashlib.sha256()
    for path, content in sorted(files.items()):
        whole.update(f"{path} {hashlib.sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()


def _defines(path: str, content: bytes, processes: tuple[str, ...]) -> bool:
    return bool(processes) and path.endswith(".bpmn") and any(key in processes for key in _keys(content))


def _keys(content: bytes) -> list[str]:
    """The processes that a file defines, or the overview that it draws."""
    overview = engine.collaboration_facts(content)
    return [facts.process_key for facts in engine.process_facts(content)] + ([overview.key] if overview else [])


def _remember(published: list[Published], kept: tuple[str, ...], digest: str) -> None:
    now = clock.real_now()
    with unit_of_work() as session:
        for one in published:
            session.merge(
                ShippedRelease(process_key=one.process_key, release_id=one.release_id, files_digest=digest, at=now)
            )
        for key in kept:
            session.get_one(ShippedRelease, key).files_digest = digest
