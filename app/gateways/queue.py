"""The job queue (rq): hands a row's key to a worker, and never stands in the way of a request when Redis is away."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

QUEUE_NAME = "work"
OUTBOX_JOB = "app.jobs.outbox.run_outbox_row"
CONNECT_SECONDS = 0.3
ANSWER_SECONDS = 1.0
# after a failure callers are not made to wait again for so long; the poller finds the rows meanwhile
REST_SECONDS = 2.0
JOB_SECONDS = 300
KEEP_FAILED_SECONDS = 3600

log = structlog.get_logger(__name__)


class JobQueue:
    """One connection to the queue's server; safe across forks, because redis-py opens a new socket in each process."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        # arguments travel as JSON: whoever can write to Redis must not be able to make a worker load objects
        self._queue = Queue(QUEUE_NAME, connection=self._redis, serializer=JSONSerializer, default_timeout=JOB_SECONDS)
        self._away_until = 0.0

    def enqueue(self, function: str, *args: int | str, job_id: str | None = None) -> bool:
        """Whether a worker will call `function` (its dotted path) with `args`; False when the server cannot be reached.

        `job_id` keeps one job in the queue once: while it waits, a second call changes nothing and returns True.
        """
        if time.monotonic() < self._away_until:
            return False
        try:
            self._put(function, args, job_id)
            return True
        except RedisError as error:
            self._away_until = time.monotonic() + REST_SECONDS
            log.warning("queue is away", function=function, job_id=job_id, error=str(error))
            return False

    def _put(self, function: str, args: tuple[int | str, ...], job_id: str | None) -> None:
        try:
            self._call(function, args, job_id or uuid.uuid4().hex)
        except DuplicateJobError:
            if not self._is_waiting(job_id or ""):
                # one that started and was lost, or failed, still holds the id; running a row twice does no harm
                self._call(function, args, f"{job_id}-{uuid.uuid4().hex[:8]}")

    def _call(self, function: str, args: tuple[int | str, ...], job_id: str) -> None:
        self._queue.enqueue_call(
            function, args=args, job_id=job_id, unique=True, result_ttl=0, failure_ttl=KEEP_FAILED_SECONDS
        )

    def _is_waiting(self, job_id: str) -> bool:
        try:
            job = Job.fetch(job_id, connection=self._redis, serializer=JSONSerializer)
            return job.get_status() == JobStatus.QUEUED and self._queue.get_job_position(job_id) is not None
        except NoSuchJobError:
            return False

    def is_reachable(self) -> bool:
        """Whether the queue's server answers now."""
        try:
            return bool(self._redis.ping())
        except RedisError:
            return False


_connected: JobQueue | None = None


def connect(redis_url: str | None) -> None:
    """Chooses this process's queue; None leaves all work to the poller (and to tests that call the dispatcher)."""
    global _connected
    _connected = JobQueue(redis_url) if redis_url else None


def enqueue(function: str, *args: int | str, job_id: str | None = None) -> bool:
    """`JobQueue.enqueue` on this process's queue; False where none is connected."""
    return _connected.enqueue(function, *args, job_id=job_id) if _connected else False


def wake(outbox_ids: Iterable[int]) -> bool:
    """Tells workers of outbox rows; False where at least one could not be put into the queue.

    A row that waits in the queue already is not put there twice.
    """
    return all([enqueue(OUTBOX_JOB, row, job_id=f"outbox-{row}") for row in outbox_ids])


def is_reachable() -> bool:
    """Whether this process's queue has a server that answers now."""
    return _connected.is_reachable() if _connected else False
