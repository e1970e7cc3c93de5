"""Keeps what somebody typed into a task, as typed, until it is submitted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.errors import Conflict, InvalidForm, NotFound
from app.forms import Entered
from app.gateways import clock
from app.storage import user_tasks
from app.storage.answers import FormDraft
from app.storage.database import unit_of_work
from app.use_cases.definitions.load_release import load_release
from app.use_cases.parties.hide_personal_values import hide_personal_values
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.earlier_answer import masked_from
from app.use_cases.tasks.task_access import require_open


def save_draft(actor: Actor, task_id: int, entered: Entered) -> datetime:
    """Stores the draft and gives its time; raises NotFound, Conflict when the task is not the actor's to do any more,
    or InvalidForm when more was entered than a form can hold (the draft before is kept).

    The draft of somebody who lost the task is kept all the same, so that nothing that was typed is gone.
    """
    require("work_on_tasks", actor)
    moment, lost = clock.moment(), None
    with unit_of_work() as session:
        found = user_tasks.with_draft(
            session, task_id, actor.organisation_id, actor.roles, actor.person_id, locked=True
        )
        if found is None:
            raise NotFound
        task, instance, case, before = found
        try:
            require_open(session, task, actor)
        except Conflict as error:
            lost = error
        data: dict[str, Any] = {}
        if task.form_key is not None:
            form = load_release(session, instance.release_id).form(task.form_key)
            stored = masked_from(session, case, form, before)
            lenient = form.check(form.entries(entered), task.variables or {}, moment, lenient=True, stored=stored)
            if lenient.errors:
                raise InvalidForm(lenient.errors)  # more than a form can hold: the draft before stays
            data = hide_personal_values(session, form, lenient.data, case.id, moment.now)
        session.merge(FormDraft(task_id=task.id, person_id=actor.person_id, data=data, saved_at=moment.now))
    if lost is not None:
        raise lost
    return moment.now
