"""The decision record is made of what is stored alone: it changes with every fact, and with nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from app.storage import cases
from app.storage.answers import FormAnswer
from app.storage.cases import LoanCase
from app.storage.contracts import Contract, ContractSignature
from app.storage.database import reading, unit_of_work
from app.storage.decision_traces import DecisionTrace
from app.storage.documents import Document
from app.storage.history import HistoryEntry
from app.storage.limits import LimitReservation
from app.storage.notifications import Notification
from app.storage.offers import Offer
from app.storage.organisations import Organisation, Role
from app.storage.people import Person
from app.storage.reports import ExternalReport
from app.use_cases.administration.rename_person import rename_person
from app.use_cases.applications.pull_back import pull_back
from app.use_cases.records.decision_record import decision_record
from app.use_cases.records.record import Grid, Record
from app.use_cases.records.record_pdf import record_pdf
from tests.databases import SECRETS
from tests.desk import ADMINISTRATOR, FIRM, REVIEWER, SECOND_REVIEWER, Desk
from tests.processes import answers
from tests.use_cases.definitions.uploads import changed, draft_of, published
from tests.use_cases.records.recorded import offered, record

# everything that the record says or vouches for: a column of a row of the case, and another value for it
FACTS: tuple[tuple[Any, str, Callable[[Any], Any]], ...] = (
    (LoanCase, "applicant_name", lambda was: was + "厂"),
    (LoanCase, "amount", lambda was: was + 1),
    (LoanCase, "milestone", lambda was: "lapsed"),
    (LoanCase, "score", lambda was: was + 1),
    (FormAnswer, "data", lambda was: {**was, "company_name": "另一家"}),
    (FormAnswer, "at", lambda was: was + timedelta(seconds=1)),
    (FormAnswer, "person_id", lambda was: was + 1),
    (ExternalReport, "data", lambda was: {**was, "unheard_of": 1}),
    (ExternalReport, "reference", lambda was: was + "9"),
    (ExternalReport, "source_zh", lambda was: was + "二"),
    (ExternalReport, "at", lambda was: was + timedelta(seconds=1)),
    (DecisionTrace, "trace", lambda was: {**was, "outputs": "other"}),
    (DecisionTrace, "variables", lambda was: {**was, "unheard_of": 1}),
    (DecisionTrace, "content_hash", lambda was: "0" * 64),
    (DecisionTrace, "business_on", lambda was: was + timedelta(days=1)),
    (HistoryEntry, "at", lambda was: was + timedelta(seconds=1)),
    (HistoryEntry, "name_zh", lambda was: was + "二"),
    (Document, "sha256", lambda was: "0" * 64),
    (Document, "filename", lambda was: "b.pdf"),
    (Notification, "text_zh", lambda was: was + "。"),
    (Offer, "amount", lambda was: was + 1),
    (Offer, "rate_percent_per_year", lambda was: "9.9"),
    (Offer, "state", lambda was: "lapsed"),
    (LimitReservation, "amount", lambda was: was + 1),
    (Contract, "document_sha256", lambda was: "0" * 64),
    (Contract, "content", lambda was: {**was, "unheard_of": 1}),
    (ContractSignature, "capacity", lambda was: "guarantor"),
)


def test_every_stored_fact_of_the_record_changes_it(desk: Desk) -> None:
    number = desk.at_signing()
    untold = []
    with desk.app.app_context(), reading() as session:
        case_id = session.scalars(select(LoanCase.id).where(LoanCase.number == number)).one()
        before = _hash(session, number)
        for table, column, other in FACTS:
            row = session.scalars(_of_case(table, case_id).limit(1)).first()
            assert row is not None, f"the case has no {table.__tablename__}"
            key = inspect(table).primary_key[0]
            session.execute(update(table).where(key == row.id).values({column: other(getattr(row, column))}))
            session.expire_all()
            if _hash(session, number) == before:
                untold.append((table.__tablename__, column))
            session.rollback()
        assert _hash(session, number) == before, "a rolled back change leaves the record as it was"
    assert untold == []


def _of_case(table: Any, case_id: int) -> Any:
    if table is LoanCase:
        return select(table).where(table.id == case_id)
    if table is ContractSignature:
        return select(table).join(Contract, Contract.id == table.contract_id).where(Contract.case_id == case_id)
    query = select(table).where(table.case_id == case_id).order_by(table.id)
    return query.where(HistoryEntry.kind == "user_task") if table is HistoryEntry else query


def _hash(session: Session, number: str) -> str:
    case = cases.visible(session, number, None)
    assert case is not None
    return decision_record(session, case).sha256


def test_a_record_stays_when_people_are_renamed_and_newer_rules_forms_and_processes_are_published(desk: Desk) -> None:
    number = offered(desk, FIRM)
    before = record(desk, number)
    for login in (FIRM, REVIEWER, SECOND_REVIEWER):
        with desk.app.app_context():
            rename_person(desk.actor(ADMINISTRATOR), desk.person(login).id, "改名", "Renamed")
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(update(Organisation).values(name_zh=Organisation.name_zh + "（新）"))
        session.execute(update(Role).values(name_en=Role.name_en + ", new"))
    newer = changed("forms/working-capital-application.form", '"label": "申请金额"', '"label": "想借多少"')
    newer |= changed("rules/rating.dmn", "信用评分", "新的信用评分")
    published(desk, draft_of(desk, newer))
    assert record(desk, number).canonical() == before.canonical()
    desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)
    after = record(desk, number).canonical().decode()
    assert 0 < after.count("改名（") < after.count(first_name(before)), "only later acts have the new name"


def first_name(before: Record) -> str:
    """The name of the firm's person as the first act says it."""
    people = next(one for one in before.sections if one.key == "people")
    return people.parts[0].note.zh.split("，")[2].split("（")[0]


