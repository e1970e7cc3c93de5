"""Every table as portable lines, and back: what a backup holds, the same from SQLite and PostgreSQL."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Date, Integer, LargeBinary, Table, func, insert, select, text
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.plain import dumps, loads
from app.storage.column_types import Fen, PlainJson, UtcDateTime
from app.storage.database import db
from app.storage.schema import all_tables

BATCH = 500


@contextmanager
def snapshot() -> Iterator[Session]:
    """A unit that reads all tables as they stood at one moment, whatever is written meanwhile."""
    with Session(db.engine) as session:
        if db.engine.dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def tables() -> list[Table]:
    """All tables, each after those that it points to."""
    return list(all_tables().sorted_tables)


def lines(session: Session, table: Table) -> Iterator[bytes]:
    """A JSON array a row, in the order of the primary key; values as their column type writes them."""
    encoders = [_encoder(column.type) for column in table.columns]
    query = select(*table.columns).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    for row in session.execute(query):
        yield orjson.dumps([encode(value) for encode, value in zip(encoders, row, strict=True)]) + b"\n"


def insert_lines(session: Session, table: Table, columns: list[str], written: Iterable[bytes]) -> int:
    """Inserts rows that `lines` wrote, whose values stand in the order of `columns`; how many."""
    decoders = [(name, _decoder(table.columns[name].type)) for name in columns]
    batch: list[dict[str, Any]] = []
    done = 0
    for line in written:
        values = orjson.loads(line)
        batch.append({name: decode(value) for (name, decode), value in zip(decoders, values, strict=True)})
        if len(batch) == BATCH:
            done += _insert(session, table, batch)
    return done + _insert(session, table, batch)


def _insert(session: Session, table: Table, batch: list[dict[str, Any]]) -> int:
    if batch:
        session.execute(insert(table), batch)
    count = len(batch)
    batch.clear()
    return count


def count(session: Session, table: Table) -> int:
    """How many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def reset_sequences(session: Session) -> None:
    """Makes new ids begin after the inserted ones; SQLite does so by itself."""
    if db.engine.dialect.name != "postgresql":
        return
    for table in tables():
        key: Column[Any] | None = table.autoincrement_column
        if key is not None:
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key.name}'), "
                    f"COALESCE(MAX({key.name}), 1), MAX({key.name}) IS NOT NULL) FROM {table.name}"
                )
            )


def _encoder(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    def encode(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(kind, PlainJson):
            return dumps(value).decode()
        if isinstance(kind, LargeBinary):
            return base64.b64encode(value).decode()
        if isinstance(kind, Fen):
            return str(value)
        if isinstance(kind, UtcDateTime | Date):
            return value.isoformat()
        assert isinstance(value, str | int), f"{kind} has no portable form"
        return value

    return encode


def _decoder(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    def decode(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(kind, PlainJson):
            return loads(value)
        if isinstance(kind, LargeBinary):
            return base64.b64decode(value, validate=True)
        if isinstance(kind, Fen):
            return Decimal(value)
        if isinstance(kind, UtcDateTime):
            return datetime.fromisoformat(value)
        if isinstance(kind, Date):
            return date.fromisoformat(value)
        assert not isinstance(kind, Integer | BigInteger) or isinstance(value, int), f"{value!r} is no whole number"
        return value

    return decode
