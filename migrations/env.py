"""Alembic's environment: runs migrations on the current app's database, SQLite or PostgreSQL, all or nothing."""

from alembic import context
from sqlalchemy import text
from sqlalchemy.types import TypeDecorator

from app.storage.database import db
from app.storage.schema import all_tables

# two servers that start at once upgrade one after the other; any fixed number does
POSTGRESQL_LOCK = 5_601_230


def as_stored(kind: str, item: object, autogen_context: object) -> str | bool:
    """Column types are written as what the database stores, so that a migration does not change with the code."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    return f"sa.{item.impl_instance!r}"


def run() -> None:
    with db.engine.connect().execution_options(writes=True) as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        if on_sqlite:
            # a table rebuilt by batch_alter_table is dropped, which would delete the rows that point to it;
            # the pragma does nothing inside a transaction, so it comes before
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not on_sqlite:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})"))
                context.configure(
                    connection=connection,
                    target_metadata=all_tables(),
                    render_as_batch=True,
                    transactional_ddl=True,
                    compare_type=True,
                    render_item=as_stored,
                )
                context.run_migrations()
                if on_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                    raise RuntimeError("the migration leaves rows that point to nothing; it was undone")
        finally:
            if on_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database; there is no offline mode.")
run()
