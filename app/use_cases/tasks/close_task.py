"""Marks a user task as done by somebody and takes it out of every inbox."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.moment import Moment
from app.storage import user_tasks
from app.storage.user_tasks import TaskCandidate, UserTask
from app.use_cases.permissions import Actor
from app.use_cases.tasks.task_access import require_four_eyes


def close_task(session: Session, task: UserTask, actor: Actor, moment: Moment, decision: str | None) -> None:
    """Writes who and when; an unclaimed task is claimed by the same act. Raises FourEyes, which the write decides."""
    if not user_tasks.finish(session, task, actor.person_id, moment.now, decision):
        require_four_eyes(session, task, actor)
        raise AssertionError(f"task {task.id} is neither closed nor barred")
    session.execute(
        update(TaskCandidate)
        .where(TaskCandidate.task_id == task.id)
        .values(open=False)
        .execution_options(synchronize_session=False)
    )
