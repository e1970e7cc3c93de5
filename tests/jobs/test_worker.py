"""The worker runs an outbox row's job in a forked process that does not use its parent's database connection."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from flask import Flask
from pytest import MonkeyPatch
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from app.gateways import queue
from app.jobs import outbox as outbox_job
from app.jobs.worker import make_worker
from app.storage.database import db, reading, unit_of_work
from app.storage.outbox import OutboxRow

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_a_forked_process_keeps_none_of_its_parents_connections(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        with reading() as session:
            session.execute(text("SELECT 1"))
        reader, writer = os.pipe()
        before = _pooled()

        if os.fork() == 0:
            os.write(writer, str(_pooled()).encode())
            os._exit(0)

        os.wait()
        assert (before, os.read(reader, 10)) == (1, b"0")


def _pooled() -> int:
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedin()


def test_woken_rows_are_run_in_forks_that_open_their_own_connections(
    app_on_each_database: Flask, redis_url: str, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_job, "flask_app", lambda: app_on_each_database)
    queue.connect(redis_url)
    with app_on_each_database.app_context():
        with unit_of_work() as session:  # leaves a connection in the pool, which the forks inherit
            rows = [OutboxRow(kind="message", name="Nobody", payload={}, headers={}, created_at=NOW) for _ in range(5)]
            session.add_all(rows)
            session.flush()
            ids = [row.id for row in rows]
        assert queue.wake(ids)

        make_worker(redis_url).work(burst=True, logging_level="ERROR")

        with reading() as session:
            attempts = [session.get_one(OutboxRow, row_id).attempts for row_id in ids]
    assert attempts == [1, 1, 1, 1, 1]
