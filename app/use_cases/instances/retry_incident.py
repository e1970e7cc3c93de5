"""Tries a failed step again: its outbox row or timer becomes due, and the incident is closed by whoever asked."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.gateways import clock
from app.storage import audit, open_work
from app.storage.cases import LoanCase, visible_to
from app.storage.database import unit_of_work, wake_after_commit
from app.storage.incidents import Incident
from app.storage.outbox import OutboxRow
from app.storage.waiting import Timer
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.offer_again import groups_of, offer_in


def retry_incident(actor: Actor, incident_id: int) -> None:
    """Raises NotFound, also for a case that the actor may not see, or Conflict when somebody resolved it already.

    A step that fails again opens a new incident. A task that nobody could do is offered again; Refused, and nothing is
    changed, where still nobody can.
    """
    require("retry_incidents", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        incident = session.get(Incident, incident_id, with_for_update=True)
        if incident is None or not _concerns(session, incident, actor):
            raise NotFound
        if incident.resolved_at is not None:
            raise Conflict("这个问题已经有人处理过了。", "Somebody has already dealt with this incident.")
        if incident.kind == "nobody":
            _offer(session, incident, actor)
        incident.resolved_at, incident.resolved_by = moment.now, actor.person_id
        row = session.get(OutboxRow, incident.outbox_id, with_for_update=True) if incident.outbox_id else None
        if row is not None and row.state == "failed":
            row.state, row.attempts, row.next_at = "waiting", 0, moment.now
            wake_after_commit(session, row.id)
        if incident.kind == "timer":
            session.execute(update(Timer).where(Timer.instance_id == incident.instance_id).values(retry_at=None))
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="retry_incident",
            target=str(incident_id),
            detail={"element": incident.element_id},
            at=clock.real_now(),
        )


def _offer(session: Session, incident: Incident, actor: Actor) -> None:
    for task, case in open_work.untold(session, incident.instance_id or 0, incident.element_id):
        offer_in(session, actor, task, case, groups_of(session, task), "")


def _concerns(session: Session, incident: Incident, actor: Actor) -> bool:
    if actor.case_scope is None:
        return True
    mine = select(LoanCase.id).where(LoanCase.id == incident.case_id, visible_to(actor.case_scope))
    return session.scalar(mine) is not None
