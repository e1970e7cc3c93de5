"""Rows 1 to 31: the people and organisations that work here, and what each of them may see."""

from __future__ import annotations

from app.storage.people import Person
from tests import desk as people
from tests.desk import Desk
from tests.processes import answers
from tests.use_cases.tasks.test_four_eyes import walk_in
from tests.web.visitor import Visitor, words

SMALL = {"requested_amount": "400000.00"}


def test_row_002_two_funders_see_their_own_cases_only(desk: Desk) -> None:
    """Two funders exist; a reviewer of one never sees the other's cases."""
    ours, theirs = desk.submit(**SMALL), desk.submit(people.OTHER_FIRM, funder="qiantang", **SMALL)
    reviewer, other = Visitor(desk, people.REVIEWER), Visitor(desk, people.OTHER_BANKS_REVIEWER)

    for visitor, own, foreign in ((reviewer, ours, theirs), (other, theirs, ours)):
        seen = words(visitor.get("/cases")) + words(visitor.get("/inbox"))
        assert own in seen and foreign not in seen
        assert visitor.get(f"/cases/{own}").status_code == 200
        assert visitor.get(f"/cases/{foreign}").status_code == 404


def test_row_003_an_initial_reviewer_finds_initial_reviews_only(desk: Desk) -> None:
    """Her inbox lists only initial-review tasks of her funder."""
    mine = desk.at_initial_review(**SMALL)
    others = desk.submit(people.OTHER_FIRM, funder="qiantang", **SMALL)
    second = desk.at_second_review(people.FIRM_OF_TWO, **SMALL)

    inbox = words(Visitor(desk, people.REVIEWER).get("/inbox"))

    assert mine in inbox and others not in inbox and second not in inbox


def test_row_004_who_reviewed_first_does_not_review_again(desk: Desk) -> None:
    """Cannot second-review a case he initially reviewed (four eyes)."""
    number = desk.at_initial_review(**SMALL)
    administrator = Visitor(desk, people.ADMINISTRATOR)
    place = f"{desk.organisation('zhijiang').id}:second_reviewer"
    person: Person = desk.person(people.REVIEWER)
    added = administrator.post(f"/people/{person.id}/memberships", {"place": place}, follow_redirects=True)
    assert added.status_code == 200
    desk.complete(people.REVIEWER, number, "initial_review", answers.INITIAL_PASS)
    task = desk.task(number, "second_review")

    refused = Visitor(desk, people.REVIEWER).post(f"/tasks/{task.id}/complete", answers.SECOND_APPROVE)

    assert refused.status_code in (403, 404, 409) and desk.task_row(task.id).state == "open"
    assert desk.complete(people.SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE)


def test_row_005_finance_sees_money_and_no_review(desk: Desk) -> None:
    """Sees disbursement, repayment and overdue work; no review buttons."""
    reviewed, paying = desk.at_initial_review(people.OTHER_FIRM, **SMALL), desk.at_disbursement()
    officer = Visitor(desk, people.FINANCE_OFFICER)
    inbox = words(officer.get("/inbox"))

    assert paying in inbox and reviewed not in inbox and "落实放款条件" in inbox
    review = desk.task(reviewed, "initial_review")
    assert officer.get(f"/tasks/{review.id}").status_code == 404
    assert officer.post(f"/tasks/{review.id}/complete", answers.INITIAL_PASS).status_code == 404
    assert officer.get("/loans").status_code == 200 and officer.get("/finance").status_code == 200


def test_row_006_a_firm_sees_its_own_things_only(desk: Desk) -> None:
    """Sees only own applications, bills, contracts."""
    number, other = desk.at_signing(), desk.submit(people.OTHER_FIRM, **SMALL)
    firm, stranger = Visitor(desk, people.FIRM), Visitor(desk, people.OTHER_FIRM)

    assert number in words(firm.get("/applications")) and other not in words(firm.get("/applications"))
    for path in (f"/applications/{number}", "/contracts/" + contract_of(firm, number)):
        assert firm.get(path).status_code == 200
        assert stranger.get(path).status_code == 404
    for path in ("/inbox", "/cases", "/finance", "/loans", "/operations", "/people", "/audit", "/definitions"):
        assert number not in words(stranger.get(path))


def contract_of(visitor: Visitor, number: str) -> str:
    page = visitor.get(f"/applications/{number}").text
    return page.partition('href="/contracts/')[2].partition('"')[0]


def test_row_016_a_wrong_credit_code_is_refused_at_its_field(desk: Desk) -> None:
    """Wrong check character in the code is refused with a message at the field."""
    said = refused(desk, unified_social_credit_code="91330206MA2A1K37X0")

    assert "统一社会信用代码" in said and "校验" in said


def test_row_017_a_wrong_identity_number_is_refused(desk: Desk) -> None:
    """Wrong ID check digit refused."""
    said = refused(desk, representative_id_card="330106198305123712")

    assert "身份证" in said and "校验" in said


def refused(desk: Desk, **changes: str) -> str:
    number = desk.start()
    task = desk.task(number, "working-capital-application")
    entered = desk.application(people.FIRM, **SMALL, **changes)
    page = Visitor(desk, people.FIRM).post(f"/tasks/{task.id}/complete", entered)
    assert page.status_code == 422 and desk.task_row(task.id).state == "open"
    return words(page)


def test_row_018_a_password_is_repeated_and_strong(desk: Desk) -> None:
    """Mismatch or weak password refused."""
    visitor, good = Visitor(desk, people.FIRM), "seven grey herons"
    for entered in (
        {"present": "demo-2026", "new": good, "repeated": "seven grey heron"},
        {"present": "demo-2026", "new": "12345678", "repeated": "12345678"},
    ):
        assert visitor.post("/account/password", entered).status_code == 422
    accepted = visitor.post("/account/password", {"present": "demo-2026", "new": good, "repeated": good})
    assert accepted.status_code == 302


def test_row_024_a_right_that_is_taken_away_is_gone_at_the_next_click(desk: Desk) -> None:
    """Permission matrix page; removing a right takes effect at the next click."""
    administrator, lead = Visitor(desk, people.ADMINISTRATOR), Visitor(desk, people.LEAD)
    matrix = words(administrator.get("/rights"))
    assert "评审主管" in matrix and "administer_people" not in matrix
    assert lead.get("/operations").status_code == 200

    taken = administrator.post(
        "/rights/review_lead", {"verb": "view_statistics", "granted": "0"}, follow_redirects=True
    )

    assert taken.status_code == 200
    assert lead.get("/operations").status_code == 403


def test_row_029_each_lands_on_a_first_page_of_their_own(desk: Desk) -> None:
    """Borrower, reviewer, operator each land on their own first page."""
    firsts = {
        login: Visitor(desk, login).get("/").location
        for login in (people.FIRM, people.REVIEWER, people.OPERATOR, people.ADMINISTRATOR)
    }

    assert firsts[people.FIRM] == "/applications" and firsts[people.REVIEWER] == "/inbox"
    assert len(set(firsts.values())) == 4, firsts


def test_row_031_a_customer_manager_enters_an_application_for_a_walk_in_customer(desk: Desk) -> None:
    """Customer manager files on behalf; record says who entered."""
    number = walk_in(desk)

    entered = Visitor(desk, "shen.he").get(f"/audit?target={number}")

    assert desk.waits_for(number, "upload_documents")  # which the same manager gives for the customer
    assert "周岚" in words(entered) and number in words(Visitor(desk, people.MANAGER).get("/inbox"))
