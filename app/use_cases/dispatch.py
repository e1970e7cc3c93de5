"""The one dispatcher: runs what the outbox holds and timers ask for; workers, poller, commands and tests call it."""

from __future__ import annotations

from datetime import timedelta

from app import engine
from app.errors import Conflict, ProductError
from app.gateways import clock
from app.gateways.sources import SourceUnavailable
from app.storage import outbox, waiting
from app.storage.database import reading, unit_of_work
from app.texts import Text
from app.use_cases.instances.correlate import correlate
from app.use_cases.instances.failures import record_failure, record_timer_failure
from app.use_cases.instances.fire_timers import fire_timers
from app.use_cases.instances.run_operation import run_operation

LEASE = timedelta(seconds=90)
MAX_ROUNDS = 1000
CUT_OFF = Text(
    "每次执行都没有结果：执行的进程中途退出，或者超过了时限。",
    "No attempt came to an end: each time the worker died in the middle, or took longer than it may.",
)


def run_outbox_row(row_id: int) -> bool:
    """Runs one row if it is due and free; False when there was nothing to do. Safe to call any number of times."""
    now, taken_at = clock.moment().now, clock.unmoved_now()
    with unit_of_work() as session:
        row = outbox.lease(session, row_id, now, taken_at, taken_at + LEASE)
    if row is None:
        return False
    if row.attempts > row.max_attempts:  # a run that fails says so; one that was cut off every time cannot
        record_failure(row.id, row.attempts, engine_fault=None, cause=CUT_OFF)
        return True
    try:
        if row.kind == "message":
            correlate(row)
        else:
            run_operation(row)
    except Conflict:
        record_failure(row.id, row.attempts, engine_fault=None, cause=None)
    except SourceUnavailable as error:
        record_failure(row.id, row.attempts, engine_fault=None, cause=error.text)
    except engine.EngineFailure as error:
        record_failure(row.id, row.attempts, engine_fault=error, cause=error.text)
    except ProductError as error:
        record_failure(row.id, row.attempts, engine_fault=None, cause=error.text)
    return True


def record_crash(row_id: int, fault: str, trace: str) -> None:
    """Plans a row's next attempt or opens its incident after a programming error that the row's run did not foresee."""
    with reading() as session:
        row = session.get(outbox.OutboxRow, row_id)
    if row is not None and row.state == "running":
        record_failure(row_id, row.attempts, engine_fault=None, cause=_crashed(fault), trace=trace)


def record_timer_crash(instance_id: int, fault: str) -> None:
    """The same for an instance whose due timers could not be fired."""
    record_timer_failure(instance_id, engine.EngineFailure("", Text("定时器", "timer"), _crashed(fault)))


def _crashed(fault: str) -> Text:
    return Text(f"程序错误：{fault}", f"A fault of the program: {fault}")


def due_rows(limit: int = 200) -> list[int]:
    """Ids of outbox rows that somebody should run now."""
    with reading() as session:
        return outbox.due(session, clock.moment().now, clock.unmoved_now(), limit)


def due_instances(limit: int = 100) -> list[int]:
    """Ids of instances with a due timer."""
    with reading() as session:
        return waiting.due_instances(session, clock.moment().now, limit)


def run_timers(instance_id: int) -> bool:
    """Fires the due timers of an instance; False when none was due any more."""
    try:
        return fire_timers(instance_id)
    except engine.EngineFailure as error:
        record_timer_failure(instance_id, error)
        return False
    except Conflict:  # somebody works on the instance just now; the next round finds the timer again
        return False


def run_all_due() -> int:
    """Runs due rows and timers until none is left; how many ran. For commands and tests that have no worker."""
    ran = 0
    for _ in range(MAX_ROUNDS):
        rows, timers = due_rows(), due_instances()
        if not rows and not timers:
            break
        ran += sum(run_outbox_row(row_id) for row_id in rows) + sum(run_timers(instance_id) for instance_id in timers)
    return ran