@pytest.mark.postgresql
def test_a_name_that_is_replaced_is_kept_on_each_database(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.start()
    before = record(desk, number).canonical()
    with desk.app.app_context(), unit_of_work() as session:
        session.execute(update(Person).values(name_zh="改名"))
    assert record(desk, number).canonical() == before


def test_another_process_zone_language_and_hash_seed_give_the_same_bytes(desk: Desk, tmp_path: Any) -> None:
    number = offered(desk, FIRM)
    found = record(desk, number)
    settings = desk.app.config["SETTINGS"]
    place = {"VAR_DIR": str(settings.var_dir), "DATABASE_URL": settings.database_url, **SECRETS}
    elsewhere = {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "12345", "PYTHONUTF8": "1"}
    target = tmp_path / "record.pdf"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "cases", "record", number, "--pdf", str(target)]
    done = subprocess.run(command, env={**os.environ, **place, **elsewhere}, capture_output=True, text=True, check=True)
    assert done.stdout.split()[:2] == [number, found.sha256]
    assert target.read_bytes() == record_pdf(found, "zh")


def test_the_pdf_is_archival_dated_by_the_last_act_and_has_an_outline_in_its_language(
    desk: Desk, tmp_path: Any
) -> None:
    found = record(desk, offered(desk, FIRM))
    for language, title in (("zh", "授信决定档案"), ("en", "Decision record")):
        target = tmp_path / f"{language}.pdf"
        target.write_bytes(record_pdf(found, language))
        reader = PdfReader(target)
        assert reader.metadata is not None and reader.metadata.title == f"{title} {found.number}"
        made = reader.metadata.creation_date
        assert made is not None and made == found.last_at.replace(microsecond=0)
        chapters = [one for one in reader.outline if not isinstance(one, list)]
        assert len(chapters) == len(found.sections) > 10
        assert b"pdfaid:part" in target.read_bytes()
        assert found.sha256 in reader.pages[-1].extract_text()


def test_what_a_round_changed_is_told_in_words_with_both_values(desk: Desk) -> None:
    number = desk.at_initial_review(requested_amount="400000.00")
    with desk.app.app_context():
        pull_back(desk.actor(FIRM), number)
    desk.work()
    form = "working-capital-application"
    desk.complete(FIRM, number, form, desk.application(FIRM, requested_amount="300000.00"))
    section = next(one for one in record(desk, number).sections if one.key == "application")
    (grid,) = section.parts[-1].blocks
    assert isinstance(grid, Grid)
    (row,) = [row for row in grid.rows if row[0].zh == "申请金额"]
    assert [cell.zh for cell in row[1:3]] == ["400,000.00 元", "300,000.00 元"]
    assert "由 400,000.00 元 改为 300,000.00 元" in row[3].zh and "changed from" in row[3].en


def test_opinions_stand_in_full_and_personal_numbers_are_masked(desk: Desk) -> None:
    told = record(desk, offered(desk, FIRM)).canonical().decode()
    assert answers.INITIAL_PASS["opinion"] in told and answers.SECOND_APPROVE["opinion"] in told
    assert all(text not in told for text in answers.SENSITIVE_TEXTS)
    assert "138****1208" in told
