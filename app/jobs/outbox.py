"""The job of one outbox row: calls the dispatcher, which records a failure as a retry or an incident."""

from __future__ import annotations

from app import logs
from app.jobs.process import flask_app
from app.use_cases import dispatch


def run_outbox_row(outbox_id: int) -> None:
    """Runs what the row asks for; running it twice does nothing more."""
    with flask_app().app_context():
        run_in_context(outbox_id)


def run_in_context(outbox_id: int) -> None:
    """The same inside an app context, for the poller."""
    logs.begin_request(f"outbox-{outbox_id}")
    dispatch.run_outbox_row(outbox_id)
