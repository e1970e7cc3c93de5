"""Tasks that were done, as rows: what a use case finds of a review that no test has to walk through."""

from __future__ import annotations

from datetime import datetime

from app.storage.user_tasks import UserTask


def done_task(pattern: UserTask, duty: str, person_id: int, now: datetime) -> UserTask:
    """A task of the pattern's instance and case that the person has done with this duty."""
    return UserTask(
        instance_id=pattern.instance_id,
        case_id=pattern.case_id,
        engine_task_id=f"done-{duty}",
        element_id=duty,
        process_key=pattern.process_key,
        name_zh=duty,
        name_en=duty,
        duty=duty,
        form_key=None,
        round=pattern.round,
        state="done",
        variables={},
        properties={},
        created_at=now,
        done_by=person_id,
        done_at=now,
    )
