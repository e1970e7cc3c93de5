"""The database: one engine, the unit of work with the only commit, and units that only read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from app.errors import Conflict


class Base(DeclarativeBase):
    """What every table class derives from."""


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

BeforeCommit = Callable[[Session], None]
_before_commit: list[BeforeCommit] = []
_wake: list[Callable[[list[int]], object]] = []
_alone: list[bool] = []
_engines: WeakSet[Engine] = WeakSet()
SQLITE_BUSY_MS = 8000
PAUSE_SECONDS = 0.002


def init_app(app: Any, wake: Callable[[list[int]], object] | None = None) -> None:
    """Ties the database to a Flask app; `wake` gets the ids of outbox rows after the commit that wrote them."""
    db.init_app(app)
    _wake[:] = [wake] if wake else []
    with app.app_context():
        _engines.add(db.engine)
        if db.engine.dialect.name == "sqlite":
            _tune_sqlite(db.engine)


def _forget_inherited_connections() -> None:
    """A forked web worker or job opens its own connections: two processes on one would read each other's answers."""
    for engine in _engines:
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_forget_inherited_connections)


def before_commit(hook: BeforeCommit) -> BeforeCommit:
    """Registers what has to be the last statement of every unit (the audit chain)."""
    _before_commit.append(hook)
    return hook


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None  # the driver must not begin by itself: see _on_begin
        cursor = dbapi_connection.cursor()
        sync = "NORMAL" if _alone else "FULL"
        for pragma in ("journal_mode=WAL", f"synchronous={sync}", "foreign_keys=ON", f"busy_timeout={SQLITE_BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # a deferred read-then-write fails at once whatever the timeout, so a unit that may write says so first
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction: everything done with the session is committed at the end, or nothing is.

    Raises Conflict where the database reports that another writer was in the way for too long.
    """
    with Session(db.engine, expire_on_commit=False) as session:
        session.info["woken"] = []
        try:
            session.connection(execution_options={"writes": True})
            yield session
            session.flush()
            for hook in _before_commit:
                hook(session)
            session.commit()
        except OperationalError as error:
            if _is_contention(error):
                raise Conflict(
                    "系统正忙，没有保存，请再试一次。", "The system was busy; nothing was saved, please try again."
                ) from error
            raise
    for wake in [] if _alone else _wake:
        if session.info["woken"]:
            wake(session.info["woken"])


@contextmanager
def reading() -> Iterator[Session]:
    """A unit that only reads; it takes no write lock. Rows stay readable after it: closing expires nothing."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def alone() -> Iterator[None]:
    """For filling an empty database: within the block nobody is waited for or woken, and SQLite syncs less often.

    A loss of power may then cost the latest units, never the order in which they came.
    """
    _alone.append(True)
    db.engine.dispose()
    try:
        yield
    finally:
        _alone.pop()
        db.engine.dispose()


def make_room() -> None:
    """Lets people's requests have their turn between two units of a long piece of work.

    SQLite serves waiting writers in no order: whoever writes without a pause starves the others.
    """
    if db.engine.dialect.name == "sqlite" and not _alone:
        time.sleep(PAUSE_SECONDS)


def wake_after_commit(session: Session, outbox_id: int) -> None:
    """Asks that a job for this outbox row is enqueued once the unit is committed."""
    session.info["woken"].append(outbox_id)


def upsert(session: Session, table: type[Base]) -> Any:
    """An INSERT that may say what happens `on_conflict_...`; both kinds of database spell it the same."""
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)


def _is_contention(error: OperationalError) -> bool:
    text = str(error.orig).lower()
    return "locked" in text or "deadlock" in text or "could not serialize" in text
