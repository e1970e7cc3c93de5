"""An outbox row has its effect once: two workers, one that dies, one that answers late; jobs follow the commit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app.gateways import clock, queue, sources
from app.gateways.sources import RateSource, Reply
from app.jobs.outbox import run_in_context
from app.storage import outbox
from app.storage.database import reading, unit_of_work
from app.storage.outbox import OutboxRow
from app.storage.reports import ExternalReport
from app.use_cases import dispatch
from app.use_cases.instances.wake import add_outbox
from tests.desk import Desk, mandatory_kinds
from tests.processes import answers
from tests.use_cases import small_processes
from tests.use_cases.small_processes import operation, publish_drawings, straight
from tests.use_cases.tasks.races import at_once

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LEASE_OVER = dispatch.LEASE + timedelta(seconds=1)
# What a case is asked for up to its review, by kind: the register at intake and once more for the review.
REPORTS = ["bureau", "court", "enterprise", "enterprise", "market_rate", "risk", "screening"]


class Watched:
    """The sandbox of the market rate; counts who asks and does `first` while the first one waits for its answer."""

    def __init__(self, first: Callable[[], object] = lambda: None) -> None:
        self.inner: RateSource = sources.current().market_rates
        self.first, self.asked, self._lock = first, 0, threading.Lock()

    def ask(self, key: str, at: datetime) -> Reply:
        with self._lock:
            self.asked += 1
            is_first = self.asked == 1
        if is_first:
            self.first()
        return self.inner.ask(key, at)


def waiting_for_a_rate(desk: Desk, **headers: str) -> tuple[int, int]:
    """An instance whose one step asks for the market rate: (instance id, outbox row id)."""
    publish_drawings(desk, straight("asks", operation("p1", "market_rate", headers=headers)))
    instance_id = small_processes.start(desk, "asks", desk.start())
    with desk.app.app_context(), reading() as session:
        return instance_id, session.query(OutboxRow).filter_by(instance_id=instance_id).one().id


def run(desk: Desk, row_id: int) -> bool:
    with desk.app.app_context():
        return dispatch.run_outbox_row(row_id)


def taken(desk: Desk, row_id: int) -> int:
    """Takes the row as a worker does that then dies; which attempt it was."""
    now = clock.moment().now
    with desk.app.app_context(), unit_of_work() as session:
        row = outbox.lease(session, row_id, now, now, now + dispatch.LEASE)
        assert row is not None
        return row.attempts


def reports(desk: Desk) -> int:
    with desk.app.app_context(), reading() as session:
        return session.query(ExternalReport).filter_by(kind="market_rate").count()


def test_two_workers_at_the_same_instant_run_a_row_once(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    instance_id, row_id = waiting_for_a_rate(desk)
    sources.current().market_rates = watched = Watched()
    together = threading.Barrier(4)

    def worker(_: int) -> bool:
        together.wait()
        return run(desk, row_id)

    with ThreadPoolExecutor(4) as pool:
        ran = list(pool.map(worker, range(4)))

    assert sorted(ran) == [False, False, False, True]
    assert (watched.asked, reports(desk)) == (1, 1)
    assert small_processes.instance(desk, instance_id).status == "completed"


def test_a_row_whose_worker_died_is_run_by_another_after_the_lease(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        instance_id, row_id = waiting_for_a_rate(desk, retry_backoff="PT5M")
        taken(desk, row_id)
        too_early = run(desk, row_id)

    with clock.fixed_at(NOW + LEASE_OVER):
        desk.work()

    assert not too_early
    assert small_processes.instance(desk, instance_id).status == "completed" and reports(desk) == 1


def test_the_late_answer_of_the_first_worker_is_dropped(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    instance_id, row_id = waiting_for_a_rate(desk, retry_backoff="PT5M")

    def second_worker() -> None:
        with clock.fixed_at(clock.real_now() + LEASE_OVER), ThreadPoolExecutor(1) as pool:
            assert pool.submit(run, desk, row_id).result()

    sources.current().market_rates = watched = Watched(second_worker)
    run(desk, row_id)

    assert (watched.asked, reports(desk)) == (2, 1)
    assert small_processes.row(desk, row_id).state == "done"
    assert small_processes.instance(desk, instance_id).version == 3


def test_a_row_that_is_cut_off_every_time_becomes_an_incident(desk: Desk) -> None:
    with clock.fixed_at(NOW):
        _, row_id = waiting_for_a_rate(desk, retry_backoff="PT5M")
    for attempt in range(2):
        with clock.fixed_at(NOW + attempt * LEASE_OVER):
            taken(desk, row_id)

    with clock.fixed_at(NOW + 2 * LEASE_OVER):
        desk.work()

    row = small_processes.row(desk, row_id)
    assert (row.state, row.last_error) == ("failed", dispatch.CUT_OFF.en)
    assert reports(desk) == 0


def test_a_job_is_enqueued_after_the_commit(desk: Desk, redis_url: str) -> None:
    queue.connect(redis_url)
    jobs = Queue(queue.QUEUE_NAME, connection=Redis.from_url(redis_url), serializer=JSONSerializer)

    with desk.app.app_context(), unit_of_work() as session:
        row_id = add_outbox(session, _message()).id
        before = jobs.count

    assert before == 0 and [job.args for job in jobs.jobs] == [[row_id]]


def test_a_unit_that_fails_enqueues_nothing(desk: Desk, redis_url: str) -> None:
    queue.connect(redis_url)
    jobs = Queue(queue.QUEUE_NAME, connection=Redis.from_url(redis_url), serializer=JSONSerializer)

    with pytest.raises(RuntimeError), desk.app.app_context(), unit_of_work() as session:
        add_outbox(session, _message())
        raise RuntimeError("the unit ends here")

    assert jobs.count == 0
    with desk.app.app_context(), reading() as session:
        assert session.query(OutboxRow).filter_by(name="Nobody").count() == 0


def _message() -> OutboxRow:
    payload = {"key": "C", "payload": {}}
    return OutboxRow(kind="message", name="Nobody", payload=payload, headers={}, created_at=NOW)


def test_four_workers_bring_cases_to_the_review_without_harm(desk_on_each_database: Desk) -> None:
    desk, logins = desk_on_each_database, ("chen.jing", "lu.ming", "gu.fang", "tang.wei")
    numbers = [desk.start(login) for login in logins]
    for login, number in zip(logins, numbers, strict=True):
        desk.complete(login, number, "working-capital-application", desk.application(login))
        task = desk.task(number, "upload_documents")
        document_id = desk.upload(login, task.id)
        desk.complete_task(login, task.id, answers.uploaded(mandatory_kinds(task), document_id))

    def worker() -> None:
        idle_until = time.monotonic() + 1.5
        while time.monotonic() < idle_until:
            with desk.app.app_context():
                for row_id in dispatch.due_rows():
                    run_in_context(row_id)
                    idle_until = time.monotonic() + 1.5

    assert at_once(*[worker] * 4) == [None] * 4

    assert all(desk.waits_for(n, "site_visit") or desk.waits_for(n, "initial_review") for n in numbers)
    assert [desk.incidents(number) for number in numbers] == [[], [], [], []]
    cases = [desk.case(number).id for number in numbers]
    with desk.app.app_context(), reading() as session:
        kept = session.query(ExternalReport.case_id, ExternalReport.kind).order_by(ExternalReport.kind).all()
    assert [[kind for case_id, kind in kept if case_id == asked] for asked in cases] == [REPORTS] * 4
