"""Brings the database to the schema of this version of the product."""

from __future__ import annotations

from app.storage import schema


def upgrade_database() -> None:
    """Runs the migrations that are not there yet; needs an app context."""
    schema.upgrade()
