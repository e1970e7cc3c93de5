"""Instances with a long past: a completion's cost after 10, 1,000 and 5,000 finished tasks, and how many a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from app import engine
from app.gateways import clock
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.history import HistoryEntry
from app.storage.instances import ProcessInstance
from app.storage.user_tasks import UserTask
from app.use_cases.definitions.load_release import load_release
from app.use_cases.definitions.publish import publish
from app.use_cases.instances.start_instance import start_instance
from bench.figure import Figure, cpu_ms, median
from bench.installation import Installations
from tests import desk as people
from tests.desk import Desk

HERE = Path(__file__).parent
FILES = {"processes/bench_loop.bpmn": "loop.bpmn", "forms/bench_loop.form": "loop.form"}
AGAIN = {"decision": "again", "note": "核对一致，再看一次"}


def measure(made: Installations, quick: bool) -> Iterator[Figure]:
    """Interleaved, so that what else the machine does falls on all alike."""
    desk = made.sqlite()
    with desk.app.app_context():
        publish({path: (HERE / name).read_bytes() for path, name in FILES.items()})
        pasts = (10, 20) if quick else (10, 1000, 5000)
        loops = {past: start_loop(desk, past) for past in pasts}
        rounds = 3 if quick else 60
        cost: dict[int, list[float]] = {past: [] for past in pasts}
        for _ in range(rounds):
            for past, instance_id in loops.items():
                cost[past].append(cpu_ms(lambda instance_id=instance_id: complete_once(desk, instance_id)))  # type: ignore[misc]
        few = median(cost[10])
        yield Figure("complete_cpu_ms", few, "CPU ms", "of one completion without HTTP, SQLite")
        for past in pasts[1:]:
            words = f"its cost after {past} finished tasks to that after 10"
            yield Figure(f"complete_cost_ratio_{past}_to_10", round(median(cost[past]) / few, 3), "ratio", words)
        begun = time.perf_counter()
        for _ in range(rounds):
            complete_once(desk, loops[10])
        rate = round(rounds / (time.perf_counter() - begun), 1)
        yield Figure("completions_per_s", rate, "a second", "completions in one process, SQLite with synced commits")


def start_loop(desk: Desk, past: int) -> int:
    """An instance of the loop with so many finished tasks: the engine runs them, their rows are written in bulk."""
    number = desk.start(people.FIRM)
    moment = clock.moment()
    with unit_of_work() as session:
        case = session.scalars(select(LoanCase).where(LoanCase.number == number)).one()
        instance = start_instance(session, case, "bench_loop", {"case_number": number, "round": 1}, moment)
        assert instance is not None
        session.flush()
        session.refresh(instance)
        task = _open_task(session, instance.id)
        runtime, state, engine_task = (
            load_release(session, instance.release_id).runtime,
            instance.state,
            task.engine_task_id,
        )
        for _ in range(past):
            assert state is not None
            outcome = engine.complete_task(runtime, state, engine_task, AGAIN, moment)
            state, engine_task = outcome.state, outcome.tasks_created[0].task_id
        done = {column: getattr(task, column) for column in COPIED} | {"state": "done", "done_at": moment.now}
        session.execute(insert(UserTask), [done | {"engine_task_id": f"{n}"} for n in range(past)])
        step = {"case_id": case.id, "instance_id": instance.id, "name_zh": task.name_zh, "at": moment.now}
        session.execute(insert(HistoryEntry), [step | {"kind": "userTask", "element_id": "check"}] * past)
        task.engine_task_id = engine_task
        session.execute(update(ProcessInstance).where(ProcessInstance.id == instance.id).values(state=state))
        return instance.id


COPIED = (
    "instance_id",
    "case_id",
    "element_id",
    "process_key",
    "name_zh",
    "form_key",
    "variables",
    "properties",
    "created_at",
)


def complete_once(desk: Desk, instance_id: int) -> None:
    """One turn of the loop by the reviewer."""
    with reading() as session:
        task_id = _open_task(session, instance_id).id
    desk.complete_task(people.REVIEWER, task_id, AGAIN)


def _open_task(session: Any, instance_id: int) -> UserTask:
    query = select(UserTask).where(UserTask.instance_id == instance_id, UserTask.state == "open")
    found: UserTask = session.scalars(query).one()
    return found
