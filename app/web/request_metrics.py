"""How many requests each page answered and how fast, counted over all web processes of one server."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, multiprocess

# gunicorn's configuration names the directory in which its processes keep their counts, before this is imported
DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
METHODS = ("GET", "HEAD", "POST")
UNKNOWN = "unknown"
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_own = CollectorRegistry()
_requests = Counter(
    "loan_http_requests", "Requests answered, static files left out.", ["endpoint", "method", "status"], registry=_own
)
_seconds = Histogram(
    "loan_http_request_seconds", "Time to an answer in seconds.", ["endpoint"], buckets=SECONDS, registry=_own
)


def observe(method: str, endpoint: str | None, status: int, seconds: float) -> None:
    """Counts an answer under its endpoint's name; an address never becomes a label, since it may name a person."""
    name = endpoint or UNKNOWN
    _requests.labels(name, method if method in METHODS else UNKNOWN, str(status)).inc()
    _seconds.labels(name).observe(seconds)


def registry() -> CollectorRegistry:
    """What all processes of this server counted, or this process alone where they keep nothing in common."""
    if DIRECTORY not in os.environ:
        return _own
    shared = CollectorRegistry()
    multiprocess.MultiProcessCollector(shared)
    return shared
