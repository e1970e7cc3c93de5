"""The queue takes each waiting row once and never raises into its caller."""

from __future__ import annotations

from pathlib import Path

from redis import Redis
from rq import Queue
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from app.gateways import queue
from app.gateways.queue import OUTBOX_JOB, QUEUE_NAME, JobQueue
from tests.conftest import running_valkey
from tests.machine import elapsed


def waiting(redis_url: str) -> list[Job]:
    return list(Queue(QUEUE_NAME, connection=Redis.from_url(redis_url), serializer=JSONSerializer).jobs)


def test_a_row_is_put_into_the_queue_with_its_id(redis_url: str) -> None:
    queue.connect(redis_url)

    assert queue.wake([7])

    (job,) = waiting(redis_url)
    assert (job.func_name, job.args, job.id) == (OUTBOX_JOB, [7], "outbox-7")


def test_a_row_that_waits_already_is_not_put_there_again(redis_url: str) -> None:
    jobs = JobQueue(redis_url)

    answers = [jobs.enqueue(OUTBOX_JOB, 7, job_id="outbox-7") for _ in range(3)]

    assert answers == [True, True, True] and len(waiting(redis_url)) == 1


def test_a_row_whose_job_was_lost_with_its_worker_is_put_there_again(redis_url: str) -> None:
    jobs = JobQueue(redis_url)
    jobs.enqueue(OUTBOX_JOB, 7, job_id="outbox-7")
    (job,) = waiting(redis_url)
    job.set_status(JobStatus.STARTED)
    Redis.from_url(redis_url).lrem(f"rq:queue:{QUEUE_NAME}", 0, job.id)

    assert jobs.enqueue(OUTBOX_JOB, 7, job_id="outbox-7")

    (again,) = waiting(redis_url)
    assert again.args == [7] and again.id.startswith("outbox-7-")


def test_arguments_are_json_so_that_redis_cannot_make_a_worker_load_objects(redis_url: str) -> None:
    JobQueue(redis_url).enqueue(OUTBOX_JOB, 7, job_id="outbox-7")

    assert b'"app.jobs.outbox.run_outbox_row"' in bytes(
        Job.fetch("outbox-7", Redis.from_url(redis_url), JSONSerializer).data
    )


def test_without_a_server_the_caller_hears_false_and_is_not_made_to_wait(tmp_path: Path) -> None:
    jobs = JobQueue(f"unix://{tmp_path}/nobody.sock")
    with elapsed() as asking:
        answers = [jobs.enqueue(OUTBOX_JOB, row) for row in range(50)]

    assert not any(answers) and asking.own < 1.0


def test_a_server_that_comes_back_is_used_again(tmp_path: Path) -> None:
    with running_valkey(tmp_path) as url:
        jobs = JobQueue(url)
        assert jobs.enqueue(OUTBOX_JOB, 1)
    assert not jobs.enqueue(OUTBOX_JOB, 2)
    jobs._away_until = 0.0

    with running_valkey(tmp_path):
        assert jobs.enqueue(OUTBOX_JOB, 3)


def test_without_a_connected_queue_work_is_left_to_the_poller() -> None:
    queue.connect(None)

    assert not queue.wake([7])
