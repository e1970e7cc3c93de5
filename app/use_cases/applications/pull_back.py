"""A firm pulls its application back, changes it and submits again; or deletes a draft."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.gateways import clock
from app.storage import audit, cases, instances, waiting
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.history import HistoryEntry
from app.storage.user_tasks import TaskCandidate, UserTask
from app.use_cases.instances.correlate import deliver
from app.use_cases.permissions import Actor, require

WITHDRAW = "ApplicationWithdrawn"
DELETE = "ApplicationDeleted"


def pull_back(actor: Actor, number: str) -> None:
    """Takes the application back to a draft of a new round; Conflict once a reviewer claimed it or it is decided."""
    _tell(actor, number, WITHDRAW, "pulled_back", ("拉回申请", "Application pulled back"))


def delete_draft(actor: Actor, number: str) -> None:
    """Ends a draft; Conflict when the case is no draft (submitted ones cannot be deleted)."""
    _tell(actor, number, DELETE, "deleted", ("删除草稿", "Draft deleted"))


def possible_acts(session: Session, case: LoanCase, organisation_id: int) -> tuple[bool, bool]:
    """Whether the firm may pull back, and whether it may delete: the diagrams say so by waiting for the message."""
    return _may(session, case, WITHDRAW, organisation_id), _may(session, case, DELETE, organisation_id)


def _may(session: Session, case: LoanCase, message: str, organisation_id: int) -> bool:
    subscriptions = waiting.subscriptions_for(session, message, case.number)
    if not subscriptions:
        return False
    return not any(_begun(session, subscription.instance_id, organisation_id) for subscription in subscriptions)


def _begun(session: Session, instance_id: int, organisation_id: int) -> bool:
    """Whether somebody of another organisation has taken up or done work in the instance."""
    others = exists().where(TaskCandidate.task_id == UserTask.id, TaskCandidate.organisation_id != organisation_id)
    query = (
        select(UserTask.id)
        .where(UserTask.instance_id == instance_id, UserTask.claimed_by.is_not(None), others)
        .limit(1)
    )
    return session.scalar(query) is not None


def _tell(actor: Actor, number: str, message: str, kind: str, names: tuple[str, str]) -> None:
    require("apply", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        case = cases.visible(session, number, actor.organisation_id)
        if case is None or cases.parties(session, case.id).get("borrower") != actor.organisation_id:
            raise NotFound
        for subscription in waiting.subscriptions_for(session, message, case.number):
            instances.locked(session, subscription.instance_id)  # so that nobody claims a task meanwhile
        if not _may(session, case, message, actor.organisation_id):
            raise Conflict(
                "这件申请已经有人在办理或已有结果，不能再拉回或删除。",
                "Somebody works on this application, or it is decided; it can no longer be pulled back or deleted.",
            )
        session.add(
            HistoryEntry(
                case_id=case.id,
                kind=kind,
                name_zh=names[0],
                name_en=names[1],
                person_id=actor.person_id,
                organisation_id=actor.organisation_id,
                round=case.round,
                at=moment.now,
            )
        )
        deliver(session, message, case.number, {"case_number": case.number, "round": case.round}, case.id, moment)
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb=kind,
            target=case.number,
            detail=None,
            at=clock.real_now(),
        )


def acts_on(actor: Actor, number: str) -> tuple[LoanCase, bool, bool]:
    """The case with what the firm may do to it now; raises NotFound."""
    require("apply", actor)
    with reading() as session:
        case = cases.visible(session, number, actor.organisation_id)
        if case is None:
            raise NotFound
        return case, *possible_acts(session, case, actor.organisation_id)
