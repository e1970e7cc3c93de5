"""The one Flask app of a worker or poller process, made once and shared by the jobs it forks."""

from __future__ import annotations

from functools import cache

from flask import Flask

from app import create_app


@cache
def flask_app() -> Flask:
    """This process's app; a forked job inherits it, so that a job does not pay for the imports again."""
    return create_app()
