"""The poller wakes what the queue does not know, survives every failure of a round, and leaves a heartbeat."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app.gateways import queue
from app.jobs import poller
from app.storage.database import reading, unit_of_work
from app.storage.incidents import Incident
from app.storage.outbox import OutboxRow
from app.use_cases.closing.catch_up import catch_up

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def row_id(app_on_each_database: Flask) -> Iterator[int]:
    """A message that nobody waits for, due since long ago, in the app's context; no day is to be closed."""
    with app_on_each_database.app_context():
        catch_up()
        with unit_of_work() as session:
            row = OutboxRow(
                kind="message", name="Nobody", payload={"key": "C", "payload": {}}, headers={}, created_at=NOW
            )
            session.add(row)
            session.flush()
            made = row.id
        yield made


def state_of(row_id: int) -> tuple[str, int]:
    with reading() as session:
        row = session.get_one(OutboxRow, row_id)
        return row.state, row.attempts


def test_a_late_row_is_put_into_the_queue(row_id: int, redis_url: str) -> None:
    queue.connect(redis_url)

    woken = poller.poll_once()

    jobs = Queue(queue.QUEUE_NAME, connection=Redis.from_url(redis_url), serializer=JSONSerializer).jobs
    assert woken == 1 and [job.args for job in jobs] == [[row_id]]
    assert state_of(row_id) == ("waiting", 0)


def test_without_a_queue_the_poller_runs_the_row_itself(row_id: int) -> None:
    queue.connect(None)

    poller.poll_once()

    assert state_of(row_id) == ("done", 1)


def test_a_row_that_crashes_the_program_ends_as_an_incident_with_the_cause(row_id: int) -> None:
    queue.connect(None)
    with unit_of_work() as session:
        row = session.get_one(OutboxRow, row_id)
        row.payload, row.max_attempts = {}, 1

    poller.poll_once()

    with reading() as session:
        incident = session.query(Incident).filter_by(outbox_id=row_id).one()
    assert state_of(row_id) == ("failed", 1)
    assert incident.cause_en == "A fault of the program: KeyError: 'key'" and "correlate" in incident.trace


def test_an_instance_whose_timers_crash_does_not_stop_the_others(row_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fired: list[int] = []
    rested: list[int] = []

    def run_timers(instance_id: int) -> bool:
        fired.append(instance_id)
        if instance_id == 1:
            raise KeyError("gone")
        return True

    monkeypatch.setattr(poller.dispatch, "due_instances", lambda: [1, 2])
    monkeypatch.setattr(poller.dispatch, "run_timers", run_timers)
    monkeypatch.setattr(poller.dispatch, "record_timer_crash", lambda instance_id, _fault: rested.append(instance_id))

    poller.poll_once()

    assert (fired, rested) == ([1, 2], [1])


class Rounds:
    """A stand-in for the poller's round that fails as often as told and then stops the loop."""

    def __init__(self, stopping: threading.Event, failures: int) -> None:
        self.stopping, self.failures, self.calls = stopping, failures, 0

    def __call__(self) -> int:
        self.calls += 1
        if self.calls <= self.failures:
            raise RuntimeError("database is locked")
        self.stopping.set()
        return 3


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the poller rested between rounds, without resting."""
    rested: list[float] = []

    class QuickEvent(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            rested.append(timeout or 0.0)
            return self.is_set()

    monkeypatch.setattr(poller.threading, "Event", QuickEvent)
    return rested


def polled(tmp_path: Path, failures: int) -> Rounds:
    stopping = poller.threading.Event()
    rounds = Rounds(stopping, failures)
    poller.poll_until(stopping, rounds, tmp_path / poller.HEARTBEAT_FILE)
    return rounds


def test_failing_rounds_are_tried_again_with_longer_rests(tmp_path: Path, rests: list[float]) -> None:
    rounds = polled(tmp_path, failures=7)

    assert rounds.calls == 8
    assert rests == [2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 1.0]


def test_a_round_leaves_a_heartbeat(tmp_path: Path, rests: list[float]) -> None:
    polled(tmp_path, failures=0)

    assert json.loads((tmp_path / poller.HEARTBEAT_FILE).read_text())["woken"] == 3
    assert (poller.seconds_since_heartbeat(tmp_path) or 0.0) < 60


def test_a_failing_poller_leaves_no_heartbeat(tmp_path: Path, rests: list[float]) -> None:
    seen: list[float | None] = []

    def fails() -> int:
        seen.append(poller.seconds_since_heartbeat(tmp_path))
        if len(seen) == 3:
            stopping.set()
        raise RuntimeError("database is away")

    stopping = poller.threading.Event()
    poller.poll_until(stopping, fails, tmp_path / poller.HEARTBEAT_FILE)

    assert seen == [None, None, None]
