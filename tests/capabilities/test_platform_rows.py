"""Rows 165 to 178: what keeps the product safe, running and its own."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, update

from app import create_app
from app.sandbox_bank.bank import Bank
from app.storage.audit import AuditEntry
from app.storage.database import db, reading, unit_of_work
from app.use_cases.administration.make_backup import make_backup
from app.use_cases.administration.restore_backup import restore_backup
from app.use_cases.administration.verify_audit import verify_audit
from tests import desk as people
from tests.databases import SECRETS, settings
from tests.desk import Desk
from tests.processes import answers
from tests.use_cases.loans.lent import trial
from tests.web.visitor import Visitor, words

SMALL = {"requested_amount": "400000.00"}
SCRIPT, QUOTE = "<script>alert(1)</script>", "'; DROP TABLE loan_case; --"


def test_row_165_identity_numbers_are_unreadable_in_the_database_file(desk: Desk) -> None:
    """ID numbers unreadable in the database file."""
    desk.submit(**SMALL)
    with desk.app.app_context():
        place = Path(str(db.engine.url.database))

    content = place.read_bytes() + b"".join(part.read_bytes() for part in place.parent.glob(f"{place.name}-wal"))

    assert len(content) > 100_000
    assert [text for text in answers.SENSITIVE_TEXTS[:3] if text.encode() in content] == []


def test_row_166_an_identity_number_is_masked(desk: Desk) -> None:
    """ID number shown as 3***********1234 to those without the right."""
    number = desk.at_initial_review(**SMALL)

    task = desk.task(number, "initial_review")

    page = words(Visitor(desk, people.REVIEWER).get(f"/tasks/{task.id}?tab=application"))

    assert answers.COMPANY["representative_id_card"] not in page and "330106********3711" in page


def test_row_167_a_restored_backup_has_the_same_trial_balance(desk: Desk, bank: Bank, tmp_path: Path) -> None:
    """One command back, one command restore, same trial balance."""
    number = desk.disbursed(bank)
    before = trial(desk, number)
    with desk.app.app_context():
        make_backup(tmp_path / "all.tar.zst", SECRETS["PARTY_KEY"])

    elsewhere = create_app(settings(tmp_path / "restored", f"sqlite:///{tmp_path / 'restored.db'}"))
    with elsewhere.app_context():
        restore_backup(tmp_path / "all.tar.zst", SECRETS["PARTY_KEY"], None)
        assert trial(Desk(elsewhere), number) == before and before
        db.engine.dispose()


def test_row_168_every_change_has_who_when_and_what(desk: Desk) -> None:
    """Every change: who, when, before, after; cannot be edited."""
    number = desk.at_second_review(**SMALL)
    with desk.app.app_context(), reading() as session:
        entries = list(session.scalars(select(AuditEntry).where(AuditEntry.target.contains(number))))

    assert {"complete_task"} <= {entry.verb for entry in entries}
    assert all(entry.at and (entry.person_id or entry.organisation_id) for entry in entries)


def test_row_169_a_changed_row_of_the_log_is_found(desk: Desk) -> None:
    """Hash-chained log; verify command finds a changed row."""
    desk.submit(**SMALL)
    with desk.app.app_context():
        assert verify_audit() == []
        with unit_of_work() as session:
            last = session.scalars(select(AuditEntry.id).order_by(AuditEntry.id.desc())).first()
            session.execute(update(AuditEntry).where(AuditEntry.id == last).values(verb="something_else"))
        assert len(verify_audit()) == 1


def test_row_170_known_attack_strings_do_nothing(desk: Desk) -> None:
    """Known strings do nothing."""
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    opinion = f"{SCRIPT}{QUOTE} 企业经营满九年，现金流可覆盖本息，用途真实。"
    desk.complete(people.REVIEWER, number, "initial_review", answers.INITIAL_PASS | {"opinion": opinion})
    reader = Visitor(desk, people.SECOND_REVIEWER)

    for path in (f"/cases/{number}", f"/tasks/{task.id}", f"/cases?q={SCRIPT}", f"/cases?q={QUOTE}"):
        page = reader.get(path)
        assert page.status_code in (200, 404) and SCRIPT not in page.text, path
    assert number in words(reader.get("/cases"))
