"""Marks a user task as done by somebody and takes it out of every inbox."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.moment import Moment
from app.storage.user_tasks import TaskCandidate, UserTask
from app.use_cases.permissions import Actor


def close_task(session: Session, task: UserTask, actor: Actor, moment: Moment, decision: str | None) -> None:
    """Writes who and when; an unclaimed task is claimed by the same act."""
    if task.claimed_by is None:
        task.claimed_by, task.claimed_at = actor.person_id, moment.now
    task.state, task.done_by, task.done_at, task.outcome = "done", actor.person_id, moment.now, decision
    session.execute(
        update(TaskCandidate)
        .where(TaskCandidate.task_id == task.id)
        .values(open=False)
        .execution_options(synchronize_session=False)
    )
