"""Moves all of a person's open tasks in one act, as when somebody leaves: to a colleague, evenly, or to unclaimed."""

from __future__ import annotations

from app.errors import NotFound, Refused
from app.storage import open_work
from app.storage.database import reading
from app.storage.people import Person
from app.texts import Text
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.plan_reassignment import EVENLY, Target, spread
from app.use_cases.tasks.reassign_tasks import MOST_TASKS, Chosen, Reassigned, clean_reason, reassign_tasks
from app.use_cases.tasks.who_may import candidates_of


def move_work(actor: Actor, from_person_id: int, target: Target, reason: str) -> list[Reassigned]:
    """A result for each task. What the chosen person may not do goes to unclaimed: with the leaver nothing stays.

    `target` is a person's id, or EVENLY (to whoever may do it and has least) or UNCLAIMED of plan_reassignment.
    Raises NotFound for no such person, Forbidden, or Refused without a reason or where there is nothing to move.
    """
    require("reassign_tasks", actor)
    reason = clean_reason(reason)
    with reading() as session:
        if session.get(Person, from_person_id) is None or (
            isinstance(target, int) and session.get(Person, target) is None
        ):
            raise NotFound
        held = open_work.held_by(session, from_person_id)
        who = candidates_of(session, held)
        evenly = spread(session, held, who, {from_person_id}) if target == EVENLY else {}
    if target == from_person_id or not held:
        raise Refused("没有可以移交的任务。", "There is no work to move.")
    chosen = []
    for task, _ in held:
        to = evenly.get(task.id) if target == EVENLY else target
        able = isinstance(to, int) and to in who[task.id].able and to != from_person_id
        chosen.append(Chosen(task.id, from_person_id, to if able and isinstance(to, int) else None))
    found = []
    for first in range(0, len(chosen), MOST_TASKS):
        found += reassign_tasks(actor, chosen[first : first + MOST_TASKS], reason)
    return found


def holder_name(actor: Actor, person_id: int) -> Text:
    """Whose work it is; raises NotFound."""
    require("reassign_tasks", actor)
    with reading() as session:
        person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    return Text(person.name_zh, person.name_en)
