"""Who may do an open task: the active people it is offered to, less those whom four eyes keep from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.storage import open_work
from app.storage.cases import LoanCase
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.tasks.task_access import ENTERED


@dataclass
class Candidates:
    """The people of one task: `able` person -> the organisation for which they may do it, `barred` person -> what they
    did in the case that this task must be apart from.
    """

    able: dict[int, int] = field(default_factory=dict)
    barred: dict[int, Text] = field(default_factory=dict)


def candidates_of(session: Session, tasks: Sequence[tuple[UserTask, LoanCase]]) -> dict[int, Candidates]:
    """Task id -> its candidates, in three queries for all of them."""
    found = {task.id: Candidates() for task, _ in tasks}
    if not tasks:
        return found
    done = _done(session, tasks)
    by_id = {task.id: (task, case) for task, case in tasks}
    for task_id, person_id, organisation_id, _role in open_work.candidates(session, list(found)):
        task, case = by_id[task_id]
        clash = _clash(task, case, person_id, done.get(case.id, []))
        if clash is None:
            found[task_id].able.setdefault(person_id, organisation_id)
        else:
            found[task_id].barred[person_id] = clash
    return found


def _done(session: Session, tasks: Sequence[tuple[UserTask, LoanCase]]) -> Mapping[int, list[UserTask]]:
    found: dict[int, list[UserTask]] = {}
    for earlier in open_work.duties_done(session, {case.id for task, case in tasks if task.apart_from}):
        found.setdefault(earlier.case_id or 0, []).append(earlier)
    return found


def _clash(task: UserTask, case: LoanCase, person_id: int, done: Sequence[UserTask]) -> Text | None:
    """As `task_access.four_eyes_clash`, from rows that were read for many tasks at once."""
    if not task.apart_from:
        return None
    if case.created_by == person_id:
        return ENTERED
    return next((one.name for one in done if one.done_by == person_id and task.clashes_with(one)), None)
