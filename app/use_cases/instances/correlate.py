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
from app.use_cases.instances.throw_message import NOT_KEPT


def correlate(row: OutboxRow) -> None:
    """Delivers by Camunda's rule: at most once per process, and a start only where that key and round has not run."""
    moment = clock.moment()
    with unit_of_work() as session:
        held = outbox.held(session, row.id, row.attempts)
        if held is None:
            return
        kept = held.payload.get("time_to_live") != NOT_KEPT
        key, payload = str(held.payload["key"]), held.payload["payload"]
        deliver(session, held.name, key, payload, held.case_id, moment, kept=kept)
        held.state, held.done_at = "done", moment.now


def deliver(
    session: Session,
    name: str,
    key: str,
    payload: dict[str, Any],
    case_id: int | None,
    moment: Moment,
    *,
    kept: bool = True,
) -> None:
    """Delivers a message inside the caller's unit; where nobody took it, it is buffered unless it is not `kept`."""
    if _taken(session, name, key, payload, case_id, moment) or not kept:
        return
    waiting.hold_key(session, name, key)
    if not _taken(
        session, name, key, payload, case_id, moment
    ):  # who subscribed meanwhile is seen now, who does later sees it
        session.add(
            waiting.BufferedMessage(
                case_id=case_id,
                name=name,
                correlation_key=key,
                payload=payload,
                expires_at=moment.now + MESSAGE_TIME_TO_LIVE,
            )
        )


def _taken(session: Session, name: str, key: str, payload: dict[str, Any], case_id: int | None, moment: Moment) -> bool:
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
        if process_key in served or _start(session, process_key, name, key, payload, case_id, moment)
    ]
    return bool(served or started)


def _start(
    session: Session,
    process_key: str,
    name: str,
    key: str,
    payload: dict[str, Any],
    case_id: int | None,
    moment: Moment,
) -> bool:
    """Whether the message is for a case that the process may start for; one that already ran is not started again.

    A key that is no case's number is that of a loan or a receipt, which the process is about.
    """
    case = session.scalar(select(LoanCase).where(LoanCase.number == key).with_for_update())
    about = None if case is not None else key
    if case is None:
        case = _case_behind(session, payload, case_id)
    if case is None or not _is_for(session, case, process_key):
        return False
    round_ = payload.get("round")
    if about is None and isinstance(round_, int) and round_ > case.round:
        case.round = round_
        session.flush()
    start_instance(session, case, process_key, payload, moment, message=name, business_key=about)
    return True


def _case_behind(session: Session, payload: dict[str, Any], case_id: int | None) -> LoanCase | None:
    """The case that a message about something else belongs to, by its outbox row or its payload, locked."""
    if case_id is None and not isinstance(payload.get("case_number"), str):
        return None
    own = LoanCase.id == case_id if case_id is not None else LoanCase.number == payload["case_number"]
    return session.scalar(select(LoanCase).where(own).with_for_update())


def _is_for(session: Session, case: LoanCase, process_key: str) -> bool:
    """A process that a product begins with starts for that product's cases only, though others know its message too."""
    begun_with = {key: product.process_key for key, product in releases.products(session).items()}
    return process_key not in begun_with.values() or begun_with.get(case.product_key) == process_key
