"""Each request leaves one line, with an id that the answer names too."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask

from app import logs


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(logging.getLogger(), "level", logging.INFO)
    logs.configure(stream=stream)
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_request_is_logged_once_without_its_query(app: Flask, written: io.StringIO) -> None:
    answer = app.test_client().get("/nowhere?phone=13812345678", headers={"X-Request-ID": "from-the-proxy"})

    (line,) = [entry for entry in map(json.loads, written.getvalue().splitlines()) if entry["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nowhere", answer.status_code)
    assert line["request_id"] == answer.headers["X-Request-ID"] == "from-the-proxy"
    assert "phone" not in written.getvalue()


def test_a_static_file_is_not_logged(app: Flask, written: io.StringIO) -> None:
    app.test_client().get("/static/base.css")

    assert '"event": "request"' not in written.getvalue()
