"""Brings the database to the schema and the roles of this version of the product."""

from __future__ import annotations

from app.errors import Refused
from app.storage import schema
from app.use_cases.administration.load_roles import load_roles


class NotUpgraded(Refused):
    """The database has no tables yet, or those of another version of the product."""


def require_upgraded() -> None:
    """Raises NotUpgraded unless the database has this version's schema."""
    if not schema.is_newest():
        raise NotUpgraded(
            "数据库还没有建好或需要升级，请先运行 make run 或 flask upgrade。",
            "The database is not set up or not up to date; run make run or flask upgrade first.",
        )


def upgrade_database() -> None:
    """Runs the migrations that are not there yet and adds new roles and rights; needs an app context."""
    schema.upgrade()
    load_roles()
