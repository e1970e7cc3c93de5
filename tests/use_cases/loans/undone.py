"""Units whose work is undone at their end: many lives of one loan on one database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.storage.database import db
from tests.desk import Desk


@contextmanager
def undone(desk: Desk) -> Iterator[Session]:
    """A session as a unit of work has it, rolled back at the end of the block."""
    with desk.app.app_context(), Session(db.engine, expire_on_commit=False) as session:
        session.info["woken"] = []
        session.connection(execution_options={"writes": True})
        yield session
        session.rollback()
