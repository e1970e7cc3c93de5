"""A decision record is read and issued by who may, kept as a file, and changes nothing in its case."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select

from app.errors import Forbidden, NotFound
from app.storage.audit import AuditEntry
from app.storage.database import reading
from app.use_cases.records.issue_record import issue_record
from app.use_cases.records.show_record import open_issued, show_record
from tests.desk import COMPLIANCE_OFFICER, FINANCE_OFFICER, FIRM, LEAD, OTHER_BANKS_REVIEWER, REVIEWER, Desk
from tests.use_cases.records.recorded import record
from tests.web.visitor import Visitor, words

EXAMINER, AUDITOR, RISK_MANAGER = "an.ping", "shen.he", "shi.lan"


def test_those_who_review_or_watch_a_case_read_its_record_and_nobody_else(desk: Desk) -> None:
    number = desk.submit(requested_amount="400000.00")
    for login in (REVIEWER, LEAD, COMPLIANCE_OFFICER, RISK_MANAGER, EXAMINER, AUDITOR):
        with desk.app.app_context():
            assert show_record(desk.actor(login), number).record.number == number
    for login, refusal in ((FIRM, Forbidden), (FINANCE_OFFICER, Forbidden), (OTHER_BANKS_REVIEWER, NotFound)):
        with desk.app.app_context(), pytest.raises(refusal):
            show_record(desk.actor(login), number)
        with desk.app.app_context(), pytest.raises(refusal):
            issue_record(desk.actor(login), number, "zh")


def test_an_issued_file_is_kept_noted_and_the_same_when_it_is_issued_again(desk: Desk) -> None:
    number = desk.submit(requested_amount="400000.00")
    before = record(desk, number).sha256
    with desk.app.app_context():
        first = issue_record(desk.actor(REVIEWER), number, "zh")
        again = issue_record(desk.actor(LEAD), number, "zh")
        english = issue_record(desk.actor(LEAD), number, "en")
        content = open_issued(desk.actor(EXAMINER), number, first)
        with reading() as session:
            query = select(AuditEntry).where(AuditEntry.verb == "issue_record").order_by(AuditEntry.id)
            noted = [(row.target, row.detail) for row in session.scalars(query)]
    assert first == again == hashlib.sha256(content).hexdigest() != english
    assert noted[0] == (number, {"language": "zh", "record": before, "file": first})
    assert len(noted) == 3 and record(desk, number).sha256 == before


def test_the_page_shows_the_record_issues_it_and_opens_what_was_issued(desk: Desk) -> None:
    number = desk.submit(requested_amount="400000.00")
    reviewer, english = Visitor(desk, REVIEWER), Visitor(desk, EXAMINER, language="en")
    assert f"/cases/{number}/record" in reviewer.get(f"/cases/{number}").text
    page = reviewer.get(f"/cases/{number}/record")
    told = record(desk, number)
    assert page.status_code == 200 and told.sha256 in page.text
    assert all(section.title.zh in words(page) for section in told.sections)
    assert "Outside sources" in words(english.get(f"/cases/{number}/record"))
    assert reviewer.post(f"/cases/{number}/record", {"language": "en"}).status_code == 302
    address = next(
        part for part in reviewer.get(f"/cases/{number}/record").text.split('"') if "/record/document/" in part
    )
    opened = english.get(address)
    assert opened.mimetype == "application/pdf" and opened.data.startswith(b"%PDF")
    assert hashlib.sha256(opened.data).hexdigest() in address
