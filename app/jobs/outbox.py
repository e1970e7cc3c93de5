"""The job of one outbox row: calls the dispatcher; whatever goes wrong becomes a later attempt or an incident."""

from __future__ import annotations

import traceback

import structlog

from app import logs
from app.jobs.process import flask_app
from app.use_cases import dispatch

log = structlog.get_logger(__name__)


def run_outbox_row(outbox_id: int) -> None:
    """Runs what the row asks for; running it twice does nothing more."""
    with flask_app().app_context():
        run_in_context(outbox_id)


def run_in_context(outbox_id: int) -> None:
    """The same inside an app context, for the poller."""
    logs.begin_request(f"outbox-{outbox_id}")
    try:
        dispatch.run_outbox_row(outbox_id)
    except Exception as error:  # an entry point: a fault of the program must not be retried silently for ever
        log.exception("an outbox row crashed", outbox_id=outbox_id)
        dispatch.record_crash(outbox_id, _named(error), logs.mask_text(traceback.format_exc()))


def fire_in_context(instance_id: int) -> None:
    """Fires an instance's due timers inside an app context; a crash rests that instance and no other."""
    logs.begin_request(f"timers-{instance_id}")
    try:
        dispatch.run_timers(instance_id)
    except Exception as error:  # as above
        log.exception("timers crashed", instance_id=instance_id)
        dispatch.record_timer_crash(instance_id, _named(error))


def _named(error: Exception) -> str:
    return logs.mask_text(f"{type(error).__name__}: {error}")
