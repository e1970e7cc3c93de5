"""The second `make run` in a copy of the working files: seconds until the log-in page answers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.figure import Figure
from bench.installation import Installations

ROOT = Path(__file__).parents[1]
PARTS = ("app", "forms", "migrations", "processes", "rules", "Makefile", "requirements.txt", "wsgi.py")
MOST_SECONDS = 90.0


def measure(made: Installations, quick: bool) -> Iterator[Figure]:
    """Nothing where there is no make; a quick run leaves it out."""
    if quick or shutil.which("make") is None or not (ROOT / ".venv").is_dir():
        print("start_seconds is left out: it needs make and .venv, and is no part of a quick run")
        return
    place = made.directory / "copy"
    for part in PARTS:
        whole = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
        place.mkdir(exist_ok=True)
        whole(ROOT / part, place / part)
    (place / ".venv").symlink_to(ROOT / ".venv", target_is_directory=True)
    first = _start(place)
    second = _start(place)
    print(f"the first start, which loads the demo, took {first:.1f} s")
    yield Figure("start_seconds", round(second, 2), "seconds", "of a later `make run` until the log-in page answers")


def _start(place: Path) -> float:
    port = _free_port()
    environment = {
        name: value for name, value in os.environ.items() if name not in ("VAR_DIR", "DATABASE_URL", "REDIS_URL")
    }
    begun = time.perf_counter()
    running = subprocess.Popen(
        ["make", "run"],
        cwd=place,
        env=environment | {"PORT": str(port)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            assert running.poll() is None, "make run ended by itself"
            assert time.perf_counter() - begun < MOST_SECONDS, "make run did not answer"
            time.sleep(0.02)
        return time.perf_counter() - begun
    finally:
        os.killpg(running.pid, signal.SIGINT)
        running.wait(20)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/login", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
