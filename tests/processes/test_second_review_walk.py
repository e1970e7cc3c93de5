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
from tests.processes.walking import APPROVAL_FACTS, Walk, failing


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


VOTES = {"A": answers.COMMITTEE_AGREE, "O": answers.COMMITTEE_OPPOSE, "R": answers.COMMITTEE_RECUSE}


def voted(votes: str) -> Walk:
    walk = at_the_committee()
    for vote in votes:
        walk.answer("committee_vote", VOTES[vote])
    return walk


@pytest.mark.parametrize(
    ("votes", "next_step", "left"),
    [
        ("A", "committee_vote", 2),
        ("AO", "committee_vote", 1),
        ("AA", "veto_review", 0),
        ("OAA", "veto_review", 0),
        ("RAA", "veto_review", 0),
        ("AR", "committee_vote", 1),
        ("RR", "unfinished_vote", 0),
    ],
)
def test_the_committee_is_done_as_soon_as_its_votes_decide(votes: str, next_step: str, left: int) -> None:
    walk = voted(votes)
    assert walk.waiting == [next_step] * max(1, left)


@pytest.mark.parametrize("votes", ["OO", "RAO", "AOO"])
def test_a_committee_that_opposes_refuses_with_the_reasons_of_its_members(votes: str) -> None:
    walk = voted(votes)
    assert walk.milestones[-1] == "refused" and walk.tasks == {}
    assert answers.COMMITTEE_OPPOSE["reason_text"] in texts(walk)
    assert texts(walk).count(answers.COMMITTEE_OPPOSE["reason_text"]) == 1


def test_whoever_holds_the_veto_lets_the_approval_pass_or_ends_it() -> None:
    passed = voted("AA").answer("veto_review", answers.NO_VETO)
    assert passed.milestones[-1] == "offer_issued"
    ended = voted("AA").answer("veto_review", answers.VETO)
    assert ended.milestones[-1] == "refused" and answers.VETO["reason_text"] in texts(ended)
    assert "reserve_limit" not in ended.elements


def test_a_vote_that_is_not_decided_in_time_is_voted_again_or_goes_back() -> None:
    walk = voted("A").wait(days=5, hours=1)
    assert walk.waiting == ["unfinished_vote"]
    walk.answer("unfinished_vote", answers.VOTE_AGAIN)
    assert walk.waiting == ["committee_vote"] * 3
    walk.wait(days=5, hours=1).answer("unfinished_vote", answers.VOTE_RETURN)
    name, payload = walk.messages[-1]
    assert name == "ApplicationAccepted" and payload["return_request"] == answers.VOTE_RETURN["return_request"]


def test_without_a_veto_in_the_table_the_vote_approves() -> None:
    exposure = {"borrower": Decimal(0), "group": Decimal(21000000), "total": Decimal(21000000), "members": 2}
    facts = {"facts": APPROVAL_FACTS | {"exposure": exposure}}
    walk = in_second_review(results={"load_facts": facts}).answer("second_review_task", APPROVE)
    walk.answer("committee_vote", answers.COMMITTEE_AGREE).answer("committee_vote", answers.COMMITTEE_AGREE)
    assert walk.milestones[-1] == "offer_issued" and "veto_review" not in walk.elements


def at_two_reviewers() -> Walk:
    """A case that needs two second reviewers, because of what the group has already; the first one agreed."""
    exposure = {"borrower": Decimal(0), "group": Decimal(9000000), "total": Decimal(9000000), "members": 2}
    facts = {"facts": APPROVAL_FACTS | {"exposure": exposure}}
    return in_second_review(results={"load_facts": facts}).answer("second_review_task", APPROVE)


def test_two_second_reviewers_must_agree() -> None:
    walk = at_two_reviewers()
    assert walk.waiting == ["co_review"] and "reserve_limit" not in walk.elements
    walk.answer("co_review", APPROVE)
    assert walk.milestones[-1] == "offer_issued"


def test_the_second_of_two_may_lower_return_or_refuse_but_not_raise() -> None:
    lowered = at_two_reviewers().answer("co_review", small(answers.SECOND_CHANGED, "approved", "300000.00"))
    assert lowered.variables["approved"]["amount"] == Decimal("300000.00")
    assert at_two_reviewers().answer("co_review", answers.SECOND_RETURN).messages[-1][0] == "ApplicationAccepted"
    refused = at_two_reviewers().answer("co_review", answers.SECOND_REFUSE)
    assert refused.milestones[-1] == "refused" and answers.SECOND_REFUSE["reason_text"] in texts(refused)
    with pytest.raises(AssertionError, match="amount"):
        at_two_reviewers().answer("co_review", small(answers.SECOND_CHANGED, "approved", "500000.00"))


def test_the_two_second_reviewers_are_two_persons_whatever_round_it_is() -> None:
    first = in_second_review().task("second_review_task").properties
    second = at_two_reviewers().task("co_review").properties
    assert second["duty"] in first["four_eyes"].split(",") and first["duty"] in second["four_eyes"].split(",")


def test_approving_as_proposed_takes_no_other_terms() -> None:
    with pytest.raises(AssertionError, match="amount"):
        in_second_review().answer("second_review_task", small(answers.SECOND_APPROVE, "approved", "300000.00"))


def test_what_the_guarantor_has_left_decides_whether_the_loan_counts_as_secured() -> None:
    def reviewed(elsewhere: int) -> Walk:
        firm = {"kind": "borrower", "name": "宁波港城建材有限公司", "net_assets": 9000000, "income": 30000000}
        guarantor = firm | {"here": 0, "elsewhere": elsewhere, "total": elsewhere}
        security = {"guarantor": guarantor, "collateral": {"kind": None, "value": None}}
        return in_second_review(results={"load_facts": {"facts": APPROVAL_FACTS | {"security": security}}})

    enough, short = reviewed(8000000).variables, reviewed(8700000).variables
    assert (enough["capacity"]["left"], enough["secured"]) == (1000000, True)
    assert (short["capacity"]["left"], short["secured"]) == (300000, False)


def test_a_declined_offer_frees_the_limit() -> None:
    walk = offered().answer("accept_offer", answers.DECLINE)
    assert walk.milestones[-1] == "declined" and "release_after_decline" in walk.elements


def test_an_offer_lapses_after_thirty_days_and_frees_the_limit() -> None:
    walk = offered().wait(days=30, hours=1)
    assert walk.milestones[-1] == "lapsed" and walk.tasks == {}
    assert {"release_after_lapse", "lapse_offer"} <= set(walk.elements)
