"""The rq worker: takes jobs from the queue and runs each in a forked process."""

from __future__ import annotations

import os
import sys

from redis import Redis
from redis.client import Pipeline
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from app import lifeline, logs
from app.config import Settings
from app.gateways.queue import QUEUE_NAME
from app.jobs.process import flask_app
from app.jobs.pulse import Pulse

# a killed worker's job is noticed after these seconds, not after rq's default of minutes
WORKER_TTL_SECONDS = 30
MAINTENANCE_SECONDS = 15
MONITORING_SECONDS = 5
LONGEST_WAIT_FOR_REDIS_SECONDS = 5.0


class ForkingWorker(Worker):
    """rq's worker whose forked job also ends with the supervisor, and which soon finds a restarted Redis."""

    max_connection_wait_time = LONGEST_WAIT_FOR_REDIS_SECONDS
    pulse: Pulse | None = None

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """rq's own sign of life, and ours, which web processes read from the database."""
        super().heartbeat(timeout, pipeline)
        if self.pulse is not None and os.getpid() == int(self.pulse.process.name):  # not in a forked job
            self.pulse.beat()

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        lifeline.hold()
        super().main_work_horse(job, queue)


def make_worker(redis_url: str) -> ForkingWorker:
    """A worker on the product's queue."""
    return ForkingWorker(
        [QUEUE_NAME],
        connection=Redis.from_url(redis_url),
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
        job_monitoring_interval=MONITORING_SECONDS,
        log_job_description=False,
    )


def main() -> int:
    """Works until SIGTERM; a job that runs then is finished first, unless a second signal comes."""
    lifeline.hold()
    logs.configure()
    flask_app()
    worker = make_worker(Settings.from_environment().redis_url)
    worker.pulse = Pulse("worker")
    try:
        worker.work(logging_level="WARNING")
    finally:
        worker.pulse.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
