"""Who gets a document, and that it is what was uploaded."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.errors import InvalidForm, NotFound
from app.gateways import clock, files
from app.storage.audit import AuditEntry
from app.storage.database import reading, unit_of_work
from app.storage.documents import Document
from app.storage.people import Person
from app.storage.user_tasks import UserTask
from app.use_cases.documents.open_document import open_document
from tests import desk as people
from tests.desk import PDF, PNG, Desk, mandatory_kinds
from tests.processes import answers
from tests.web.visitor import Visitor


def opened(desk: Desk, login: str, document_id: int) -> bytes | None:
    """The content as this person gets it, None where nothing is found."""
    actor = desk.actor(login)
    with desk.app.app_context():
        try:
            return open_document(actor, document_id).content
        except NotFound:
            return None


BANKS_FILE = 1


def bank_file_beside_a_firms_form(desk: Desk) -> tuple[str, UserTask]:
    """A case whose first document is the bank's own, and the firm's open task for its documents."""
    number = desk.start()
    desk.complete(people.FIRM, number, "working-capital-application", desk.application(people.FIRM))
    task, bank = desk.task(number, "upload_documents"), desk.actor(people.MANAGER)
    with desk.app.app_context(), unit_of_work() as session:
        session.add(
            Document(
                id=BANKS_FILE,
                case_id=task.case_id,
                kind="site_photos",
                filename="note-on-owner.png",
                media_type="image/png",
                size=len(PNG),
                sha256=files.put(PNG),
                organisation_id=bank.organisation_id,
                person_id=bank.person_id,
                at=clock.real_now(),
            )
        )
    return number, task


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


def test_a_made_up_number_stands_for_no_mandatory_document(desk: Desk) -> None:
    number = desk.start()
    desk.complete(people.FIRM, number, "working-capital-application", desk.application(people.FIRM))
    made_up = {"documents": {kind: ["abc"] for kind in mandatory_kinds(desk.task(number, "upload_documents"))}}
    with pytest.raises(InvalidForm) as refused:
        desk.complete(people.FIRM, number, "upload_documents", made_up)
    assert any("不属于本申请" in error.text.zh for error in refused.value.errors)


def test_a_firm_passes_no_document_of_its_bank_off_as_its_own(desk: Desk) -> None:
    number, task = bank_file_beside_a_firms_form(desk)
    with pytest.raises(InvalidForm):
        desk.complete(people.FIRM, number, "upload_documents", answers.uploaded(mandatory_kinds(task), BANKS_FILE))


def test_a_firm_that_names_its_banks_document_is_not_told_what_it_is_called(desk: Desk) -> None:
    _, task = bank_file_beside_a_firms_form(desk)
    named = answers.uploaded(mandatory_kinds(task), BANKS_FILE)
    shown = Visitor(desk, people.FIRM).post(f"/tasks/{task.id}/preview", named)
    assert shown.status_code == 200 and "note-on-owner" not in shown.text


def test_opening_is_noted_with_person_and_hash(desk: Desk) -> None:
    desk.at_initial_review(requested_amount="400000.00")
    opened(desk, people.REVIEWER, 1)
    with desk.app.app_context(), reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "open_document")).one()
    assert entry.person_id == desk.person(people.REVIEWER).id and len(entry.detail["sha256"]) == 64


def test_nobodys_writing_waits_while_a_file_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.at_initial_review(requested_amount="400000.00")

    def read_while_somebody_writes(sha256: str) -> bytes:
        with unit_of_work() as session:
            session.execute(update(Person).values(failed_logins=0))
        return PDF

    monkeypatch.setattr(files, "get", read_while_somebody_writes)
    assert opened(desk, people.REVIEWER, 1) == PDF


def test_a_file_that_was_changed_or_lost_on_disk_is_never_given_out(desk: Desk) -> None:
    desk.at_initial_review(requested_amount="400000.00")
    stored = files.stored()[0]
    stored.write_bytes(PNG)
    with pytest.raises(ValueError, match="was changed on disk"):
        opened(desk, people.REVIEWER, 1)
    stored.unlink()
    with pytest.raises(FileNotFoundError):
        opened(desk, people.REVIEWER, 1)
