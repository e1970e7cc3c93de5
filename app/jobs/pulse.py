"""The pulse of a worker or poller: a row in the database every few seconds, and none once it has ended in order."""

from __future__ import annotations

import os
import socket
import time

import structlog

from app.jobs.process import flask_app
from app.use_cases import clock
from app.use_cases.stuck.beat import Process, beat, end

EVERY_SECONDS = 10.0

log = structlog.get_logger(__name__)


class Pulse:
    """This process's sign of life; a database that is away costs a beat, never the process."""

    def __init__(self, kind: str) -> None:
        self.process = Process(kind, socket.gethostname()[:100], str(os.getpid()), clock.real_now())
        self._next = 0.0

    def beat(self) -> None:
        """Notes life, at most every EVERY_SECONDS."""
        if time.monotonic() < self._next:
            return
        try:
            with flask_app().app_context():
                beat(self.process)
            self._next = time.monotonic() + EVERY_SECONDS
        except Exception:  # an entry point: work goes on without a sign of life
            log.warning("no sign of life could be written", kind=self.process.kind, exc_info=True)

    def end(self) -> None:
        """Takes the process off the list."""
        try:
            with flask_app().app_context():
                end(self.process)
        except Exception:  # an entry point: it stops all the same
            log.warning("the sign of life could not be taken back", kind=self.process.kind, exc_info=True)
