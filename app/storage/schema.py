"""The schema's version: every table the product has, and the upgrade of a database to it."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError

from app import storage
from app.config import PROJECT_DIRECTORY
from app.storage.database import db

MIGRATIONS = PROJECT_DIRECTORY / "migrations"
State = Literal["up", "not upgraded", "away"]


def all_tables() -> MetaData:
    """The tables of every module of this package, whoever imported it before."""
    for module in pkgutil.iter_modules(storage.__path__, f"{storage.__name__}."):
        importlib.import_module(module.name)
    return db.metadata


@cache
def revision() -> str:
    """The newest schema that this version of the product knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def is_newest() -> bool:
    """Whether the app's database has the newest schema; needs an app context."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == revision()


def state() -> State:
    """Whether the app's database can be used now; "not upgraded" where its schema is another version's."""
    try:
        return "up" if is_newest() else "not upgraded"
    except SQLAlchemyError:
        return "away"


def upgrade() -> None:
    """Brings the app's database to the newest schema, in one transaction; needs an app context."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
