"""Workers and pollers leave a sign of life in the database, and none once they have ended in order."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.jobs import pulse as module
from app.jobs.pulse import Pulse
from app.jobs.worker import make_worker
from app.storage import heartbeats
from app.storage.database import reading
from app.storage.heartbeats import Heartbeat


@pytest.fixture
def app(app_on_each_database: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr(module, "flask_app", lambda: app_on_each_database)
    yield app_on_each_database


def known(app: Flask) -> list[Heartbeat]:
    with app.app_context(), reading() as session:
        return heartbeats.all_of(session)


def test_a_beat_is_a_row_with_kind_machine_and_number(app: Flask) -> None:
    Pulse("poller").beat()
    (row,) = known(app)
    assert (row.kind, row.name) == ("poller", str(os.getpid())) and row.host


def test_it_beats_at_most_every_few_seconds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(module, "beat", told.append)
    pulse = Pulse("poller")
    for _ in range(5):
        pulse.beat()
    assert len(told) == 1


def test_a_database_that_is_away_stops_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("", {}, Exception("away"))

    monkeypatch.setattr(module, "beat", away)
    monkeypatch.setattr(module, "end", away)
    pulse = Pulse("poller")
    pulse.beat()
    pulse.end()
    assert known(app) == []


def test_a_worker_beats_while_it_works_and_is_gone_when_it_has_ended(app: Flask, redis_url: str) -> None:
    worker = make_worker(redis_url)
    worker.pulse = Pulse("worker")
    worker.work(burst=True, logging_level="ERROR")
    assert [row.kind for row in known(app)] == ["worker"]
    worker.pulse.end()
    assert known(app) == []
