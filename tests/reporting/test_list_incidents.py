"""Open incidents as an operator sees them at the terminal."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app.gateways import clock
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.incidents import Incident
from app.use_cases.reporting.list_incidents import list_incidents


def test_open_incidents_are_listed_with_their_case_oldest_first(app: Flask) -> None:
    now = clock.real_now()
    with app.app_context():
        with unit_of_work() as session:
            case = LoanCase(number="LN1", product_key="p", milestone_at=now, created_at=now)
            session.add(case)
            session.flush()
            for hours, cause, resolved in ((1, "later", None), (2, "earlier", None), (3, "resolved", now)):
                session.add(
                    Incident(
                        case_id=case.id,
                        kind="operation",
                        cause_zh=cause,
                        cause_en=cause,
                        created_at=now - timedelta(hours=hours),
                        resolved_at=resolved,
                    )
                )
        found = list_incidents()
    assert [(one.case_number, one.cause.en) for one in found] == [("LN1", "earlier"), ("LN1", "later")]
