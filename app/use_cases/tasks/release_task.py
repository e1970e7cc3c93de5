"""Gives a claimed task back to everybody who may do it."""

from __future__ import annotations

from app.errors import Conflict, NotFound
from app.gateways import clock
from app.storage import audit, user_tasks
from app.storage.database import unit_of_work
from app.storage.history import HistoryEntry
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.task_access import require_open


def release_task(actor: Actor, task_id: int) -> None:
    """Raises NotFound, or Conflict when the task is done or not the actor's. A free task stays free."""
    require("work_on_tasks", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        found = user_tasks.for_work(session, task_id, actor.organisation_id, actor.roles)
        if found is None:
            raise NotFound
        task, instance, case = found
        require_open(session, task, actor)
        if task.claimed_by is None:
            raise Conflict(
                "这项任务没有人领取，不需要退回。", "Nobody has claimed this task; there is nothing to give back."
            )
        task.claimed_by = task.claimed_at = None
        session.add(
            HistoryEntry(
                case_id=case.id,
                instance_id=instance.id,
                task_id=task.id,
                kind="released",
                element_id=task.element_id,
                name_zh=task.name_zh,
                name_en=task.name_en,
                person_id=actor.person_id,
                organisation_id=actor.organisation_id,
                round=case.round,
                at=moment.now,
            )
        )
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="release_task",
            target=f"{case.number}/{task.id}",
            detail=None,
            at=clock.real_now(),
        )
