"""Installations to measure: the product with its demo on SQLite and on a PostgreSQL server of the run's own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from app import create_app
from app.gateways import queue
from app.storage.database import db
from tests.databases import Databases, settings
from tests.desk import Desk


class Installations:
    """Gives desks with the demo loaded, each on a database of its own; `directory` is empty and goes with the run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._databases = Databases(directory, uuid.uuid4().hex, "bench")
        self._numbers = count(1)
        self._open = ExitStack()
        self._apps: list[Flask] = []

    def sqlite(self) -> Desk:
        """The demo on a new SQLite file."""
        return self._desk(self._databases.sqlite("demo", self.directory / f"{next(self._numbers)}.db"))

    def postgresql(self) -> Desk:
        """The demo on a new database of a real PostgreSQL server."""
        return self._desk(self._open.enter_context(self._databases.postgresql("demo")))

    def _desk(self, url: str) -> Desk:
        app = create_app(settings(self.directory / "var", url))
        queue.connect(None)  # the dispatcher is called directly
        self._apps.append(app)
        return Desk(app)

    def close(self) -> None:
        """Closes connections, drops databases, stops the server."""
        for app in self._apps:
            with app.app_context():
                db.engine.dispose()
        self._open.close()
        self._databases.close()


@contextmanager
def installations() -> Iterator[Installations]:
    """Installations for the length of a run."""
    with TemporaryDirectory(prefix="loan-bench-") as directory:
        made = Installations(Path(directory))
        try:
            yield made
        finally:
            made.close()
