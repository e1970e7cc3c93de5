"""The initial review, walked by every decision and every failing source that is drawn."""

from __future__ import annotations

from typing import Any

import pytest

from tests.processes import answers
from tests.processes.stages import (
    KNOCKED_OUT,
    in_initial_review,
    small,
    texts,
)
from tests.processes.walking import failing


def test_an_application_is_pulled_back_from_the_initial_review() -> None:
    walk = in_initial_review().tell("ApplicationWithdrawn")
    assert walk.milestones[-1] == "withdrawn" and walk.tasks == {}
    assert walk.follow("ApplicationOpened", "loan_intake").variables["round"] == 2


def test_a_missing_consent_is_asked_for_and_the_reports_are_taken_again() -> None:
    walk = in_initial_review(results={"bureau_report": failing("ConsentMissing")})
    assert [item["kind"] for item in walk.task("supplement").variables["missing"]] == ["credit_consent"]
    walk.results = {}
    walk.answer("supplement", {"supplied": {"credit_consent": [7]}, "consent_credit": "true"})
    assert walk.waiting == ["review"] and walk.variables["documents"]["credit_consent"] == [7]
    assert walk.variables["supplement_rounds"] == 0


def test_an_unobtainable_report_is_entered_by_the_lead() -> None:
    walk = in_initial_review(results={"risk_platform_report": failing("ReportUnavailable")})
    assert walk.task("obtain_report").candidate_groups == ("review_lead",)
    walk.answer("obtain_report", answers.OBTAIN_REPORT)
    assert walk.waiting == ["review"] and walk.variables["risk"]["score"] == 72
    assert walk.variables["score"] is not None


def test_a_knock_out_is_refused_by_a_person_and_told_with_its_reason() -> None:
    walk = in_initial_review(results=KNOCKED_OUT)
    assert walk.task("confirm_refusal").candidate_groups == ("initial_reviewer",)
    walk.answer("confirm_refusal", answers.CONFIRM_REFUSAL)
    assert walk.milestones[-1] == "refused" and "失信被执行人" in texts(walk)


def test_the_reviewer_is_reminded_at_eighty_percent_and_the_lead_told_at_the_end() -> None:
    walk = in_initial_review().wait(hours=19, minutes=13)
    assert "80%" in texts(walk) and "超过时限" not in texts(walk)
    walk.wait(hours=5)
    assert "超过时限" in texts(walk) and walk.waiting == ["review"]


def test_a_supplement_in_review_refreshes_the_reports_and_comes_back() -> None:
    walk = in_initial_review().answer("review", answers.INITIAL_SUPPLEMENT)
    asked = walk.task("supplement")
    assert asked.variables["request"] == answers.INITIAL_SUPPLEMENT["request"] and asked.candidate_groups == (
        "borrower",
    )
    walk.answer("supplement", answers.SUPPLEMENT | {"supplied": {"review_1": [9]}})
    assert walk.waiting == ["review"] and walk.elements.count("risk_platform_report") == 2
    assert walk.variables["documents"]["review_1"] == [9]


def test_a_third_supplement_goes_to_the_lead_instead() -> None:
    walk = in_initial_review()
    for _ in range(2):
        walk.answer("review", answers.INITIAL_SUPPLEMENT).answer("supplement", answers.SUPPLEMENT)
    walk.answer("review", answers.INITIAL_SUPPLEMENT)
    assert walk.waiting == ["decide_as_lead"]


@pytest.mark.parametrize(
    ("decision", "end"), [(answers.LEAD_PASS, "initial_passed"), ({**answers.INITIAL_FAIL}, "refused")]
)
def test_the_lead_passes_or_refuses(decision: dict[str, Any], end: str) -> None:
    walk = in_initial_review().answer("review", small(answers.INITIAL_REFER, "proposal"))
    entered = small(decision, "proposal") if "proposal" in decision else decision
    walk.answer("decide_as_lead", entered)
    assert walk.milestones[-1] == end


def test_the_lead_returns_the_case_to_the_reviewer() -> None:
    walk = in_initial_review().answer("review", small(answers.INITIAL_REFER, "proposal"))
    walk.answer("decide_as_lead", {"decision": "return", "opinion": answers.OPINION, "no_conflict": "true"})
    assert walk.waiting == ["review"]


def test_a_failed_initial_review_is_told_with_the_reviewers_words() -> None:
    walk = in_initial_review().answer("review", answers.INITIAL_FAIL)
    assert walk.milestones[-1] == "refused" and answers.INITIAL_FAIL["reason_text"] in texts(walk)
