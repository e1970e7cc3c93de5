"""Gives a claimed task back to everybody who may do it."""

from __future__ import annotations

from app.errors import Conflict, NotFound
from app.gateways import clock
from app.storage import user_tasks
from app.storage.database import unit_of_work
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.note_act import note_act
from app.use_cases.tasks.task_access import require_open


def release_task(actor: Actor, task_id: int) -> None:
    """Raises NotFound, or Conflict when the task is done or not the actor's. A free task stays free."""
    require("work_on_tasks", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        found = user_tasks.for_work(session, task_id, actor.organisation_id, actor.roles)
        if found is None:
            raise NotFound
        task, _, case = found
        require_open(session, task, actor)
        if task.claimed_by is None:
            raise Conflict(
                "这项任务没有人领取，不需要退回。", "Nobody has claimed this task; there is nothing to give back."
            )
        task.claimed_by = task.claimed_at = None
        note_act(session, actor, task, case, kind="released", verb="release_task", at=moment.now)
