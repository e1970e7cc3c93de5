"""Rows 76 and 81: what outside sources say of a firm, asked with its consent, shown with source and time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from app.gateways import clock, sources
from app.gateways.sandboxes import Availability, sandboxes
from app.storage import reports
from app.storage.answers import FormAnswer
from app.storage.database import reading, unit_of_work
from app.storage.reports import ExternalReport
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.use_cases.lookups import rows_of
from tests.web.visitor import Visitor, words

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PAUSES = (timedelta(minutes=5), timedelta(minutes=35), timedelta(minutes=155))


def kept(desk: Desk, number: str) -> dict[str, ExternalReport]:
    """The newest report of each kind."""
    with desk.app.app_context(), reading() as session:
        return {row.kind: row for row in reports.of_case(session, desk.case(number).id)}


def test_row_076_the_reviewer_sees_each_report_with_source_and_time(desk: Desk) -> None:
    """Reviewer sees report + time + source; review is blocked if it is missing (the first half)."""
    number = desk.at_initial_review()
    task = desk.task(number, "initial_review")

    shown = words(Visitor(desk, people.REVIEWER).get(f"/tasks/{task.id}?tab=reports"))

    stored = kept(desk, number)
    assert {"enterprise", "risk", "bureau", "court", "market_rate"} <= set(stored)
    for kind in ("enterprise", "risk", "bureau", "court"):
        row = stored[kind]
        assert row.source_zh in shown and row.reference in shown, kind
        assert f"取回 {local(row.at)}" in shown, kind


def local(at: datetime) -> str:
    """A moment as pages write it: month, day and time in China."""
    return (at + timedelta(hours=8)).strftime("%m-%d %H:%M")


def test_row_076_the_review_waits_with_a_reason_while_a_report_is_missing(desk: Desk) -> None:
    """Reviewer sees report + time + source; review is blocked if it is missing (the second half)."""
    before, state = sources.current(), Availability({"risk_platform"})
    sources.use(sandboxes(state))
    reviewer = Visitor(desk, people.REVIEWER)
    try:
        with clock.fixed_at(NOW):
            number = desk.submit()
            said = words(reviewer.get(f"/cases/{number}"))
        assert re.search(r"风控报告还没有取到：风控平台没有应答（连接超时）。已试 1 次，下一次 11-23 10:05", said), (
            said[:2000]
        )
        assert not desk.open_tasks(number)
        for pause in PAUSES:
            with clock.fixed_at(NOW + pause):
                desk.work()
    finally:
        sources.use(before)
    assert [task.form_key for task in desk.open_tasks(number)] == ["obtain_report"]

    desk.complete(people.LEAD, number, "obtain_report", answers.OBTAIN_REPORT)

    by_hand = kept(desk, number)["risk"]
    assert by_hand.entered_by == desk.person(people.LEAD).id and by_hand.data["score"] == 72
    assert by_hand.source_zh == "人工录入（林燕）" and by_hand.data["source_note"] == answers.OBTAIN_REPORT["source"]
    assert kept(desk, number)["bureau"].entered_by is None, "what the system obtained is not typed in again"
    assert desk.case(number).rating is not None


def test_row_081_a_credit_enquiry_is_made_with_consent_and_its_report_is_stored(desk: Desk) -> None:
    """Stored report; consent checked first."""
    number = desk.at_initial_review()
    consent, asked = rows_of(desk, number, "check_consent"), rows_of(desk, number, "bureau_report")
    report = kept(desk, number)["bureau"]
    assert consent[0].id < asked[0].id and consent[0].state == "done"
    assert report.reference.startswith("ZX-") and set(report.data) >= {"overdue_days_max", "queries_6m", "balance_yuan"}

    without = desk.start(people.OTHER_FIRM)
    desk.complete(people.OTHER_FIRM, without, "working-capital-application", desk.application(people.OTHER_FIRM))
    with desk.app.app_context(), unit_of_work() as session:  # as an application of the time before it was asked
        for answer in session.query(FormAnswer).filter_by(case_id=desk.case(without).id):
            answer.data = answer.data | {"consent_credit": False}
    desk.upload_all(people.OTHER_FIRM, without)

    assert rows_of(desk, without, "bureau_report") == [] and "bureau" not in kept(desk, without)
    assert desk.waits_for(without, "supplement")
