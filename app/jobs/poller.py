"""The poller: every second it wakes the work that the queue lost or never got, and fires the timers that are due."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog

from app import lifeline, logs
from app.config import Settings
from app.gateways import queue
from app.jobs.closing import close_in_context
from app.jobs.outbox import fire_in_context, run_in_context
from app.jobs.process import flask_app
from app.jobs.pulse import Pulse
from app.use_cases import dispatch
from app.use_cases.closing.catch_up import is_behind
from app.use_cases.closing.move_business_date import CLOSE_JOB, CLOSE_JOB_ID

EVERY_SECONDS = 1.0
CLOSE_SECONDS = 5.0  # of closing in a round of the poller's own: timers must not wait longer for it
LONGEST_REST_SECONDS = 30.0
HEARTBEAT_FILE = "poller.heartbeat"

log = structlog.get_logger(__name__)


def poll_once() -> int:
    """Wakes late rows, fires due timers and sees to the daily close, in an app context; how many rows and timers.

    Without a queue a row is run here and now: slower, but nothing waits for Redis to come back.
    """
    late = dispatch.due_rows()
    for outbox_id in late:
        if not queue.wake([outbox_id]):
            run_in_context(outbox_id)
    due = dispatch.due_instances()
    for instance_id in due:
        fire_in_context(instance_id)
    if is_behind() and not queue.enqueue(CLOSE_JOB, job_id=CLOSE_JOB_ID):
        close_in_context(CLOSE_SECONDS)
    return len(late) + len(due)


def poll_until(stopping: threading.Event, once: Callable[[], int], heartbeat: Path) -> None:
    """Calls `once` every second; after a failure (the database is locked or away) it rests 1, 2, 4 ... 30 seconds."""
    rest = EVERY_SECONDS
    while not stopping.is_set():
        try:
            woken = once()
            rest = EVERY_SECONDS
            _beat(heartbeat, woken)
        except Exception:  # an entry point: whatever is wrong, the next round may succeed
            log.exception("the poller's round failed", next_in_seconds=rest)
            rest = min(rest * 2, LONGEST_REST_SECONDS)
        stopping.wait(rest)


def _beat(heartbeat: Path, woken: int) -> None:
    draft = heartbeat.with_suffix(".new")
    draft.write_text(json.dumps({"at": datetime.now(UTC).isoformat(), "pid": os.getpid(), "woken": woken}))
    draft.replace(heartbeat)


def seconds_since_heartbeat(var_dir: Path) -> float | None:
    """How long ago the poller finished a round; None where it never did."""
    try:
        return max(0.0, time.time() - (var_dir / HEARTBEAT_FILE).stat().st_mtime)
    except FileNotFoundError:
        return None


def main() -> int:
    """Polls until SIGTERM."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    lifeline.hold()
    logs.configure()

    pulse = Pulse("poller")

    def once() -> int:
        with flask_app().app_context():
            woken = poll_once()
        pulse.beat()
        return woken

    poll_until(stopping, once, Settings.from_environment().var_dir / HEARTBEAT_FILE)
    pulse.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
