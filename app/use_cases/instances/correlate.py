"""Correlates a message from the outbox: to what waits for it, to the processes it starts, or into the buffer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine
from app.gateways import clock
from app.moment import Moment
from app.storage import instances, outbox, releases, waiting
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.outbox import OutboxRow
from app.use_cases.definitions.load_release import load_release
from app.use_cases.instances.advance import MESSAGE_TIME_TO_LIVE, advance
from app.use_cases.instances.run import Run
from app.use_cases.instances.start_instance import start_instance


def correlate(row: OutboxRow) -> None:
    """Delivers by Camunda's rule: at most once per process, and a start only where that key and round has not run."""
    moment = clock.moment()
    with unit_of_work() as session:
        held = outbox.held(session, row.id, row.attempts)
        if held is None:
            return
        deliver(session, held.name, str(held.payload["key"]), held.payload["payload"], held.case_id, moment)
        held.state, held.done_at = "done", moment.now


def deliver(
    session: Session, name: str, key: str, payload: dict[str, Any], case_id: int | None, moment: Moment
) -> None:
    """Delivers a message inside the caller's unit; buffers it when nobody took it."""
    if _taken(session, name, key, payload, moment):
        return
    waiting.hold_key(session, name, key)
    if not _taken(session, name, key, payload, moment):  # who subscribed meanwhile is seen now, who does later sees it
        session.add(
            waiting.BufferedMessage(
                case_id=case_id,
                name=name,
                correlation_key=key,
                payload=payload,
                expires_at=moment.now + MESSAGE_TIME_TO_LIVE,
            )
        )


def _taken(session: Session, name: str, key: str, payload: dict[str, Any], moment: Moment) -> bool:
    """Whether an instance waited for the message or a process starts with it."""
    served: set[str] = set()
    for subscription in waiting.subscriptions_for(session, name, key):
        if subscription.process_key in served:
            continue
        instance = instances.locked(session, subscription.instance_id)
        if instance is None or instance.status != "active" or instance.state is None:
            continue
        case = session.get_one(LoanCase, instance.case_id)
        release = load_release(session, instance.release_id)
        outcome = engine.deliver_message(release.runtime, instance.state, subscription.engine_task_id, payload, moment)
        served.add(subscription.process_key)
        advance(Run(session, instance, case, release, moment), outcome)
    started = [
        process_key
        for process_key in releases.processes_started_by(session, name)
        if process_key in served or _start(session, process_key, name, key, payload, moment)
    ]
    return bool(served or started)


def _start(session: Session, process_key: str, name: str, key: str, payload: dict[str, Any], moment: Moment) -> bool:
    """Whether the message is for a case that the process may start for; one that already ran is not started again."""
    case = session.scalar(select(LoanCase).where(LoanCase.number == key).with_for_update())
    if case is None or not _is_for(session, case, process_key):
        return False
    round_ = payload.get("round")
    if isinstance(round_, int) and round_ > case.round:
        case.round = round_
        session.flush()
    start_instance(session, case, process_key, payload, moment, message=name)
    return True


def _is_for(session: Session, case: LoanCase, process_key: str) -> bool:
    """A process that a product begins with starts for that product's cases only, though others know its message too."""
    begun_with = {key: product.process_key for key, product in releases.products(session).items()}
    return process_key not in begun_with.values() or begun_with.get(case.product_key) == process_key
