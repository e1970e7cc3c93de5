"""Second rounds within an application: a supplement that was asked for, and a return from the second review."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.errors import Refused
from app.storage.database import unit_of_work
from app.storage.limits import CreditLimit
from tests.desk import FIRM, MANAGER, OTHER_REVIEWER, REVIEWER, SECOND_REVIEWER, Desk
from tests.processes import answers
from tests.use_cases.lookups import offer_states, told, used_of


def test_a_supplement_brings_the_case_back_to_the_initial_review(desk: Desk) -> None:
    number = desk.at_initial_review()
    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_SUPPLEMENT)
    asked = told(desk, number, "qingxi")[0]

    desk.complete(FIRM, number, "supplement", answers.SUPPLEMENT)

    assert answers.INITIAL_SUPPLEMENT["request"].rstrip("。") in asked
    assert desk.task(number, "initial_review").claimed_by is None
    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_PASS)
    assert desk.case(number).milestone == "initial_passed"


def test_after_two_supplements_the_lead_decides(desk: Desk) -> None:
    number = desk.at_initial_review()
    for _ in range(2):
        desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_SUPPLEMENT)
        desk.complete(FIRM, number, "supplement", answers.SUPPLEMENT)

    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_SUPPLEMENT)

    assert desk.waits_for(number, "lead_decision")


def test_a_return_from_the_second_review_starts_the_initial_review_again(desk: Desk) -> None:
    number = desk.at_second_review()

    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_RETURN)

    assert desk.case(number).milestone == "accepted"
    assert [(one.process_key, one.round) for one in desk.instances(number)][-1] == ("initial_review", "1.2")
    assert desk.waits_for(number, "initial_review") or desk.waits_for(number, "site_visit")


def test_a_returned_case_can_be_approved_after_its_second_review_round(desk: Desk) -> None:
    number = desk.at_second_review()
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_RETURN)
    if desk.waits_for(number, "site_visit"):
        desk.complete(MANAGER, number, "site_visit", answers.SITE_VISIT)
    desk.complete(OTHER_REVIEWER, number, "initial_review", answers.INITIAL_PASS)

    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE)

    assert desk.case(number).milestone == "offer_issued"


def test_a_limit_that_is_too_small_is_told_at_the_form_and_a_lower_amount_goes_through(desk: Desk) -> None:
    number = desk.at_second_review()
    with desk.app.app_context(), unit_of_work() as session:
        row = session.query(CreditLimit).filter_by(kind="borrower", subject=str(desk.organisation("qingxi").id)).one()
        row.total = Decimal("2500000.00")

    with pytest.raises(Refused, match=r"2,500,000\.00"):
        desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE)

    assert offer_states(desk, number) == [] and used_of(desk, "funder") == 0
    lower = answers.INITIAL_PASS["proposal"] | {"amount": "2500000.00"}
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_CHANGED | {"approved": lower})
    assert desk.case(number).milestone == "offer_issued"
    assert used_of(desk, "borrower") == Decimal("2500000.00")
