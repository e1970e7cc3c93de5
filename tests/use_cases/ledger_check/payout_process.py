"""A payout that a process finished, as rows: what stands in the database when a drawn payout has activated its loan."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage import releases
from app.storage.database import reading, unit_of_work
from app.storage.instances import ProcessInstance
from app.storage.loans import Loan
from app.use_cases.definitions.load_release import load_current
from app.use_cases.definitions.publish import publish
from tests.desk import Desk
from tests.engine.diagrams import START, bpmn, element, line, mapping, process

ACTIVATED = '<bpmn:message id="m_activated" name="LoanActivated"/>'
KEYED = mapping({"case_number": "= case_number"})
THROWN = '<bpmn:messageEventDefinition messageRef="m_activated"/>'
LENDS = process(START, element("endEvent", "lent_end", KEYED, THROWN), line("start", "lent_end"), key="lends")


def finish_payouts(desk: Desk, case_number: str, at: datetime) -> None:
    """Adds an ended payout for each loan of the case that has none, as if a drawing had made it."""
    case = desk.case(case_number)
    with desk.app.app_context():
        with reading() as session:
            ends = _activating(session)
        if not ends:
            publish({"processes/lends.bpmn": bpmn(LENDS, declared=ACTIVATED)})
        with unit_of_work() as session:
            process_key, release_id, end = ends or _activating(session)
            query = select(func.count()).where(Loan.case_id == case.id)
            ended = ProcessInstance.process_key == process_key, ProcessInstance.case_id == case.id
            there = session.scalar(select(func.count()).where(*ended)) or 0
            for number in range(there + 1, (session.scalar(query) or 0) + 1):
                row = {"case_id": case.id, "business_key": case_number, "round": str(number), "status": "completed"}
                run = {"process_key": process_key, "release_id": release_id, "end_element_id": end}
                session.add(ProcessInstance(**row, **run, started_at=at, ended_at=at))


def _activating(session: Session) -> tuple[str, str, str] | tuple[()]:
    """(process, release, end event) of the published process that ends by telling of an activated loan."""
    for process_key in releases.process_keys(session):
        release = load_current(session, process_key)
        for end, message in release.facts.end_messages.items():
            if message == "LoanActivated":
                return process_key, release.id, end
    return ()
