"""Four eyes: who did one thing in a case may not do another, whichever process it is in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.errors import FourEyes
from app.storage.cases import LoanCase
from app.storage.database import reading, unit_of_work
from app.storage.organisations import Membership
from app.storage.user_tasks import UserTask
from app.use_cases.applications.import_applications import import_applications
from app.use_cases.tasks.claim_task import claim_task
from app.use_cases.tasks.show_task import show_task
from tests import desk as people
from tests.desk import Desk, mandatory_kinds
from tests.processes import answers
from tests.web.visitor import Visitor, words

SMALL = {"requested_amount": "400000.00"}
APPROVE = answers.SECOND_APPROVE | {"approved": answers.INITIAL_PASS["proposal"] | {"amount": "300000.00"}}


def also(desk: Desk, login: str, role: str) -> None:
    """Gives somebody of Zhijiang Bank another role there."""
    with desk.app.app_context(), unit_of_work() as session:
        place = desk.organisation("zhijiang").id
        session.add(Membership(person_id=desk.person(login).id, organisation_id=place, role_key=role))


@pytest.fixture
def number(desk: Desk) -> str:
    """A case that REVIEWER passed and that waits for its second review; REVIEWER is a second reviewer, too."""
    also(desk, people.REVIEWER, "second_reviewer")
    number = desk.at_initial_review(**SMALL)
    passed = answers.INITIAL_PASS | {"proposal": answers.INITIAL_PASS["proposal"] | {"amount": "300000.00"}}
    desk.complete(people.REVIEWER, number, "initial_review", passed)
    return number


def test_the_initial_reviewer_may_not_second_review(desk: Desk, number: str) -> None:
    task = desk.task(number, "second_review")
    actor = desk.actor(people.REVIEWER)
    with pytest.raises(FourEyes) as barred:
        desk.complete_task(people.REVIEWER, task.id, APPROVE)
    assert "初审" in barred.value.text.zh and "复审" in barred.value.text.zh
    with desk.app.app_context(), pytest.raises(FourEyes):
        claim_task(actor, task.id)
    assert desk.task_row(task.id).state == "open" and desk.task_row(task.id).claimed_by is None


def test_the_refusal_is_a_page_in_words_with_everything_typed(desk: Desk, number: str) -> None:
    task = desk.task(number, "second_review")
    page = Visitor(desk, people.REVIEWER).post(f"/tasks/{task.id}/complete", APPROVE)
    assert page.status_code == 403
    assert "必须由另一个人办理" in words(page) and APPROVE["opinion"] in words(page)


def test_the_task_page_says_beforehand_that_another_person_must_do_it(desk: Desk, number: str) -> None:
    task = desk.task(number, "second_review")
    page = Visitor(desk, people.REVIEWER, language="en").get(f"/tasks/{task.id}")
    assert "Another person must do this task" in words(page) and "Submit" not in words(page)
    assert "Claiming makes it yours" not in words(page)
    actor = desk.actor(people.REVIEWER)
    with desk.app.app_context():
        detail = show_task(actor, task.id)
    assert detail.readonly and detail.clash is not None


def test_another_second_reviewer_may(desk: Desk, number: str) -> None:
    desk.complete(people.SECOND_REVIEWER, number, "second_review", APPROVE)
    assert desk.case(number).milestone == "offer_issued"


def test_who_visited_the_site_or_verified_may_not_review(desk: Desk) -> None:
    also(desk, people.MANAGER, "initial_reviewer")
    also(desk, people.MANAGER, "second_reviewer")
    desk.submit()
    number = desk.submit()  # the firm's second application at once is verified by hand
    done = {task.duty for task in tasks_of(desk, number) if task.done_by == desk.person(people.MANAGER).id}
    assert "verification" in done
    if desk.waits_for(number, "site_visit"):
        desk.complete(people.MANAGER, number, "site_visit", answers.SITE_VISIT)
    with pytest.raises(FourEyes) as barred:
        desk.complete(people.MANAGER, number, "initial_review", answers.INITIAL_PASS)
    assert "人工核验" in barred.value.text.zh


def tasks_of(desk: Desk, number: str) -> list[UserTask]:
    """All tasks of a case."""
    ids = {row.task_id for row in desk.history(number) if row.task_id is not None}
    return [desk.task_row(task_id) for task_id in sorted(ids)]


WALK_IN = """company_name,unified_social_credit_code,industry_naics,established_new,employees,province,city,product,\
amount_yuan,term_months,purpose,contact_phone,submitted_on
南浦纸业有限公司,91330500MA2D3M006G,332710,no,40,ZJ,Huzhou,working-capital,400000.00,12,stock,13800001208,2026-01-08
"""


def walk_in(desk: Desk) -> str:
    """A walk-in application that MANAGER entered by file; gives its number."""
    with desk.app.app_context():
        done = import_applications(WALK_IN.encode(), login=people.MANAGER)
        assert done.started == 1, done.faults
        with reading() as session:
            number = session.scalars(select(LoanCase.number).where(LoanCase.channel == "batch")).one()
    desk.work()
    return number


def test_who_entered_a_walk_in_application_may_not_review_it(desk: Desk) -> None:
    also(desk, people.MANAGER, "initial_reviewer")
    also(desk, people.OTHER_SECOND_REVIEWER, "customer_manager")
    number = walk_in(desk)
    task = desk.task(number, "upload_documents")
    given = answers.uploaded(mandatory_kinds(task), desk.upload(people.OTHER_SECOND_REVIEWER, task.id))
    consent = {"consent_credit": "true"}
    desk.complete(people.OTHER_SECOND_REVIEWER, number, "upload_documents", given | consent)  # MANAGER only entered it
    if desk.waits_for(number, "site_visit"):
        desk.complete(people.OTHER_SECOND_REVIEWER, number, "site_visit", answers.SITE_VISIT)
    passed = answers.INITIAL_PASS | {"proposal": answers.INITIAL_PASS["proposal"] | {"amount": "100000.00"}}
    with pytest.raises(FourEyes) as barred:
        desk.complete(people.MANAGER, number, "initial_review", passed)
    assert "录入申请" in barred.value.text.zh
    desk.complete(people.REVIEWER, number, "initial_review", passed)
    with pytest.raises(FourEyes):
        desk.complete(people.OTHER_SECOND_REVIEWER, number, "second_review", APPROVE | {"approved": passed["proposal"]})
    assert desk.case(number).milestone == "initial_passed"
