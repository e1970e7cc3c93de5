"""Claims tasks: from then on they are one person's work."""

from __future__ import annotations

from app.errors import Conflict, FourEyes, NotFound
from app.gateways import clock
from app.storage import audit, user_tasks
from app.storage.database import unit_of_work
from app.storage.history import HistoryEntry
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.task_access import require_four_eyes, require_open


def claim_task(actor: Actor, task_id: int) -> None:
    """Makes the task the actor's; claiming one's own again changes nothing. Raises NotFound, Conflict or FourEyes."""
    require("work_on_tasks", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        found = user_tasks.for_work(session, task_id, actor.organisation_id, actor.roles)
        if found is None:
            raise NotFound
        task, instance, case = found
        require_open(session, task, actor)
        require_four_eyes(session, task, actor)
        if task.claimed_by == actor.person_id:
            return
        task.claimed_by, task.claimed_at = actor.person_id, moment.now
        session.add(
            HistoryEntry(
                case_id=case.id,
                instance_id=instance.id,
                task_id=task.id,
                kind="claimed",
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
            verb="claim_task",
            target=f"{case.number}/{task.id}",
            detail=None,
            at=clock.real_now(),
        )


def claim_many(actor: Actor, task_ids: list[int]) -> tuple[int, int]:
    """Claims each that is still free: how many became the actor's, and how many could not."""
    require("work_on_tasks", actor)
    claimed = 0
    for task_id in task_ids:
        try:
            claim_task(actor, task_id)
            claimed += 1
        except (Conflict, FourEyes, NotFound):
            continue
    return claimed, len(task_ids) - claimed
