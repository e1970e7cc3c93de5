"""The second review, walked from the main path to refusals, lapse and a limit that does not suffice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.processes import answers
from tests.processes.stages import (
    APPROVE,
    KNOCKED_OUT,
    at_the_committee,
    in_initial_review,
    in_second_review,
    offered,
    small,
    submitted,
    texts,
    with_documents,
)
from tests.processes.walking import failing


def test_a_large_credit_goes_from_the_form_to_an_accepted_offer() -> None:
    walk = with_documents(submitted()).follow("ApplicationAccepted", "initial_review")
    assert walk.waiting == ["visit_site"]
    walk.answer("visit_site", answers.SITE_VISIT).answer("review", answers.INITIAL_PASS)
    walk.follow("InitialReviewDecided", "second_review").answer("second_review_task", answers.SECOND_CHANGED)
    walk.answer("accept_offer", answers.ACCEPT)
    assert walk.milestones == ["submitted", "accepted", "initial_passed", "offer_issued", "offer_accepted"]
    name, payload = walk.messages[-1]
    assert name == "CreditApproved" and payload["approved"]["amount"] == Decimal("2800000.00")


def test_an_overridden_knock_out_is_visited_and_goes_to_the_committee() -> None:
    walk = in_initial_review(results=KNOCKED_OUT).answer("confirm_refusal", answers.OVERRIDE_REFUSAL)
    walk.answer("visit_site", answers.SITE_VISIT).answer("review", small(answers.INITIAL_PASS, "proposal"))
    walk.answer("decide_as_lead", small(answers.LEAD_PASS, "proposal"))
    walk.follow("InitialReviewDecided", "second_review").answer("second_review_task", APPROVE)
    assert walk.waiting == ["committee_vote"] * 3


def test_the_second_review_refuses_everybody_who_worked_on_the_case() -> None:
    four_eyes = in_second_review().task("second_review_task").properties["four_eyes"].split(",")
    assert {"entry", "credit_review", "site_visit"} <= set(four_eyes)


def test_the_second_review_refuses_with_a_reason() -> None:
    walk = in_second_review().answer("second_review_task", answers.SECOND_REFUSE)
    assert walk.milestones[-1] == "refused" and answers.SECOND_REFUSE["reason_text"] in texts(walk)


def test_a_returned_case_is_reviewed_anew_with_the_question() -> None:
    walk = in_second_review().answer("second_review_task", answers.SECOND_RETURN)
    walk.follow("ApplicationAccepted", "initial_review")
    variables = walk.task("review").variables
    assert variables["review_round"] == 2 and variables["round"] == 1
    assert variables["return_request"] == answers.SECOND_RETURN["return_request"]


def test_a_limit_that_does_not_suffice_goes_back_to_the_second_reviewer() -> None:
    walk = offered(results={"reserve_limit": failing("LimitExceeded")})
    assert (
        walk.waiting == ["second_review_task"] and walk.task("second_review_task").variables["limit_exceeded"] is True
    )
    walk.results = {}
    walk.answer("second_review_task", small(answers.SECOND_CHANGED, "approved", "300000.00"))
    assert walk.waiting == ["accept_offer"]


@pytest.mark.parametrize(("votes", "end"), [("AAO", "offer_issued"), ("OOA", "refused")])
def test_the_majority_of_the_committee_decides(votes: str, end: str) -> None:
    walk = at_the_committee()
    for vote in votes:
        walk.answer("committee_vote", answers.COMMITTEE_AGREE if vote == "A" else answers.COMMITTEE_OPPOSE)
    assert walk.milestones[-1] == end


def test_a_declined_offer_frees_the_limit() -> None:
    walk = offered().answer("accept_offer", answers.DECLINE)
    assert walk.milestones[-1] == "declined" and "release_after_decline" in walk.elements


def test_an_offer_lapses_after_thirty_days_and_frees_the_limit() -> None:
    walk = offered().wait(days=30, hours=1)
    assert walk.milestones[-1] == "lapsed" and walk.tasks == {}
    assert {"release_after_lapse", "lapse_offer"} <= set(walk.elements)
