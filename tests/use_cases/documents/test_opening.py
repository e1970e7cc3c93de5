"""Who gets a document, and that it is what was uploaded."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.errors import InvalidForm, NotFound
from app.gateways import files
from app.storage.audit import AuditEntry
from app.storage.database import reading
from app.use_cases.documents.open_document import open_document
from tests import desk as people
from tests.desk import PDF, PNG, Desk
from tests.processes import answers


def opened(desk: Desk, login: str, document_id: int) -> bytes | None:
    """The content as this person gets it, None where nothing is found."""
    actor = desk.actor(login)
    with desk.app.app_context():
        try:
            return open_document(actor, document_id).content
        except NotFound:
            return None


def test_the_firm_its_bank_and_the_platform_open_what_the_firm_uploaded(desk: Desk) -> None:
    desk.at_initial_review(requested_amount="400000.00")
    for login in (people.FIRM, people.REVIEWER, people.MANAGER, people.OPERATOR):
        assert opened(desk, login, 1) == PDF
    for login in (people.OTHER_FIRM, people.OTHER_BANKS_REVIEWER, people.CONFIRMER):
        assert opened(desk, login, 1) is None


def test_a_firm_does_not_open_what_its_bank_put_into_the_case(desk: Desk) -> None:
    number = desk.submit()
    if desk.waits_for(number, "site_visit"):
        document_id = desk.upload(people.MANAGER, desk.task(number, "site_visit").id, filename="p.png", content=PNG)
    assert opened(desk, people.REVIEWER, document_id) == PNG
    assert opened(desk, people.FIRM, document_id) is None


def test_a_core_enterprise_opens_the_documents_of_its_own_task_only(desk: Desk) -> None:
    number = desk.at_confirmation()
    own = desk.upload(people.CONFIRMER, desk.task(number, "confirm_payable").id, content=PNG, filename="stamp.png")
    assert opened(desk, people.CONFIRMER, own) == PNG
    assert opened(desk, people.CONFIRMER, own - 1) is None
    assert opened(desk, people.OTHER_CONFIRMER, own) is None


def test_a_draft_and_its_documents_are_the_firms_alone(desk: Desk) -> None:
    number = desk.start()
    document_id = desk.upload(people.FIRM, desk.open_tasks(number)[0].id)
    assert opened(desk, people.FIRM, document_id) == PDF
    assert opened(desk, people.REVIEWER, document_id) is None


def test_another_cases_document_is_refused_in_a_form(desk: Desk) -> None:
    desk.at_initial_review(requested_amount="400000.00")
    number = desk.start(people.OTHER_FIRM)
    desk.complete(people.OTHER_FIRM, number, "working-capital-application", desk.application(people.OTHER_FIRM))
    with pytest.raises(InvalidForm) as refused:
        desk.complete(people.OTHER_FIRM, number, "upload_documents", answers.uploaded(["business_license"], 1))
    assert any("不属于本申请" in error.text.zh for error in refused.value.errors)


def test_opening_is_noted_with_person_and_hash(desk: Desk) -> None:
    desk.at_initial_review(requested_amount="400000.00")
    opened(desk, people.REVIEWER, 1)
    with desk.app.app_context(), reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "open_document")).one()
    assert entry.person_id == desk.person(people.REVIEWER).id and len(entry.detail["sha256"]) == 64


def test_a_file_that_was_changed_or_lost_on_disk_is_never_given_out(desk: Desk) -> None:
    desk.at_initial_review(requested_amount="400000.00")
    stored = files.stored()[0]
    stored.write_bytes(PNG)
    with pytest.raises(ValueError, match="was changed on disk"):
        opened(desk, people.REVIEWER, 1)
    stored.unlink()
    with pytest.raises(FileNotFoundError):
        opened(desk, people.REVIEWER, 1)
