"""Opening an application: for one's own firm, of products that are offered, and never with another firm's answers."""

from __future__ import annotations

import pytest

from app.errors import Forbidden, NotFound
from app.storage.cases import LoanCase, parties
from app.storage.database import reading
from app.use_cases.applications.start_application import start_application
from app.use_cases.tasks.show_task import show_task
from tests.desk import FIRM, FIRM_OF_TWO, OTHER_FIRM, REVIEWER, Desk
from tests.processes import answers


def started(desk: Desk, login: str, product: str = "working-capital", copy_of: int | None = None) -> str:
    actor, funder_id = desk.actor(login), desk.organisation("zhijiang").id
    with desk.app.app_context():
        return start_application(actor, product, funder_id, copy_of=copy_of).case_number


def cases(desk: Desk) -> int:
    with desk.app.app_context(), reading() as session:
        return session.query(LoanCase).count()


def test_a_draft_belongs_to_the_firm_and_the_funder(desk: Desk) -> None:
    number = started(desk, FIRM)

    with desk.app.app_context(), reading() as session:
        who = parties(session, desk.case(number).id)
    places = {"borrower": "qingxi", "funder": "zhijiang", "platform": "platform"}
    assert who == {capacity: desk.organisation(key).id for capacity, key in places.items()}


def test_somebody_of_two_firms_applies_for_the_one_they_act_for(desk: Desk) -> None:
    actor, funder_id = desk.actor(FIRM_OF_TWO, "haitang"), desk.organisation("zhijiang").id

    with desk.app.app_context():
        number = start_application(actor, "working-capital", funder_id).case_number

    assert desk.case(number).applicant_name == "海棠食品有限公司"


def test_a_bankers_role_cannot_apply(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        started(desk, REVIEWER)

    assert cases(desk) == 0


@pytest.mark.parametrize("product", ["", "no-such-product", "loan_intake"])
def test_a_product_that_is_not_offered_is_not_found(desk: Desk, product: str) -> None:
    with pytest.raises(NotFound):
        started(desk, FIRM, product)

    assert cases(desk) == 0


def test_a_firm_that_is_no_funder_offers_nothing(desk: Desk) -> None:
    actor, firm_id = desk.actor(FIRM), desk.organisation("nanpu").id

    with pytest.raises(NotFound), desk.app.app_context():
        start_application(actor, "working-capital", firm_id)


def test_a_copy_begins_with_the_firms_earlier_answers(desk: Desk) -> None:
    refused = desk.at_initial_review()
    desk.complete(REVIEWER, refused, "initial_review", answers.INITIAL_FAIL)

    number = started(desk, FIRM, copy_of=desk.case(refused).id)

    actor, task_id = desk.actor(FIRM), desk.task(number, "working-capital-application").id
    with desk.app.app_context():
        nodes = show_task(actor, task_id).nodes
    shown = [one.value for node in nodes for one in node.children]
    assert answers.WORKING_CAPITAL["repayment_source"] in shown


def test_another_firms_answers_cannot_be_copied(desk: Desk) -> None:
    theirs = desk.case(desk.submit(OTHER_FIRM)).id

    with pytest.raises(NotFound):
        started(desk, FIRM, copy_of=theirs)
