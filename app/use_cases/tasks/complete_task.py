"""Completes a user task: the pattern that every other act of this product follows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from app import engine
from app.errors import Conflict, NotFound, Refused
from app.forms import Entered
from app.gateways import clock
from app.storage import audit, user_tasks
from app.storage.database import unit_of_work
from app.use_cases.definitions.load_release import load_release
from app.use_cases.instances.advance import advance
from app.use_cases.instances.run import Run
from app.use_cases.instances.run_at_once import run_at_once
from app.use_cases.operation import OperationRefused
from app.use_cases.permissions import Actor, require
from app.use_cases.tasks.accept_answers import accept_answers
from app.use_cases.tasks.acts import perform_act
from app.use_cases.tasks.close_task import close_task
from app.use_cases.tasks.contracts_of_task import require_form_ends
from app.use_cases.tasks.report_failed_step import report_failed_step
from app.use_cases.tasks.save_draft import save_draft
from app.use_cases.tasks.task_access import require_four_eyes, require_open


@dataclass(frozen=True)
class Completed:
    """What was done: the task and its case's number."""

    task_id: int
    case_number: str


def complete_task(actor: Actor, task_id: int, entered: Entered, *, logged_in_at: datetime | None = None) -> Completed:
    """Checks what was entered, does the task's act, completes it and moves the instance on, all in one transaction.

    `entered` is what `Form.decode` gave; `logged_in_at` is when the password was last given (real time), which some
    acts ask for. Raises NotFound, Forbidden, FreshLogInNeeded, FourEyes, InvalidForm (nothing changed), Conflict
    (somebody was first; what was typed is kept as a draft), or Refused when the act or the step behind it fails, also
    where the diagram wants that step to stand or fall with the act (a limit that is short).
    """
    require("work_on_tasks", actor)
    try:
        return _complete(actor, task_id, entered, logged_in_at)
    except Conflict:
        with suppress(Conflict):  # it says the same once more
            save_draft(actor, task_id, entered)
        raise
    except OperationRefused as refusal:
        save_draft(actor, task_id, entered)
        raise Refused(
            f"没有提交：{refusal.text.zh}您填写的内容已存为草稿。",
            f"Nothing was submitted: {refusal.text.of('en')} What you entered is kept as a draft.",
        ) from refusal
    except engine.EngineFailure as failure:
        save_draft(actor, task_id, entered)
        report_failed_step(task_id, failure)
        raise Refused(
            f"下一步“{failure.name.zh}”出错，没有提交：{failure.text.zh}您填写的内容已存为草稿，管理员已收到通知。",
            f'The next step "{failure.name.of("en")}" failed, nothing was submitted: {failure.text.of("en")} '
            "What you entered is kept as a draft and the administrator was told.",
        ) from failure


def _complete(actor: Actor, task_id: int, entered: Entered, logged_in_at: datetime | None) -> Completed:
    moment = clock.moment()
    with unit_of_work() as session:
        found = user_tasks.with_draft(
            session, task_id, actor.organisation_id, actor.roles, actor.person_id, locked=True
        )
        if found is None:
            raise NotFound
        task, instance, case, draft = found
        require_open(session, task, actor)
        require_form_ends(task)
        if case.created_by == actor.person_id:  # what tasks were done decides close_task
            require_four_eyes(session, task, actor)
        assert instance.state is not None, "an instance with an open task is running"
        release = load_release(session, instance.release_id)
        run = Run(session, instance, case, release, moment, actor, task)
        accepted = accept_answers(run, entered, draft)
        given = accepted.variables | perform_act(run, accepted.variables, logged_in_at)
        close_task(session, task, actor, moment, accepted.decision)
        outcome = engine.complete_task(release.runtime, instance.state, task.engine_task_id, given, moment)
        advance(run.noting(accepted.note), outcome)
        run_at_once(run, outcome)
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="complete_task",
            target=f"{case.number}/{task.id}",
            detail={"task": task.element_id, "decision": accepted.decision},
            at=clock.real_now(),
        )
        return Completed(task.id, case.number)
