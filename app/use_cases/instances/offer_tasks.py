"""Turns the engine's user tasks into inbox rows for the organisations whose people may do them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select

from app.engine import UserTask as EngineTask
from app.storage.cases import CaseParty
from app.storage.incidents import Incident
from app.storage.organisations import Role
from app.storage.user_tasks import TaskCandidate, UserTask
from app.use_cases.instances.run import Run


def offer_tasks(run: Run, created: Sequence[EngineTask]) -> None:
    """Writes a task with its candidates: a role's people in the case's party of the role's capacity.

    A task that nobody can do is written all the same, with an incident that says what is missing.
    """
    if not created:
        return
    places = _places(run, {group for task in created for group in task.candidate_groups})
    for task in created:
        row = _row(run, task)
        run.session.add(row)
        run.session.flush()
        candidates = [
            {
                "task_id": row.id,
                "role_key": group,
                "organisation_id": places[group],
                "open": True,
                "due_at": task.due_at,
            }
            for group in dict.fromkeys(task.candidate_groups)
            if group in places
        ]
        if candidates:
            run.session.execute(insert(TaskCandidate), candidates)
        else:
            _nobody(run, task)


def _places(run: Run, groups: set[str]) -> dict[str, int]:
    query = (
        select(Role.key, CaseParty.organisation_id)
        .join(CaseParty, CaseParty.capacity == Role.capacity)
        .where(CaseParty.case_id == run.case.id, Role.key.in_(groups))
    )
    return {key: organisation_id for key, organisation_id in run.session.execute(query)}


def _row(run: Run, task: EngineTask) -> UserTask:
    properties = task.properties
    return UserTask(
        instance_id=run.instance.id,
        case_id=run.case.id,
        engine_task_id=task.task_id,
        element_id=task.element_id,
        process_key=run.instance.process_key,
        name_zh=task.name.zh,
        name_en=task.name.en,
        duty=properties.get("duty", ""),
        four_eyes=properties.get("four_eyes", ""),
        candidate_groups=",".join(dict.fromkeys(task.candidate_groups)),
        opinion=properties.get("opinion") == "true",
        form_key=task.form_key,
        round=run.case.round,
        state="open",
        priority=task.priority if task.priority is not None else 50,
        variables=task.variables,
        properties=dict(properties),
        created_at=run.moment.now,
        due_at=task.due_at,
    )


def _nobody(run: Run, task: EngineTask) -> None:
    groups = "、".join(task.candidate_groups)
    run.session.add(
        Incident(
            case_id=run.case.id,
            instance_id=run.instance.id,
            element_id=task.element_id,
            kind="nobody",
            cause_zh=f"“{task.name.zh}”没有人能办理：申请里没有角色“{groups}”所属的机构。",
            cause_en=f'Nobody can do "{task.name.of("en")}": the case has no organisation for the role "{groups}".',
            created_at=run.moment.now,
        )
    )
