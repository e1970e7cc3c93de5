"""Versions of the files in force, and drafts: what analysts uploaded and a second person has to publish."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model
from app.storage.releases import ContentFile

OPEN, PUBLISHED, WITHDRAWN = "open", "published", "withdrawn"


class DefinitionDraft(Model):
    """Files uploaded together, and why; `closed_by` published or withdrew them. `restores` says they are older ones."""

    __tablename__ = "definition_draft"
    __table_args__ = (Index("ix_definition_draft_state", "state"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    note: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(20), default=OPEN)
    restores: Mapped[bool] = mapped_column(default=False)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")


class DefinitionDraftFile(Model):
    """A file of a draft; `base_number` is the version that was in force when it was uploaded, 0 where none was.

    `findings` are the warnings told then.
    """

    __tablename__ = "definition_draft_file"
    draft_id: Mapped[int] = mapped_column(ForeignKey("definition_draft.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("content_file.sha256"))
    base_number: Mapped[int] = mapped_column(Integer)
    findings: Mapped[Any] = mapped_column(PlainJson)


class DefinitionVersion(Model):
    """One version of a file, `number` counted per path from 1; the highest is in force.

    `published_by` is None for what came with the product or was published by command.
    """

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("path", "number"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    path: Mapped[str] = mapped_column(String(200))
    number: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(ForeignKey("content_file.sha256"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("definition_draft.id"))


def newest(session: Session) -> dict[str, DefinitionVersion]:
    """What is in force: path -> its newest version, by path."""
    last = select(func.max(DefinitionVersion.id)).group_by(DefinitionVersion.path)
    query = select(DefinitionVersion).where(DefinitionVersion.id.in_(last)).order_by(DefinitionVersion.path)
    return {row.path: row for row in session.scalars(query)}


def versions_of(session: Session, path: str) -> list[DefinitionVersion]:
    """All versions of a file, newest first."""
    query = select(DefinitionVersion).where(DefinitionVersion.path == path)
    return list(session.scalars(query.order_by(DefinitionVersion.number.desc())))


def versions_with(session: Session, hashes: Iterable[str]) -> dict[str, list[DefinitionVersion]]:
    """SHA-256 -> the versions whose file that is, oldest first: a file may come back."""
    query = select(DefinitionVersion).where(DefinitionVersion.sha256.in_(set(hashes)))
    found: dict[str, list[DefinitionVersion]] = {}
    for row in session.scalars(query.order_by(DefinitionVersion.number)):
        found.setdefault(row.sha256, []).append(row)
    return found


def version_at(rows: Sequence[DefinitionVersion], at: datetime) -> DefinitionVersion | None:
    """Of versions with the same file, oldest first, the last one published by then, else the first."""
    return next((row for row in reversed(rows) if row.published_at <= at), rows[0] if rows else None)


def contents(session: Session, hashes: Iterable[str]) -> dict[str, bytes]:
    """SHA-256 -> bytes of files."""
    query = select(ContentFile).where(ContentFile.sha256.in_(set(hashes)))
    return {row.sha256: row.content for row in session.scalars(query)}


def files_in_force(session: Session) -> dict[str, bytes]:
    """Path -> bytes of everything in force."""
    rows = newest(session)
    found = contents(session, (row.sha256 for row in rows.values()))
    return {path: found[row.sha256] for path, row in rows.items()}


def draft_files(session: Session, draft_ids: Iterable[int]) -> list[DefinitionDraftFile]:
    """The files of drafts, by path."""
    query = select(DefinitionDraftFile).where(DefinitionDraftFile.draft_id.in_(list(draft_ids)))
    return list(session.scalars(query.order_by(DefinitionDraftFile.path)))


def count_open(session: Session) -> int:
    """How many drafts wait for a second person."""
    return session.scalar(select(func.count()).where(DefinitionDraft.state == OPEN)) or 0
