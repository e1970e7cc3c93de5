"""A payout that a process finished, as rows: what stands in the database when a drawn payout has activated its loan."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.storage import releases
from app.storage.instances import ProcessInstance
from app.use_cases.definitions.load_release import load_current
from app.use_cases.definitions.publish import publish
from tests.engine.diagrams import START, bpmn, element, line, mapping, process

ACTIVATED = '<bpmn:message id="m_activated" name="LoanActivated"/>'
KEYED = mapping({"case_number": "= case_number"})
THROWN = '<bpmn:messageEventDefinition messageRef="m_activated"/>'
LENDS = process(START, element("endEvent", "lent_end", KEYED, THROWN), line("start", "lent_end"), key="lends")


def publish_payout() -> None:
    """Publishes the smallest process that ends by telling of an activated loan; needs an app context."""
    publish({"processes/lends.bpmn": bpmn(LENDS, declared=ACTIVATED)})


def finished_payout(session: Session, case_id: int, case_number: str, at: datetime) -> ProcessInstance:
    """Adds an instance of a published process that ended by activating the case's loan."""
    for process_key in releases.process_keys(session):
        release = load_current(session, process_key)
        for end, message in release.facts.end_messages.items():
            if message == "LoanActivated":
                row = ProcessInstance(
                    case_id=case_id,
                    process_key=process_key,
                    business_key=case_number,
                    release_id=release.id,
                    status="completed",
                    started_at=at,
                    ended_at=at,
                    end_element_id=end,
                )
                session.add(row)
                return row
    raise AssertionError("no published process activates a loan")
