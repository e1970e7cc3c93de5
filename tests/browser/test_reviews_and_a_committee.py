"""Both reviews in a browser: a supplement, a return, a committee with a dissent, and an approval with other terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.storage import offers
from app.storage.database import reading
from app.storage.user_tasks import UserTask
from tests.browser.conftest import Site
from tests.browser.people import Visitor
from tests.desk import COMMITTEE, FIRM, MANAGER, Desk
from tests.processes import answers

TERMS = answers.INITIAL_PASS["proposal"] | {"amount": "6000000.00"}
PASS = answers.INITIAL_PASS | {"proposal": TERMS}
CHANGED = {key: value for key, value in answers.SECOND_CHANGED.items() if key != "conditions"}


@pytest.fixture
def number(desk: Desk) -> str:
    """A firm asked for six millions and was visited, before anybody looks at a page; the initial review is next."""
    return desk.at_initial_review(FIRM, requested_amount="6000000.00")


def visited_again(site: Site, desk: Desk, number: str) -> None:
    """The manager visits the firm again where the returned case asks for it."""
    page = site.browser.contexts[0].pages[0]
    for _ in range(100):
        waiting = {task.form_key for task in desk.open_tasks(number)}
        if waiting & {"site_visit", "initial_review"}:
            break
        page.wait_for_timeout(100)
    if "site_visit" in waiting:
        desk.complete(MANAGER, number, "site_visit", answers.SITE_VISIT)


def does(person: Visitor, number: str, given: dict[str, Any], *seen: str) -> None:
    """Opens the task, reads what must stand there, answers and submits."""
    person.open_task(number)
    for text in seen:
        person.says(text)
    person.fill(given)
    person.submit()


def test_a_large_loan_is_supplemented_returned_changed_and_voted(number: str, site: Site, desk: Desk) -> None:
    first, second = site.visitor("wang.lei"), site.visitor("sun.hao", language="en", dark=True)

    does(first, number, answers.INITIAL_SUPPLEMENT)
    firm = site.visitor(FIRM)
    firm.open_own_task(number, "补件")
    firm.says(answers.INITIAL_SUPPLEMENT["request"])
    firm.fill({"answer": answers.SUPPLEMENT["answer"]})
    firm.submit()
    visited_again(site, desk, number)
    does(first, number, PASS)

    does(second, number, answers.SECOND_RETURN, "Read-only", answers.CHECKLIST["finances_remark"], "Exposure after")
    visited_again(site, desk, number)
    does(first, number, PASS | {"finances_remark": "最大客户回款已逐笔核对"}, answers.SECOND_RETURN["return_request"])

    lower = CHANGED | {"approved": TERMS | {"amount": "5600000.00"}}
    does(second, number, lower, "Changed since the time before", "最大客户回款已逐笔核对")

    for login, ballot in zip(
        COMMITTEE, (answers.COMMITTEE_OPPOSE, answers.COMMITTEE_AGREE, answers.COMMITTEE_AGREE), strict=True
    ):
        member = site.visitor(login, width=390 if login == COMMITTEE[0] else 1440)
        does(member, number, ballot, "5,600,000.00", CHANGED["opinion"])

    firm.open_own_task(number, "接受方案")
    firm.says("5,600,000.00")
    for person in (first, second, firm):
        person.is_healthy()
    assert desk.case(number).milestone == "offer_issued" and desk.incidents(number) == []
    with desk.app.app_context(), reading() as session:
        (offer,) = offers.of_case(session, desk.case(number).id)
        voted = select(UserTask.outcome).where(UserTask.form_key == "committee_vote", UserTask.state == "done")
        votes = session.scalars(voted.where(UserTask.case_id == offer.case_id)).all()
    assert offer.amount == Decimal("5600000.00") and len(votes) == len(COMMITTEE)
