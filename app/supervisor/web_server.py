"""gunicorn's configuration: the app is loaded once and forked, and the master ends with the supervisor."""

from __future__ import annotations

from typing import Any

from app import lifeline, logs

worker_class = "sync"  # parsed definitions are cached per process and used by one thread
preload_app = True
timeout = 60
graceful_timeout = 1
keepalive = 2
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 8190
accesslog = None  # the app logs one line a request itself, with the request's id

logs.configure()  # the app is loaded after this file and before on_starting


def on_starting(_server: Any) -> None:
    """JSON logs instead of the handlers that gunicorn set meanwhile, and the watch on the parent-death pipe."""
    logs.configure()
    lifeline.hold()
