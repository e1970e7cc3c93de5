"""The job of the daily close: closes the missing days, a slice of them at a time."""

from __future__ import annotations

import structlog

from app import logs
from app.jobs.process import flask_app
from app.use_cases.closing.catch_up import catch_up

# below the queue's limit for a job; the poller asks for the next slice
SLICE_SECONDS = 200.0

log = structlog.get_logger(__name__)


def close_missing_days() -> None:
    """Closes what is missing; running it twice, also at once, does nothing more."""
    with flask_app().app_context():
        close_in_context(SLICE_SECONDS)


def close_in_context(seconds: float) -> None:
    """The same inside an app context, for the poller; what crashes is tried again when the day's lease is over."""
    logs.begin_request("daily-close")
    try:
        catch_up(seconds=seconds)
    except Exception:  # an entry point: a fault of the program must not end the poller's other work
        log.exception("the daily close crashed")
