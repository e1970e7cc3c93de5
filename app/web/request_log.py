"""One log line a request, with the id that every other line of the request carries and that the answer names."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request

from app import logs
from app.web import request_metrics

REQUEST_ID_HEADER = "X-Request-ID"

log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    """Adds the line to every answer but static files'; it names the page, never the query, which may hold a search."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_began = time.perf_counter()
    g.request_id = logs.begin_request(request.headers.get(REQUEST_ID_HEADER))


def _end(response: Response) -> Response:
    if "request_id" in g:
        response.headers[REQUEST_ID_HEADER] = g.request_id
        if request.endpoint != "static":
            seconds = time.perf_counter() - g.request_began
            request_metrics.observe(request.method, request.endpoint, response.status_code, seconds)
            milliseconds = round(seconds * 1000, 1)
            log.info("request", method=request.method, path=request.path, status=response.status_code, ms=milliseconds)
    return response
