"""Gives everything in force as files, as a directory of the product holds them."""

from __future__ import annotations

from app.storage import definitions
from app.storage.database import reading


def definitions_in_force() -> dict[str, bytes]:
    """Path ("processes/x.bpmn") -> bytes of every diagram, form and table in force."""
    with reading() as session:
        return definitions.files_in_force(session)
