"""Ends an instance that waits for nothing any more because its case is over."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.gateways import clock
from app.storage import audit, instances
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.history import HistoryEntry
from app.storage.instances import ProcessInstance
from app.storage.waiting import MessageSubscription
from app.texts import Text
from app.use_cases.permissions import Actor, require
from app.use_cases.stuck.element_names import process_name
from app.use_cases.stuck.lost_messages import over

ENDED = Text("流程已结束，记在案卷的经过里。", "The process is ended; the case's history says so.")


def end_instance(actor: Actor, instance_id: int) -> Text:
    """What was done, in words; raises Forbidden, or Conflict where the instance is not (or no longer) to be ended."""
    require("retry_incidents", actor)
    with unit_of_work() as session:
        instances.locked(session, instance_id)
        found = over(session, instance_id)
        if found is None:
            raise Conflict(
                "这个流程不能结束：它已经结束，或者还有事可做。",
                "This process is not to be ended: it has ended, or something is still to be done in it.",
            )
        instance, case = found
        session.execute(delete(MessageSubscription).where(MessageSubscription.instance_id == instance_id))
        _note(session, actor, instance, case)
        ended = {"status": "stopped", "state": None, "waiting_at": "", "ended_at": clock.moment().now}
        instances.save(session, instance, expected_version=instance.version, **ended)
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="end_instance",
            target=case.number,
            detail={"instance": instance_id},
            at=clock.real_now(),
        )
    return ENDED


def _note(session: Session, actor: Actor, instance: ProcessInstance, case: LoanCase) -> None:
    name = process_name(session, instance)
    session.add(
        HistoryEntry(
            case_id=case.id,
            instance_id=instance.id,
            kind="stopped",
            name_zh=name.zh,
            name_en=name.of("en"),
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            round=case.round,
            at=clock.moment().now,
        )
    )
