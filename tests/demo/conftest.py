"""A fresh installation on SQLite, and one on which the demo's year was played, once for all workers of a run."""

from __future__ import annotations

import fcntl
import io
import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import structlog
from flask import Flask

from app import create_app, logs
from app.gateways import clock, files, queue
from app.storage.database import db
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions
from app.use_cases.demo.load_demo import load_demo
from app.use_cases.demo.play_demo import play_demo
from tests import books
from tests.databases import Databases, settings


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
def played_once(databases: Databases, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Iterator[Played]:
    folder, shared = tmp_path_factory.mktemp("played"), _shared_by_workers(tmp_path_factory, testrun_uid)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            _play(databases, shared / "made")
            (shared / "done").touch()
    shutil.copytree(shared / "made", folder, dirs_exist_ok=True)
    app = create_app(settings(folder / "var", f"sqlite:///{folder / 'loan.db'}"))
    told = json.loads((folder / "told.json").read_text())
    yield Played(app, folder, told["numbers"], told["said"], datetime.fromisoformat(told["at"]))
    with app.app_context():
        db.engine.dispose()


def _shared_by_workers(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """A directory of this run, which xdist's workers have in common."""
    place = tmp_path_factory.getbasetemp().parent / f"demo-{testrun_uid[:12]}"
    place.mkdir(exist_ok=True)
    return place


def _play(databases: Databases, folder: Path) -> None:
    folder.mkdir()
    app = create_app(settings(folder / "var", databases.sqlite("schema", folder / "loan.db")))
    heard, before = io.StringIO(), logging.getLogger().handlers[:]
    logs.configure(logging.DEBUG, heard)
    with app.app_context():
        load_shipped_definitions()
        load_demo()
        at = clock.real_now()
        with clock.fixed_at(at):
            numbers = play_demo(app.config["SETTINGS"])
        db.engine.dispose()
    logging.getLogger().handlers[:] = before
    structlog.reset_defaults()
    told = {"numbers": numbers, "said": heard.getvalue(), "at": at.isoformat()}
    (folder / "told.json").write_text(json.dumps(told))


@pytest.fixture
def played(played_once: Played, request: pytest.FixtureRequest) -> Iterator[Played]:
    """The played installation, its files in use; tests only read it."""
    books.touches(request.node, played_once.app)
    files.use(played_once.folder / "var" / "files")
    queue.connect(None)
    yield played_once
