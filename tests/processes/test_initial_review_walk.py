"""The initial review, walked by every decision and every failing source that is drawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.forms import parse_form
from tests.processes import answers
from tests.processes.stages import KNOCKED_OUT, in_initial_review, small, submitted, texts, with_documents
from tests.processes.walking import Walk, failing, files


def test_an_application_is_pulled_back_from_the_initial_review() -> None:
    walk = in_initial_review().tell("ApplicationWithdrawn")
    assert walk.milestones[-1] == "withdrawn" and walk.tasks == {}
    assert walk.follow("ApplicationOpened", "loan_intake").variables["round"] == 2


def test_the_consent_is_checked_before_anybody_is_asked_and_a_missing_one_is_asked_for() -> None:
    walk = in_initial_review(results={"check_consent": failing("ConsentMissing")})
    assert [item["kind"] for item in walk.task("supplement").variables["missing"]] == ["credit_consent"]
    assert "bureau_report" not in walk.elements
    walk.results = {}
    walk.answer("supplement", {"supplied": {"credit_consent": [7]}, "consent_credit": "true"})
    assert walk.waiting == ["review"] and walk.variables["documents"]["credit_consent"] == [7]
    assert walk.variables["supplement_rounds"] == 0


SOURCES = {
    "risk_platform_report": "风控报告",
    "bureau_report": "征信报告",
    "registry_record": "工商登记",
    "court_records": "涉诉",
}


@pytest.mark.parametrize("silent", SOURCES)
def test_one_silent_source_leaves_the_others_alone_and_is_named(silent: str) -> None:
    walk = in_initial_review(results={silent: failing("ReportUnavailable")})
    task = walk.task("obtain_report")
    assert task.candidate_groups == ("review_lead",) and SOURCES[silent] in task.variables["lacking_zh"]
    assert not any(name in task.variables["lacking_zh"] for source, name in SOURCES.items() if source != silent)
    walk.answer("obtain_report", answers.OBTAIN_REPORT)
    assert walk.waiting == ["review"]
    assert [walk.elements.count(source) for source in SOURCES] == [source != silent for source in SOURCES]
    assert walk.variables["score"] is not None


def test_a_report_entered_by_hand_is_marked_so_and_counts() -> None:
    walk = in_initial_review(results={"court_records": failing("ReportUnavailable")})
    walk.answer("obtain_report", answers.OBTAIN_REPORT | {"dishonest": "yes"})
    assert walk.variables["court"]["by_hand"] is True and walk.waiting == ["confirm_refusal"]


def test_only_the_missing_report_is_asked_again() -> None:
    walk = in_initial_review(results={"bureau_report": failing("ReportUnavailable")})
    walk.results = {}
    walk.answer("obtain_report", answers.ASK_REPORT_AGAIN)
    assert walk.waiting == ["review"] and walk.variables["bureau"]["queries_6m"] == 7
    assert (walk.elements.count("bureau_report"), walk.elements.count("risk_platform_report")) == (1, 1)


def with_goods(**overrides: Any) -> Walk:
    """A walk whose pledged goods the keeper confirmed, in its initial review."""
    walk = with_documents(submitted(answers.WAREHOUSE_RECEIPT, **overrides))
    return walk.answer("confirm_goods_task", answers.CONFIRM_GOODS).follow("ApplicationAccepted", "initial_review")


def test_the_goods_are_valued_twice_and_the_lower_value_counts() -> None:
    walk = with_goods()
    valuation = walk.variables["valuation"]
    assert (valuation["first"], valuation["second"]) == (Decimal("2141100.00"), Decimal("2135000.00"))
    assert valuation["used"] == Decimal("2135000.00") and walk.variables["limit"]["max_amount"] == 1490000


@pytest.mark.parametrize(
    "price",
    [
        failing("ReportUnavailable"),
        {"market_valuation": {"quoted": False, "value_yuan": None}},
    ],
    ids=["silent", "not quoted"],
)
def test_without_a_price_a_person_values_the_goods_and_obtains_one(price: Any) -> None:
    walk = with_goods(results={"goods_price": price})
    assert walk.task("value_at_desk").candidate_groups == ("risk_manager",)
    walk.answer("value_at_desk", answers.DESK_VALUE)
    valuation = walk.variables["valuation"]
    assert valuation["used"] == Decimal("1950000.00") and valuation["first"] == Decimal("2100000.00")
    assert walk.variables["limit"]["max_amount"] == 1360000


def test_a_knock_out_is_refused_by_a_person_and_told_with_its_reason_and_the_right_to_a_person() -> None:
    walk = in_initial_review(results=KNOCKED_OUT)
    assert walk.task("confirm_refusal").candidate_groups == ("initial_reviewer",)
    walk.answer("confirm_refusal", answers.CONFIRM_REFUSAL)
    assert walk.milestones[-1] == "refusal_told" and "失信被执行人" in texts(walk) and "人工复核" in texts(walk)
    assert walk.task("ask_for_person").candidate_groups == ("borrower",)
    walk.answer("ask_for_person", answers.ACCEPT_REFUSAL)
    assert walk.milestones[-1] == "refused" and walk.tasks == {}


def test_a_refusal_that_nobody_disputes_within_ten_days_ends_the_case() -> None:
    walk = in_initial_review(results=KNOCKED_OUT).answer("confirm_refusal", answers.CONFIRM_REFUSAL)
    assert walk.wait(days=9, hours=23).waiting == ["ask_for_person"]
    assert walk.wait(hours=2).milestones[-1] == "refused"


@pytest.mark.parametrize(("answer", "end"), [(answers.KEEP_REFUSAL, "refused"), (answers.REOPEN, "accepted")])
def test_a_firm_that_asks_for_a_person_is_looked_at_by_somebody_else(answer: dict[str, Any], end: str) -> None:
    walk = in_initial_review(results=KNOCKED_OUT).answer("confirm_refusal", answers.CONFIRM_REFUSAL)
    walk.answer("ask_for_person", answers.ASK_FOR_PERSON)
    task = walk.task("reconsider")
    assert task.candidate_groups == ("review_lead",) and "refusal" in task.properties["four_eyes"]
    walk.answer("reconsider", answer)
    assert walk.milestones[-1] == end
    assert walk.waiting == ([] if end == "refused" else ["visit_site"])
    assert end != "refused" or answers.KEEP_REFUSAL["reason_text"] in texts(walk)


def test_the_reviewer_is_reminded_at_eighty_percent_and_the_lead_told_at_the_end() -> None:
    walk = in_initial_review().wait(hours=19, minutes=13)
    assert "80%" in texts(walk) and "超过时限" not in texts(walk)
    walk.wait(hours=5)
    assert "超过时限" in texts(walk) and walk.waiting == ["review"]
    walk.wait(hours=12)
    assert walk.waiting == ["decide_as_lead"] and walk.task("decide_as_lead").variables.get("review_decision") is None


def test_the_time_limit_is_the_tables() -> None:
    walk = in_initial_review(answers.WORKING_CAPITAL)
    walk.answer("visit_site", answers.SITE_VISIT)
    walk.wait(hours=38)
    assert "80%" not in texts(walk)
    assert "80%" in texts(walk.wait(hours=1))
    assert walk.wait(hours=32).waiting == ["review"]
    assert walk.wait(hours=1).waiting == ["decide_as_lead"]


def test_a_lead_who_takes_over_answers_the_checklist_too() -> None:
    walk = in_initial_review().wait(hours=37)
    unchecked = small({key: value for key, value in answers.LEAD_TAKES_OVER.items() if key != "finances"}, "proposal")
    form = parse_form(files()["forms/lead_decision.form"])
    task = walk.task("decide_as_lead")
    assert [one.path for one in form.check(unchecked, task.variables, walk.moment).errors] == ["finances"]
    walk.answer("decide_as_lead", small(answers.LEAD_TAKES_OVER, "proposal"))
    assert walk.milestones[-1] == "initial_passed" and walk.messages[-1][1]["checklist"]["finances"] == "yes"


def test_a_pass_of_a_poorly_rated_firm_needs_the_lead() -> None:
    poor = {"risk": {"score": 25, "flags": []}}
    weak = {"bureau": {"overdue_days_max": 20, "queries_6m": 7, "open_loans": 4, "balance_yuan": Decimal(0)}}
    walk = in_initial_review(results={"risk_platform_report": poor, "bureau_report": weak})
    assert walk.variables["rating"] == "C" and walk.variables["limit"]["max_term_months"] == 6
    terms = answers.INITIAL_PASS["proposal"] | {"amount": "300000.00", "term_months": "6", "rate_percent": "5.60"}
    terms |= {"repayment_method": "equal_instalment"}
    walk.answer("review", answers.INITIAL_PASS | {"proposal": terms})
    assert walk.waiting == ["decide_as_lead"]
    walk.answer("decide_as_lead", answers.LEAD_PASS | {"proposal": terms})
    assert walk.milestones[-1] == "initial_passed"


def test_a_supplement_in_review_comes_back_without_asking_the_sources_again() -> None:
    walk = in_initial_review().answer("review", answers.INITIAL_SUPPLEMENT)
    asked = walk.task("supplement")
    assert asked.variables["request"] == answers.INITIAL_SUPPLEMENT["request"] and asked.candidate_groups == (
        "borrower",
    )
    walk.answer("supplement", answers.SUPPLEMENT | {"supplied": {"review_1": [9]}})
    assert walk.waiting == ["review"] and walk.elements.count("risk_platform_report") == 1
    assert walk.variables["documents"]["review_1"] == [9]


def test_a_supplement_is_reminded_of_after_seven_days_and_lapses_after_ten() -> None:
    walk = in_initial_review().answer("review", answers.INITIAL_SUPPLEMENT).wait(days=7, hours=1)
    assert "3 天后" in texts(walk) and walk.waiting == ["supplement"]
    assert walk.wait(days=3).milestones[-1] == "lapsed" and "已失效" in texts(walk)


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


def test_what_a_person_let_pass_is_not_asked_again_after_a_supplement_but_a_new_finding_is() -> None:
    walk = in_initial_review(results=KNOCKED_OUT).answer("confirm_refusal", answers.OVERRIDE_REFUSAL)
    walk.answer("visit_site", answers.SITE_VISIT)
    walk.answer("review", answers.INITIAL_SUPPLEMENT).answer("supplement", answers.SUPPLEMENT)
    assert walk.waiting == ["review"]
    walk.results = {"internal_history": {"history": {"refused": 1, "accepted": 1, "overdue_days_max": 120}}}
    walk.answer("review", answers.INITIAL_SUPPLEMENT).answer("supplement", answers.SUPPLEMENT)
    assert walk.waiting == ["confirm_refusal"]
