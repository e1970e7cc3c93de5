"""Adds a row to the outbox and wakes a worker for it after the commit."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.storage.database import wake_after_commit
from app.storage.outbox import OutboxRow


def add_outbox(session: Session, row: OutboxRow) -> OutboxRow:
    """Writes the row now, so that its id is known; the job is enqueued after the commit."""
    session.add(row)
    session.flush()
    wake_after_commit(session, row.id)
    return row
