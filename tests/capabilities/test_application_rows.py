"""Rows 65 to 93: an application from its draft to its contract."""

from __future__ import annotations

import re
from io import BytesIO

from app.web.security import MAX_REQUEST_BYTES
from tests import desk as people
from tests.desk import PDF, Desk
from tests.processes import answers
from tests.use_cases.contracts import signing
from tests.web.test_contracts import grow_stale
from tests.web.visitor import Visitor, field, words

SMALL = {"requested_amount": "400000.00"}


def test_row_042_a_receipt_backs_one_loan_only(desk: Desk) -> None:
    """Receipt number, goods, warehouse; a receipt can back one loan only."""
    first, second = desk.at_goods(), desk.at_goods(people.OTHER_FIRM)
    desk.complete(people.KEEPER, first, "confirm_goods", answers.CONFIRM_GOODS)

    desk.complete(people.KEEPER, second, "confirm_goods", answers.CONFIRM_GOODS)

    assert desk.case(first).milestone == "accepted" and desk.case(second).milestone != "accepted"
    assert desk.waits_for(second, "supplement")


def test_row_041_the_core_enterprise_confirms_what_drives_the_limit(desk: Desk) -> None:
    """Order + core-enterprise confirmation drives the limit."""
    number = desk.at_confirmation()
    desk.complete(
        people.CONFIRMER, number, "confirm_payable", answers.CONFIRM_PAYABLE | {"payable_amount": "500000.00"}
    )
    if desk.waits_for(number, "site_visit"):
        desk.complete(people.MANAGER, number, "site_visit", answers.SITE_VISIT)
    task = desk.task(number, "initial_review")
    terms = answers.INITIAL_PASS["proposal"] | {"amount": "490000.00", "term_months": "6", "repayment_method": "bullet"}

    refused = Visitor(desk, people.REVIEWER).post(
        f"/tasks/{task.id}/complete", answers.INITIAL_PASS | {"proposal": terms}
    )

    assert refused.status_code == 422 and desk.task_row(task.id).state == "open"
    assert float(str(task.variables["limit"]["max_amount"])) < 490_000


def test_row_065_a_draft_is_saved_submitted_and_numbered(desk: Desk) -> None:
    """Draft saved, submitted, number given."""
    firm, number = Visitor(desk, people.FIRM), desk.start()
    task = desk.task(number, "working-capital-application")
    firm.post(f"/tasks/{task.id}/draft", {"company_name": "清溪纺织", "requested_amount": "half"})
    assert field(firm.get(f"/tasks/{task.id}"), "requested_amount") == "half"

    done = firm.post(f"/tasks/{task.id}/complete", desk.application(people.FIRM, **SMALL))
    desk.work()

    assert done.status_code == 302 and re.fullmatch(r"LN\d{12}", number)
    assert number in words(firm.get("/applications")) and desk.waits_for(number, "upload_documents")


def test_row_067_documents_are_checked_by_type_and_size(desk: Desk) -> None:
    """PDF/JPG up to a limit; virus/type check; version kept."""
    number = desk.start()
    desk.complete(people.FIRM, number, "working-capital-application", desk.application(people.FIRM, **SMALL))
    path, firm = f"/tasks/{desk.task(number, 'upload_documents').id}/complete", Visitor(desk, people.FIRM)

    def send(name: str, content: bytes) -> str:
        sent = {"documents": {"business_license": [(BytesIO(content), name)]}, "_upload": "documents.business_license"}
        return words(firm.post(path, sent))

    assert "移除 licence.pdf" in send("licence.pdf", PDF)
    assert "内容不是 PDF 文件" in send("program.pdf", b"MZ\x90\x00 this is a program")
    assert firm.post(path, environ_overrides={"CONTENT_LENGTH": str(MAX_REQUEST_BYTES + 1)}).status_code == 413


def test_row_069_an_application_is_read_with_its_timeline(desk: Desk) -> None:
    """View an application with timeline."""
    number = desk.at_second_review()

    page = words(Visitor(desk, people.SECOND_REVIEWER).get(f"/cases/{number}?tab=timeline"))

    assert "王磊" in page and "初审" in page and "陈静" in page


