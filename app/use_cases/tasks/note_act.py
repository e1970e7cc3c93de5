"""Notes what somebody did with a task besides completing it: in the case's history and in the audit log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.gateways import clock
from app.storage import audit
from app.storage.cases import LoanCase
from app.storage.history import HistoryEntry
from app.storage.user_tasks import UserTask
from app.use_cases.permissions import Actor


def note_act(
    session: Session, actor: Actor, task: UserTask, case: LoanCase, *, kind: str, verb: str, at: datetime
) -> None:
    """`kind` is the history's word (claimed, released), `verb` the audit log's; `at` is the product's time."""
    remember_act(session, actor, task, case, kind=kind, at=at)
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb=verb,
        target=f"{case.number}/{task.id}",
        detail=None,
        at=clock.real_now(),
    )


def remember_act(
    session: Session,
    actor: Actor,
    task: UserTask,
    case: LoanCase,
    *,
    kind: str,
    at: datetime,
    detail: dict[str, str] | None = None,
) -> None:
    """The act in the case's history alone, with what a reader should know besides in both languages."""
    session.add(
        HistoryEntry(
            case_id=case.id,
            instance_id=task.instance_id,
            task_id=task.id,
            kind=kind,
            element_id=task.element_id,
            name_zh=task.name_zh,
            name_en=task.name_en,
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            round=case.round,
            at=at,
            detail=detail,
        )
    )
