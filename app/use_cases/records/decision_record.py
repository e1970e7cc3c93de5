"""The decision record of a case, made of stored rows and of nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.storage.cases import LoanCase
from app.texts import Text
from app.use_cases.applications.milestones import milestone
from app.use_cases.records.case_rows import CaseRows, load_case_rows
from app.use_cases.records.of_application import application_of, head_of, product_of
from app.use_cases.records.of_papers import audit_of, documents_of, notices_of
from app.use_cases.records.of_people import people_of, steps_of, votes_of
from app.use_cases.records.of_ratios import ratios_of
from app.use_cases.records.of_reports import reports_of
from app.use_cases.records.of_rules import rules_of
from app.use_cases.records.of_terms import compliance_of, contracts_of, payouts_of, terms_of
from app.use_cases.records.record import Record, Section, part

NOTHING = Text("无。", "None.")


def decision_record(session: Session, case: LoanCase) -> Record:
    """The record of a case whose reader the caller has checked: the same stored rows give the same bytes.

    No clock is asked and no name is read that may change: products, labels and words of codes come from the release or
    table that the act ran on, by its hash; people, organisations and roles are called what they were called when they
    acted (storage.past_names); the version of a table is the first that had its content. What is not shown of a stored
    value stands in it as a fingerprint, so that it cannot change unseen. Texts of the product itself are those of its
    version: a record that was issued is kept as a file.
    """
    rows = load_case_rows(session, case)
    sections = (
        head_of(session, rows),
        application_of(rows),
        reports_of(rows),
        ratios_of(rows),
        rules_of(session, rows),
        people_of(rows),
        votes_of(rows),
        terms_of(rows),
        compliance_of(rows),
        contracts_of(rows),
        payouts_of(rows),
        notices_of(rows),
        documents_of(rows),
        steps_of(rows),
        audit_of(rows),
    )
    return Record(
        number=case.number,
        company=Text(case.applicant_name),
        funder=rows.organisation(rows.file.parties.get("funder"), case.created_at),
        product=product_of(rows),
        outcome=milestone(case.milestone).name,
        last_at=_last_at(rows),
        sections=tuple(_told(one) for one in sections),
    )


def _told(section: Section) -> Section:
    """An empty section says so: an examiner must see that nothing was there, not wonder whether it is missing."""
    return section if section.parts else replace(section, parts=(part(note=NOTHING),))


def _last_at(rows: CaseRows) -> datetime:
    times = [row.at for row in rows.history] + [row.at for row in rows.file.traces] + [row.at for row in rows.notices]
    return max([rows.case.created_at, rows.case.milestone_at, *times])
