"""What runs: the processes with their instances by step, and how many of them have stopped at an incident."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.storage.database import reading
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.use_cases.permissions import Actor, require
from app.use_cases.reporting.count_process_steps import ProcessCount, count_process_steps


@dataclass(frozen=True)
class RunningProcess:
    """A process with the instances that have an open incident."""

    count: ProcessCount
    incidents: int


def count_running(actor: Actor) -> list[RunningProcess]:
    """Every process in the order of its stage; raises Forbidden."""
    require("reassign_tasks", actor)
    with reading() as session:
        query = (
            select(ProcessInstance.process_key, func.count(func.distinct(Incident.instance_id)))
            .join(Incident, Incident.instance_id == ProcessInstance.id)
            .where(Incident.resolved_at.is_(None))
            .group_by(ProcessInstance.process_key)
        )
        stopped = {key: number for key, number in session.execute(query)}
    return [RunningProcess(one, stopped.get(one.process_key, 0)) for one in count_process_steps().processes]
