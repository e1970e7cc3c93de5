"""Who may work on a task now: open to the person's role, not done, not another's, and four eyes kept."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.errors import Conflict, FourEyes
from app.storage import user_tasks
from app.storage.cases import LoanCase
from app.storage.people import Person
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.permissions import Actor

ENTERED = Text("录入申请", "entering the application")  # also by file, where no task was done


def require_open(session: Session, task: UserTask, actor: Actor) -> None:
    """Raises Conflict, with who and when, unless the task is open and free or the actor's own."""
    if task.state == "done":
        by = _name(session, task.done_by)
        raise Conflict(
            f"这项任务已由{by.zh}办理完成。",
            f"This task was already done by {by.of('en')}.",
            by=str(by.zh),
            at=task.done_at,
        )
    if task.state == "withdrawn":
        raise Conflict(
            "这项任务已经撤销，因为申请走到了别的步骤。",
            "This task was withdrawn because the case has moved on.",
            at=task.done_at,
        )
    if task.claimed_by is not None and task.claimed_by != actor.person_id:
        by = _name(session, task.claimed_by)
        raise Conflict(
            f"这项任务已由{by.zh}领取。", f"This task was claimed by {by.of('en')}.", by=str(by.zh), at=task.claimed_at
        )


def four_eyes_clash(session: Session, task: UserTask, actor: Actor) -> Text | None:
    """The name of what the actor did in this case that forbids this task to them, or None."""
    if not task.apart_from:
        return None
    case = session.get(LoanCase, task.case_id)
    if case is not None and case.created_by == actor.person_id:
        return ENTERED
    done = user_tasks.done_with_duty(session, [task.case_id], actor.person_id)
    return next((earlier.name for earlier in done if task.clashes_with(earlier)), None)


def require_four_eyes(session: Session, task: UserTask, actor: Actor) -> None:
    """Raises FourEyes when the actor did something in this case that this task must be apart from."""
    clash = four_eyes_clash(session, task, actor)
    if clash is not None:
        raise FourEyes(
            f"您已办理过本申请的“{clash.zh}”，“{task.name.zh}”必须由另一个人办理。",
            f'You already did "{clash.of("en")}" in this case; "{task.name.of("en")}" must be done by another person.',
        )


def _name(session: Session, person_id: int | None) -> Text:
    person = session.get(Person, person_id) if person_id is not None else None
    return Text(person.name_zh, person.name_en) if person else Text("系统", "the system")
