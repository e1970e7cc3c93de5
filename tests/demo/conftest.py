"""A fresh installation on SQLite, and one on which the demo's year was played, once for all workers of a run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.gateways import files, queue
from app.storage.database import db
from tests import books
from tests.databases import settings
from tests.demo.playing import wait


@pytest.fixture
def installation(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@dataclass(frozen=True)
class Played:
    """The demo as `flask demo load` leaves it, at the time `at`; `said` is everything that was logged meanwhile."""

    app: Flask
    folder: Path
    numbers: list[str]
    said: str
    at: datetime


@pytest.fixture(scope="session")
def played_once(playing: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """This worker's own copy of the played installation."""
    folder = tmp_path_factory.mktemp("played")
    shutil.copytree(wait(playing), folder, dirs_exist_ok=True)
    app = create_app(settings(folder / "var", f"sqlite:///{folder / 'loan.db'}"))
    told = json.loads((folder / "told.json").read_text())
    yield Played(app, folder, told["numbers"], told["said"], datetime.fromisoformat(told["at"]))
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def played(played_once: Played, request: pytest.FixtureRequest) -> Iterator[Played]:
    """The played installation, its files in use; tests only read it."""
    books.touches(request.node, played_once.app)
    files.use(played_once.folder / "var" / "files")
    queue.connect(None)
    yield played_once
