"""gunicorn's configuration: the app is loaded once and forked, and the master ends with the supervisor."""

from __future__ import annotations

import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from app import lifeline, logs
from app.config import Settings

worker_class = "sync"  # parsed definitions are cached per process and used by one thread
preload_app = True
timeout = 60
graceful_timeout = 1
keepalive = 2
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 8190
accesslog = None  # the app logs one line a request itself, with the request's id

METRICS = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus-client when it is imported, with the app
_host = socket.gethostname()

logs.configure()  # the app is loaded after this file and before on_starting


def on_starting(_server: Any) -> None:
    """JSON logs instead of the handlers that gunicorn set meanwhile, and the watch on the parent-death pipe."""
    logs.configure()
    lifeline.hold()


def _counts() -> Path:
    """A directory of this server's own for what its processes count; those of servers that are gone are removed."""
    place = Settings.from_environment().var_dir / "metrics"
    for left in place.glob(f"{_host}-*"):
        if left.name == f"{_host}-{os.getpid()}" or not _lives(int(left.name.rpartition("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    own = place / f"{_host}-{os.getpid()}"
    own.mkdir(parents=True)
    return own


def _lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def on_exit(_server: Any) -> None:
    """Takes the counts away with the server."""
    shutil.rmtree(os.environ[METRICS], ignore_errors=True)


if METRICS not in os.environ:
    os.environ[METRICS] = str(_counts())
