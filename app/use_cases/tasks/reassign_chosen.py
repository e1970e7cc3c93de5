"""Reassigns the tasks that an administrator has ticked: to one person, evenly, or to unclaimed."""

from __future__ import annotations

from collections.abc import Sequence

from app.storage import open_work
from app.storage.database import reading
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.plan_reassignment import EVENLY, Target, spread
from app.use_cases.tasks.reassign_tasks import Chosen, Reassigned, clean_reason, reassign_tasks
from app.use_cases.tasks.who_may import candidates_of


def reassign_chosen(
    actor: Actor, chosen: Sequence[tuple[int, int | None]], target: Target, reason: str
) -> list[Reassigned]:
    """A result for each (task id, holder that was seen); `target` is a person's id, EVENLY or UNCLAIMED.

    Evenly, a task that nobody may do, or that its holder keeps, is left as it is and not told of. Raises as
    `reassign_tasks`.
    """
    require("reassign_tasks", actor)
    reason = clean_reason(reason)
    if target != EVENLY:
        to = target if isinstance(target, int) else None
        return reassign_tasks(actor, [Chosen(task_id, holder, to) for task_id, holder in chosen], reason)
    with reading() as session:
        work = [one for one in open_work.with_cases(session, [id_ for id_, _ in chosen]) if one[0].state == "open"]
        given = spread(session, work, candidates_of(session, work))
    evenly = [Chosen(task_id, holder, given.get(task_id)) for task_id, holder in chosen]
    gone = {task_id for task_id, _ in chosen} - {task.id for task, _ in work}
    moves = [one for one in evenly if one.task_id in gone or one.to_person_id not in (None, one.holder_id)]
    return reassign_tasks(actor, moves, reason) if moves else []
