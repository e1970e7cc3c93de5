"""Brings the database to the schema and the roles of this version of the product."""

from __future__ import annotations

from app.storage import schema
from app.use_cases.administration.load_roles import load_roles


def upgrade_database() -> None:
    """Runs the migrations that are not there yet and adds new roles and rights; needs an app context."""
    schema.upgrade()
    load_roles()
