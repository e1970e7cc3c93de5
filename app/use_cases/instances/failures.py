"""What becomes of a failure: a later attempt, an error that the diagram catches, or an incident with its cause."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import engine
from app.gateways import clock
from app.moment import Moment
from app.storage import instances, outbox, waiting
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.incidents import Incident
from app.storage.outbox import OutboxRow
from app.texts import Text
from app.use_cases.definitions.load_release import load_release
from app.use_cases.instances.advance import advance
from app.use_cases.instances.run import Run

DEFAULT_BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
CONTENTION_PAUSE = timedelta(seconds=1)
TIMER_PAUSE = timedelta(minutes=5)
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


def record_failure(
    row_id: int, attempts: int, *, engine_fault: engine.EngineFailure | None, cause: Text | None, trace: str = ""
) -> None:
    """Plans the next attempt of an outbox row or, after the last one, throws its error code or opens an incident.

    `cause` None means contention, which costs no attempt; an engine fault is not retried, because it would fail again.
    """
    moment = clock.moment()
    with unit_of_work() as session:
        row = outbox.held(session, row_id, attempts)
        if row is None:
            return
        if cause is None:
            row.state, row.next_at, row.attempts = "waiting", moment.now + CONTENTION_PAUSE, row.attempts - 1
            return
        row.last_error, row.last_error_zh = cause.of("en"), cause.zh
        if engine_fault is None and row.attempts < row.max_attempts:
            row.state, row.next_at = "waiting", moment.now + _pause(row)
            return
        if engine_fault is None and row.engine_task_id and row.headers.get("on_exhausted"):
            try:
                _throw(session, row, str(row.headers["on_exhausted"]), cause, moment)
                row.state, row.done_at = "done", moment.now
                return
            except engine.UncaughtError:
                pass  # the diagram draws no way out: people are told the cause itself
            except engine.EngineFailure as behind:
                engine_fault, cause = behind, behind.text
        row.state = "failed"
        element = engine_fault.element_id if engine_fault else row.element_id
        open_incident(session, row.case_id, row.instance_id, row.id, element, "operation", cause, moment.now, trace)


def record_timer_failure(instance_id: int, fault: engine.EngineFailure) -> None:
    """Opens an incident for a timer whose step failed and lets it rest, so that it does not fail every second."""
    moment = clock.moment()
    with unit_of_work() as session:
        due = waiting.Timer.__table__
        session.execute(
            update(waiting.Timer)
            .where(due.c.instance_id == instance_id, due.c.due_at <= moment.now)
            .values(retry_at=moment.now + TIMER_PAUSE)
            .execution_options(synchronize_session=False)
        )
        instance = session.get_one(instances.ProcessInstance, instance_id)
        open_incident(session, instance.case_id, instance_id, None, fault.element_id, "timer", fault.text, moment.now)


def open_incident(
    session: Session,
    case_id: int | None,
    instance_id: int | None,
    outbox_id: int | None,
    element_id: str,
    kind: str,
    cause: Text,
    at: datetime,
    trace: str = "",
) -> None:
    """Writes an incident unless the same one is open already."""
    same = (
        session.query(Incident)
        .filter_by(instance_id=instance_id, outbox_id=outbox_id, element_id=element_id, resolved_at=None)
        .first()
    )
    if same is None:
        session.add(
            Incident(
                case_id=case_id,
                instance_id=instance_id,
                outbox_id=outbox_id,
                element_id=element_id,
                kind=kind,
                cause_zh=cause.zh,
                cause_en=cause.of("en"),
                trace=trace,
                created_at=at,
            )
        )


def _pause(row: OutboxRow) -> timedelta:
    drawn = [_duration(part) for part in str(row.headers.get("retry_backoff", "")).split(",") if part.strip()]
    steps = drawn or list(DEFAULT_BACKOFF)
    return steps[min(row.attempts, len(steps)) - 1]


def _duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return DEFAULT_BACKOFF[-1]
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _throw(session: Session, row: OutboxRow, code: str, cause: Text, moment: Moment) -> None:
    """Throws a BPMN error at the operation's task; raises EngineFailure where the diagram cannot go on with it."""
    assert row.instance_id is not None and row.engine_task_id is not None
    instance = instances.locked(session, row.instance_id)
    if instance is None or instance.state is None:
        return
    release = load_release(session, instance.release_id)
    outcome = engine.fail_operation(release.runtime, instance.state, row.engine_task_id, code, cause.zh, moment)
    advance(Run(session, instance, session.get_one(LoanCase, instance.case_id), release, moment), outcome)
