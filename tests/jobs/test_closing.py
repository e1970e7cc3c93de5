"""The daily close runs by itself: the poller notices a missing day, a worker closes it, once however often asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app.gateways import clock, queue
from app.jobs import closing, poller
from app.jobs.worker import make_worker
from app.storage import closes
from app.storage.database import reading, unit_of_work
from app.use_cases.closing.catch_up import catch_up, is_behind
from app.use_cases.closing.close_all import LEASE

JOB = "app.jobs.closing.close_missing_days"


def closed_to() -> object:
    with reading() as session:
        return closes.last_done(session)


def jobs(redis_url: str) -> list[str]:
    waiting = Queue(queue.QUEUE_NAME, connection=Redis.from_url(redis_url), serializer=JSONSerializer).jobs
    return [job.func_name for job in waiting]


def test_without_a_queue_the_poller_closes_the_missing_day_itself(app_on_each_database: Flask) -> None:
    queue.connect(None)
    with app_on_each_database.app_context():
        poller.poll_once()

        assert closed_to() == clock.moment().business_on


def test_a_missing_day_is_put_into_the_queue_once(app: Flask, redis_url: str) -> None:
    queue.connect(redis_url)
    with app.app_context():
        poller.poll_once()
        poller.poll_once()

    assert jobs(redis_url) == [JOB]


def test_a_worker_closes_it_and_then_the_poller_asks_for_nothing(
    app_on_each_database: Flask, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "flask_app", lambda: app_on_each_database)
    queue.connect(redis_url)
    with app_on_each_database.app_context():
        poller.poll_once()
        make_worker(redis_url).work(burst=True, logging_level="ERROR")
        poller.poll_once()

        assert closed_to() == clock.moment().business_on
    assert jobs(redis_url) == []


def test_the_poller_leaves_a_day_alone_that_somebody_works_on_until_the_lease_is_over(app: Flask) -> None:
    now = clock.real_now()
    with app.app_context(), clock.fixed_at(now):
        with unit_of_work() as session:
            closes.begin(session, clock.moment().business_on, now)
        abandoned = is_behind()
        with unit_of_work() as session:
            assert closes.take(session, clock.moment().business_on, "somebody", now, now + LEASE)
        at_work = is_behind()
    with app.app_context(), clock.fixed_at(now + LEASE + timedelta(seconds=1)):
        silent = is_behind()

    assert (abandoned, at_work, silent) == (True, False, True)


def test_after_midnight_a_day_is_missing_again(app: Flask) -> None:
    with app.app_context():
        catch_up()
        before = is_behind()
        with clock.fixed_at(clock.real_now() + timedelta(days=1)):
            after = is_behind()

    assert (before, after) == (False, True)


def test_a_close_that_crashes_does_not_end_the_pollers_round(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def crashes(**_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(closing, "catch_up", crashes)
    queue.connect(None)
    with app.app_context():
        assert poller.poll_once() == 0
