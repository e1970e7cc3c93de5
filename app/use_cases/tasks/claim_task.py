"""Claims tasks: from then on they are one person's work."""

from __future__ import annotations

from app.errors import Conflict, FourEyes, NotFound
from app.gateways import clock
from app.storage import user_tasks
from app.storage.database import unit_of_work
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.note_act import note_act
from app.use_cases.tasks.task_access import require_four_eyes, require_open


def claim_task(actor: Actor, task_id: int) -> None:
    """Makes the task the actor's; claiming one's own again changes nothing. Raises NotFound, Conflict or FourEyes."""
    require("work_on_tasks", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        found = user_tasks.for_work(session, task_id, actor.organisation_id, actor.roles)
        if found is None:
            raise NotFound
        task, _, case = found
        require_open(session, task, actor)
        require_four_eyes(session, task, actor)
        if task.claimed_by == actor.person_id:
            return
        task.claimed_by, task.claimed_at = actor.person_id, moment.now
        note_act(session, actor, task, case, kind="claimed", verb="claim_task", at=moment.now)


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
