"""Small drawings that tests publish next to the shipped ones and start for a case of the demo."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.gateways import clock
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.instances import ProcessInstance
from app.storage.outbox import OutboxRow
from app.use_cases.definitions.publish import publish
from app.use_cases.instances.start_instance import start_instance
from app.use_cases.instances.wake import add_outbox
from tests.desk import Desk
from tests.engine.diagrams import END, START, bpmn, element, line, mapping, process

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
REVIEWERS = '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="initial_reviewer"/>'


def task(key: str, inner: str = "", extension: str = "") -> str:
    """A user task of the funder's initial reviewers, without a form."""
    return element("userTask", key, REVIEWERS + extension, inner, name=f"任务 {key}")


def operation(
    key: str, type_: str, *, inputs: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> str:
    """A service task; without the header retry_backoff there is one attempt."""
    written = "".join(f'<zeebe:header key="{name}" value="{value}"/>' for name, value in (headers or {}).items())
    drawn = f'<zeebe:taskDefinition type="{type_}" retries="1"/><zeebe:taskHeaders>{written}</zeebe:taskHeaders>'
    return element("serviceTask", key, drawn + mapping(inputs), name=f"操作 {key}")


def straight(key: str, *parts: str) -> str:
    """A process in which the parts (with the ids p1, p2, ...) follow each other."""
    ids = [f"p{number}" for number in range(1, len(parts) + 1)]
    return process(START, *parts, END, line("start", *ids, "end"), key=key)


def publish_drawings(desk: Desk, *processes: str) -> None:
    """Publishes each process, in a file of its own."""
    with desk.app.app_context():
        publish({f"processes/small{number}.bpmn": bpmn(drawn) for number, drawn in enumerate(processes)})


def start(desk: Desk, process_key: str, number: str, **variables: Any) -> int:
    """Starts a process for a case; its instance's id."""
    with desk.app.app_context(), unit_of_work() as session:
        case = session.query(LoanCase).filter_by(number=number).one()
        given = {"case_number": number, "round": case.round} | variables
        instance = start_instance(session, case, process_key, given, clock.moment())
        assert instance is not None
        return instance.id


def instance(desk: Desk, instance_id: int) -> ProcessInstance:
    """The instance as it is now."""
    with desk.app.app_context(), reading() as session:
        return session.get_one(ProcessInstance, instance_id)


def send(desk: Desk, name: str, key: str, **payload: Any) -> int:
    """Puts a message into the outbox; the row's id."""
    with desk.app.app_context(), unit_of_work() as session:
        row = OutboxRow(
            kind="message",
            name=name,
            payload={"key": key, "payload": payload},
            headers={},
            max_attempts=1,
            created_at=clock.moment().now,
        )
        return add_outbox(session, row).id


def row(desk: Desk, row_id: int) -> OutboxRow:
    """The outbox row as it is now."""
    with desk.app.app_context(), reading() as session:
        return session.get_one(OutboxRow, row_id)