def test_row_070_an_application_is_pulled_back_until_a_reviewer_starts(desk: Desk) -> None:
    """Possible until a reviewer starts; reviewer's task disappears."""
    number, claimed = desk.at_initial_review(**SMALL), desk.at_initial_review(people.OTHER_FIRM, **SMALL)
    task, taken = desk.task(number, "initial_review"), desk.task(claimed, "initial_review")
    Visitor(desk, people.REVIEWER).post(f"/tasks/{taken.id}/claim")

    Visitor(desk, people.FIRM).post(f"/applications/{number}/pull-back")
    late = Visitor(desk, people.OTHER_FIRM).post(f"/applications/{claimed}/pull-back", follow_redirects=True)
    desk.work()

    assert desk.task_row(task.id).state != "open" and desk.waits_for(number, "working-capital-application")
    assert number not in words(Visitor(desk, people.REVIEWER).get("/inbox"))
    assert desk.waits_for(claimed, "initial_review") and late.status_code in (200, 403, 409)


def test_row_071_what_was_changed_is_shown_to_the_reviewer(desk: Desk) -> None:
    """Modify and resubmit: changes shown to the reviewer as a diff."""
    number = desk.at_initial_review(**SMALL)
    Visitor(desk, people.FIRM).post(f"/applications/{number}/pull-back")
    desk.work()
    again = desk.application(people.FIRM, requested_amount="350000.00")
    desk.complete(people.FIRM, number, "working-capital-application", again)
    desk.upload_all(people.FIRM, number)
    while desk.waits_for(number, "manual_verification"):
        desk.complete(people.MANAGER, number, "manual_verification", answers.MANUAL_PASSED)

    task = desk.task(number, "initial_review")
    page = words(Visitor(desk, people.REVIEWER).get(f"/tasks/{task.id}"))

    assert "400,000" in page and "350,000" in page


def test_row_072_a_draft_is_deleted_and_a_submitted_application_is_not(desk: Desk) -> None:
    """Draft gone; a pulled-back application counts as a draft; submitted ones cannot be deleted."""
    draft, submitted, back = desk.start(), desk.submit(people.OTHER_FIRM, **SMALL), desk.at_initial_review(**SMALL)
    firm, other = Visitor(desk, people.FIRM), Visitor(desk, people.OTHER_FIRM)
    firm.post(f"/applications/{back}/pull-back")
    desk.work()

    for visitor, number in ((firm, draft), (firm, back), (other, submitted)):
        visitor.post(f"/applications/{number}/delete")
        desk.work()

    assert desk.open_tasks(draft) == [] and desk.open_tasks(back) == []
    assert desk.open_tasks(submitted) != []


def test_row_074_a_borrower_sees_the_stage_since_when_and_what_is_missing(desk: Desk) -> None:
    """Borrower sees stage, since when, what is missing."""
    number = desk.at_initial_review(**SMALL)
    desk.complete(people.REVIEWER, number, "initial_review", answers.INITIAL_SUPPLEMENT)

    page = words(Visitor(desk, people.FIRM).get(f"/applications/{number}"))

    assert "初审" in page and "补件" in page and answers.INITIAL_SUPPLEMENT["request"].rstrip("。") in page
    assert re.search(r"\d{1,2}:\d{2}", page)


def test_row_089_a_signed_contract_is_verified_by_anybody(desk: Desk) -> None:
    """Adapter with sandbox; certificate number, hash, time stamp stored; verify page says "unchanged"."""
    number = signing.signed_loan_contract(desk)
    content = signing.document(desk, number)
    places = signing.places(desk, number)
    assert all(one.certificate_serial and one.sha256_after and one.signed_at for one in places)

    def check(file: bytes) -> str:
        sent = {"document": [(BytesIO(file), "contract.pdf")]}
        return words(Visitor(desk, people.OTHER_FIRM).post("/contracts/verify", sent))

    assert "内容未被改动" in check(content)
    assert "内容被改动过" in check(signing.flipped(content, 5000))


def test_row_090_nobody_signs_without_having_just_proved_who_they_are(desk: Desk) -> None:
    """Signing impossible until done on the same day."""
    number = signing.loan_contract(desk)
    firm = Visitor(desk, people.FIRM)
    grow_stale(desk)

    asked = firm.post(f"/contracts/{number}/sign")

    assert all(one.signed_at is None for one in signing.places(desk, number)) and asked.status_code != 302


def test_row_093_a_core_enterprise_co_signs(desk: Desk) -> None:
    """Three-party contract not complete before it."""
    number = signing.order_at_signing(desk)
    for login in (people.FIRM, people.FUNDER_SIGNATORY):
        desk.sign_all(login, number)
    before = {one.state for one in signing.contracts_of(desk, number)}

    desk.sign_all(people.CONFIRMER, number)
    desk.sign_all(people.FUNDER_SIGNATORY, number)

    assert "open" in before
    assert {one.state for one in signing.contracts_of(desk, number)} == {"in_force"}
