"""What is kept of an outside source's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.gateways import sources
from app.gateways.sandboxes import sandboxes
from app.gateways.sources import FirmSource, Reply
from app.storage import reports
from app.storage.database import reading
from tests.desk import Desk


@dataclass(frozen=True)
class DeregisteredBy:
    """A register that has struck every firm off."""

    register: FirmSource

    def ask(self, key: str, credit_code: str, company_name: str, at: datetime) -> Reply:
        found = self.register.ask(key, credit_code, company_name, at)
        return Reply(found.source, found.reference, found.at, found.data | {"status": "deregistered"})


def test_the_answer_that_refuses_a_firm_stays_in_the_case(desk: Desk) -> None:
    before, changed = sources.current(), sandboxes()
    changed.enterprise_registry = DeregisteredBy(changed.enterprise_registry)
    sources.use(changed)
    try:
        number = desk.submit()
    finally:
        sources.use(before)
    with desk.app.app_context(), reading() as session:
        kept = reports.of_case(session, desk.case(number).id)
    assert [(one.kind, one.data["status"]) for one in kept] == [("enterprise", "deregistered")]
