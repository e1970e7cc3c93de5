"""Gives a document to somebody who may see it."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import NotFound
from app.gateways import clock, files
from app.storage import audit, documents, user_tasks
from app.storage.database import unit_of_work
from app.use_cases.permissions import Actor, may


@dataclass(frozen=True)
class OpenedDocument:
    """A file with its name and media type."""

    filename: str
    media_type: str
    content: bytes


def open_document(actor: Actor, document_id: int) -> OpenedDocument:
    """The file, noted in the audit log; NotFound for anybody who is not a party that may see the case or its task."""
    with unit_of_work() as session:
        document = documents.visible(session, document_id, actor.case_scope)
        if document is None:
            raise NotFound
        if not may("view_cases", actor) and not may("view_all_cases", actor):
            # people who see tasks only (a core enterprise) get the documents of their own tasks
            task_id = document.task_id
            if task_id is None or user_tasks.for_actor(session, task_id, actor.organisation_id, actor.roles) is None:
                raise NotFound
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="open_document",
            target=str(document.id),
            detail={"sha256": document.sha256},
            at=clock.real_now(),
        )
    # read and hashed after the unit: on SQLite everybody's writes wait for an open one
    return OpenedDocument(document.filename, document.media_type, files.get(document.sha256))
