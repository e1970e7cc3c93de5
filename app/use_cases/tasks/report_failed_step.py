"""Opens an incident for a step that failed while somebody submitted a task."""

from __future__ import annotations

from app.engine import EngineFailure
from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.user_tasks import UserTask
from app.use_cases.instances.failures import open_incident


def report_failed_step(task_id: int, failure: EngineFailure) -> None:
    """The instance stays as it was before the attempt; the incident names the element and the cause."""
    with unit_of_work() as session:
        task = session.get_one(UserTask, task_id)
        open_incident(
            session, task.case_id, task.instance_id, None, failure.element_id, "step", failure.text, clock.moment().now
        )
