"""The demo's year, played by a process of its own beside the first tests, once for all workers of a run."""

from __future__ import annotations

import fcntl
import io
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from app import create_app, logs
from app.config import PROJECT_DIRECTORY
from app.gateways import clock
from app.storage.database import db
from app.use_cases.administration.load_shipped_definitions import load_shipped_definitions
from app.use_cases.administration.upgrade_database import upgrade_database
from app.use_cases.demo.load_demo import load_demo
from app.use_cases.demo.play_demo import play_demo
from tests import thrift
from tests.databases import settings

LOOK_EVERY_SECONDS = 0.2


def begin(place: Path) -> None:
    """Starts the play in `place` unless another worker did."""
    place.mkdir(exist_ok=True)
    with _only_one(place):
        if not (place / "made").exists():
            (place / "made").mkdir()
            command = [sys.executable, "-m", "tests.demo.playing", str(place)]
            with (place / "output").open("w") as output:
                started = subprocess.Popen(command, cwd=PROJECT_DIRECTORY, stdout=output, stderr=output)
            (place / "pid").write_text(str(started.pid))


def wait(place: Path) -> Path:
    """The folder of the played installation: loan.db, var and told.json; fails with what a failed play said."""
    begin(place)
    while not (place / "ended").exists() and _runs(int((place / "pid").read_text())):
        time.sleep(LOOK_EVERY_SECONDS)
    assert (place / "ended").exists(), (place / "output").read_text()
    return place / "made"


def main(place: Path) -> None:
    """Plays the year; what everything logged meanwhile is kept too."""
    folder = place / "made"
    thrift.hash_quickly()
    thrift.keep_keys()
    app = create_app(settings(folder / "var", f"sqlite:///{folder / 'loan.db'}"))
    thrift.spare(app)
    heard = io.StringIO()
    logs.configure(logging.DEBUG, heard)
    with app.app_context():
        upgrade_database()
        load_shipped_definitions()
        load_demo()
        at = clock.real_now()
        with clock.fixed_at(at):
            numbers = play_demo(app.config["SETTINGS"])
        db.engine.dispose()
    told = {"numbers": numbers, "said": heard.getvalue(), "at": at.isoformat()}
    (folder / "told.json").write_text(json.dumps(told))
    (place / "ended").touch()


def _runs(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


@contextmanager
def _only_one(place: Path) -> Iterator[None]:
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main(Path(sys.argv[1]))
