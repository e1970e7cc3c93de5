"""The migrations build exactly the tables that the code knows, on both databases."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from app.storage.database import db
from app.storage.schema import all_tables, upgrade


def differences() -> list[Any]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, all_tables()))


def test_an_upgraded_database_has_the_tables_of_the_code(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        assert differences() == []


def test_upgrading_again_changes_nothing(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        upgrade()
        assert differences() == []
