"""Shows a task to somebody of a role it was offered to: the case file, the form as it is filled in, and who has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.errors import FieldError, NotFound
from app.forms import Entered, Form
from app.gateways import clock
from app.storage import user_tasks
from app.storage.answers import FormDraft
from app.storage.database import reading
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.cases.case_file import CaseFile, load_case_file
from app.use_cases.contracts.show_contract import ContractLine
from app.use_cases.definitions.load_release import load_release
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.acts import Act, act_of
from app.use_cases.tasks.contracts_of_task import contracts_of_task
from app.use_cases.tasks.earlier_answer import earlier_answer
from app.use_cases.tasks.task_access import four_eyes_clash


@dataclass(frozen=True)
class TaskDetail:
    """A task with everything its page needs; `nodes` are the form's, `mine` says whether the actor may do it.

    `act` is what completing it does besides, `contracts` are those that its page lists.
    """

    task: UserTask
    file: CaseFile
    form: Form | None
    nodes: Sequence[Any]
    errors: tuple[FieldError, ...]
    draft_saved_at: datetime | None
    clash: Text | None
    readonly: bool
    mine: bool
    act: Act | None
    contracts: tuple[ContractLine, ...]


def show_task(
    actor: Actor, task_id: int, *, entered: Entered | None = None, errors: Sequence[FieldError] = ()
) -> TaskDetail:
    """The task's page; `entered` and `errors` put back what was typed. NotFound unless it was offered to the actor."""
    require("work_on_tasks", actor)
    moment = clock.moment()
    with reading() as session:
        found = user_tasks.with_draft(session, task_id, actor.organisation_id, actor.roles, actor.person_id)
        if found is None:
            raise NotFound
        task, instance, case, draft = found
        file = load_case_file(session, case, actor.person_id)
        clash = four_eyes_clash(session, task, actor) if task.state == "open" else None
        mine = task.state == "open" and task.claimed_by in (None, actor.person_id) and clash is None
        form = load_release(session, instance.release_id).form(task.form_key) if task.form_key else None
        raw, saved_at = _filled(session, task, draft, file)
        if entered is not None and form is not None:
            raw = form.entries(entered)
    nodes = form.view(raw, task.variables or {}, moment, tuple(errors), not mine) if form else []
    listed = contracts_of_task(actor, task, file.case.number)
    return TaskDetail(task, file, form, nodes, tuple(errors), saved_at, clash, not mine, mine, act_of(task), listed)


def task_form(actor: Actor, task_id: int) -> Form | None:
    """The form of a task; None where it has none. Raises NotFound."""
    require("work_on_tasks", actor)
    with reading() as session:
        found = user_tasks.release_and_form(session, task_id, actor.organisation_id, actor.roles)
        if found is None:
            raise NotFound
        release_id, form_key = found
        return load_release(session, release_id).form(form_key) if form_key else None


def _filled(
    session: Session, task: UserTask, draft: FormDraft | None, file: CaseFile
) -> tuple[dict[str, Any], datetime | None]:
    """What the form shows at first: a done task's answer, one's own draft, or the form's answer of an earlier round."""
    if task.state == "done":
        given = [a.answer.data for a in file.answered if a.answer.task_id == task.id]
        return (dict(given[-1]) if given else {}), None
    if draft is not None:
        return dict(draft.data), draft.saved_at
    if task.form_key is not None and task.form_key == (file.product.form_key if file.product else None):
        earlier = earlier_answer(session, file.case, task.form_key)
        return (dict(earlier.data) if earlier else {}), None
    return {}, None
