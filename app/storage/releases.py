"""Releases: what an instance runs on, immutable and named by its content; and the catalogue made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.column_types import Blob, PlainJson, UtcDateTime
from app.storage.database import Model

OVERVIEW_STAGE = -1  # of a drawing of all processes that nothing runs on


class ContentFile(Model):
    """The bytes of a diagram, form or rule file, once each."""

    __tablename__ = "content_file"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(Blob)


class Release(Model):
    """A process with its forms and rules; `files` is path -> sha256, `id` the hash over them."""

    __tablename__ = "release"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    process_key: Mapped[str] = mapped_column(String(100), index=True)
    files: Mapped[Any] = mapped_column(PlainJson)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ReleaseSpec(Model):
    """A release's parsed specification for one engine version, so that a mended parser reaches live loans."""

    __tablename__ = "release_spec"
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), primary_key=True)
    engine_version: Mapped[str] = mapped_column(String(40), primary_key=True)
    spec: Mapped[bytes] = mapped_column(Blob)


class ProcessDefinition(Model):
    """Which release new instances of a process run on, and what lists need to know of it.

    An overview of all processes has the stage OVERVIEW_STAGE; its release holds the drawing alone.
    """

    __tablename__ = "process_definition"
    process_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    stage: Mapped[int] = mapped_column(Integer, default=0)
    properties: Mapped[Any] = mapped_column(PlainJson)


class MessageStart(Model):
    """A message that starts a process."""

    __tablename__ = "message_start"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    process_key: Mapped[str] = mapped_column(String(100), primary_key=True)


class Product(Model):
    """A product of the catalogue: an application form that names one, and the process that it starts."""

    __tablename__ = "product"
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    process_key: Mapped[str] = mapped_column(String(100))
    form_key: Mapped[str] = mapped_column(String(100))
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    text_zh: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(Integer, default=0)


def files_of(session: Session, release: Release) -> dict[str, bytes]:
    """Path -> bytes of everything in a release."""
    wanted = set(release.files.values())
    contents = {
        row.sha256: row.content for row in session.scalars(select(ContentFile).where(ContentFile.sha256.in_(wanted)))
    }
    return {path: contents[sha] for path, sha in release.files.items()}


def spec_of(session: Session, release_id: str, engine_version: str) -> bytes | None:
    """The parsed specification of a release for this engine version, if it was made before."""
    row = session.get(ReleaseSpec, (release_id, engine_version))
    return row.spec if row else None


def definition(session: Session, process_key: str) -> ProcessDefinition | None:
    """What is in force for a process."""
    return session.get(ProcessDefinition, process_key)


def lock_definitions(session: Session) -> None:
    """Lets one publication at a time go on: each sees what the one before it put in force."""
    session.execute(select(ProcessDefinition.process_key).order_by(ProcessDefinition.process_key).with_for_update())


def process_keys(session: Session) -> list[str]:
    """Every process that is published."""
    query = select(ProcessDefinition.process_key).where(ProcessDefinition.stage != OVERVIEW_STAGE)
    return list(session.scalars(query.order_by(ProcessDefinition.process_key)))


def overview(session: Session) -> Release | None:
    """The overview in force; of several the first by its key."""
    query = select(Release).join(ProcessDefinition, ProcessDefinition.release_id == Release.id)
    found = query.where(ProcessDefinition.stage == OVERVIEW_STAGE).order_by(ProcessDefinition.process_key)
    return session.scalars(found.limit(1)).first()


def processes_started_by(session: Session, message: str) -> list[str]:
    """Keys of the processes that a message starts."""
    return list(
        session.scalars(
            select(MessageStart.process_key).where(MessageStart.name == message).order_by(MessageStart.process_key)
        )
    )


def products(session: Session) -> dict[str, Product]:
    """The catalogue by product key, in its order."""
    return {row.key: row for row in session.scalars(select(Product).order_by(Product.position, Product.key))}
