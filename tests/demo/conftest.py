"""A fresh installation on SQLite, and one on which the demo's applications were played."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from flask import Flask

from app import create_app, logs
from app.gateways import files, queue
from app.storage.database import db
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions
from app.use_cases.demo.load_demo import load_demo
from app.use_cases.demo.play_applications import play_applications
from tests import books
from tests.databases import Databases, settings


@pytest.fixture
def installation(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@dataclass(frozen=True)
class Played:
    """The demo as `flask demo load` leaves it; `said` is everything that was logged meanwhile."""

    app: Flask
    folder: Path
    numbers: list[str]
    said: str


@pytest.fixture(scope="session")
def played_once(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("played")
    app = create_app(settings(folder / "var", databases.sqlite("schema", folder / "loan.db")))
    heard, before = io.StringIO(), logging.getLogger().handlers[:]
    logs.configure(logging.DEBUG, heard)
    with app.app_context():
        load_shipped_definitions()
        load_demo()
        numbers = play_applications()
    logging.getLogger().handlers[:] = before
    structlog.reset_defaults()
    yield Played(app, folder, numbers, heard.getvalue())
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def played(played_once: Played, request: pytest.FixtureRequest) -> Iterator[Played]:
    """The played installation, its files in use; tests only read it."""
    books.touches(request.node, played_once.app)
    files.use(played_once.folder / "var" / "files")
    queue.connect(None)
    yield played_once
