"""Intake, walked from the form to acceptance and by every exception that is drawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.engine import OperationCall
from tests.processes import answers, payout_answers
from tests.processes.stages import (
    APPROVE,
    batch,
    small,
    submitted,
    texts,
    with_documents,
)
from tests.processes.walking import RESULTS, Walk, failing, opened


def test_an_order_is_confirmed_by_the_core_enterprise_and_limits_the_credit() -> None:
    walk = with_documents(submitted(answers.TRADE_ORDER))
    assert walk.task("confirm_payable").candidate_groups == ("core_enterprise_confirmer",)
    walk.answer("confirm_payable", answers.CONFIRM_PAYABLE).follow("ApplicationAccepted", "initial_review")
    assert walk.variables["limit"]["max_amount"] == 1080000  # rated AA: 90% of the confirmed 1,200,000
    assert walk.waiting == ["review"]


def test_an_ineligible_application_ends_with_its_reasons() -> None:
    walk = submitted(answers.EXCLUDED_INDUSTRY)
    assert walk.milestones == ["submitted", "not_eligible"] and walk.outcome and walk.outcome.status == "completed"
    assert "金融业和房地产业" in texts(walk)


def test_a_batch_entry_skips_the_form_and_the_customer_manager_uploads() -> None:
    walk = batch()
    assert walk.milestones == ["submitted"]
    assert walk.task("upload_documents").candidate_groups == ("customer_manager",)


def test_a_batch_entry_without_figures_reaches_a_reviewer() -> None:
    walk = with_documents(batch()).follow("ApplicationAccepted", "initial_review")
    assert walk.waiting == ["review"] and walk.variables["rating"] in ("A", "B")
    assert walk.task("review").variables["proposal"]["repayment_method"] == "interest_monthly"


def test_a_batch_entry_for_seven_years_is_not_eligible() -> None:
    assert batch(term_months=84).milestones == ["submitted", "not_eligible"]


def test_a_batch_order_without_a_core_enterprise_is_asked_for_it() -> None:
    walk = with_documents(batch(product="trade-order", application_form="trade-order-application", term_months=6))
    assert walk.task("supplement").candidate_groups == ("customer_manager",)
    assert [item["kind"] for item in walk.task("supplement").variables["missing"]] == ["order"]
    walk.answer("supplement", answers.SUPPLEMENT_ORDER)
    assert walk.waiting == ["confirm_payable"]


def test_a_draft_is_deleted() -> None:
    walk = Walk().open("loan_intake", "ApplicationOpened", **opened()).tell("ApplicationDeleted")
    assert walk.milestones == ["deleted"] and walk.tasks == {}


def test_an_application_is_pulled_back_into_a_new_round() -> None:
    walk = submitted().tell("ApplicationWithdrawn")
    assert walk.milestones == ["submitted", "withdrawn"] and walk.tasks == {}
    walk.follow("ApplicationOpened", "loan_intake")
    assert walk.waiting == ["fill_application"] and walk.variables["round"] == 2
    assert walk.task("fill_application").variables["requested_amount"] == Decimal("4000000.00")  # the form is prefilled


def test_a_pulled_back_batch_entry_is_changed_by_the_customer_manager() -> None:
    walk = batch().tell("ApplicationWithdrawn").follow("ApplicationOpened", "loan_intake")
    assert walk.task("fill_application").candidate_groups == ("customer_manager",)


def test_a_firm_that_fails_the_check_corrects_its_name_and_is_checked_again() -> None:
    walk = with_documents(submitted(results={"verify_enterprise": failing("CheckFailed")}))
    assert [item["kind"] for item in walk.task("supplement").variables["missing"]] == ["enterprise"]
    walk.results = {}
    corrected = {
        "company_name": answers.OTHER_BORROWER_NAME,
        "unified_social_credit_code": answers.OTHER_BORROWER_CODE,
    }
    walk.answer("supplement", answers.SUPPLEMENT | corrected)
    assert walk.milestones[-1] == "accepted"
    assert walk.messages[-1][1]["company_name"] == answers.OTHER_BORROWER_NAME


def test_an_unavailable_register_is_replaced_by_a_person() -> None:
    walk = with_documents(submitted(results={"verify_enterprise": failing("VerificationUnavailable")}))
    assert walk.task("manual_check").candidate_groups == ("customer_manager",)
    walk.answer("manual_check", answers.MANUAL_PASSED)
    assert walk.milestones[-1] == "accepted" and walk.messages[-1][1]["enterprise"]["source"] == "manual"


def test_a_possible_duplicate_is_looked_at_once() -> None:
    walk = with_documents(submitted(results={"check_duplicates": {"duplicates": ["LN202611200007"]}}))
    assert walk.waiting == ["manual_check"]
    request = {"decision": "supplement", "evidence": "系统内核对，2026-11-21", "request": "请说明与在途申请的关系。"}
    walk.answer("manual_check", request)
    assert walk.task("supplement").variables["request"] == ["请说明与在途申请的关系。"]
    walk.answer("supplement", answers.SUPPLEMENT)
    walk.answer("manual_check", answers.MANUAL_PASSED)
    assert walk.milestones[-1] == "accepted"


def test_a_supplement_is_reminded_of_on_day_three_and_lapses_on_day_ten() -> None:
    walk = with_documents(submitted(results={"verify_enterprise": failing("CheckFailed")}))
    walk.wait(days=3, hours=1)
    assert walk.waiting == ["supplement"] and "10 天内补齐" in texts(walk)
    walk.wait(days=7)
    assert walk.tasks == {} and walk.milestones[-1] == "lapsed"


def test_a_silent_core_enterprise_sends_the_case_back_to_the_firm() -> None:
    walk = with_documents(submitted(answers.TRADE_ORDER)).wait(days=5, hours=1)
    assert walk.waiting == ["supplement"] and "5 天内没有确认" in texts(walk)
    walk.answer("supplement", answers.SUPPLEMENT_ORDER)
    assert walk.waiting == ["confirm_payable"]


def test_a_disputed_payable_goes_back_with_the_core_enterprises_words() -> None:
    walk = with_documents(submitted(answers.TRADE_ORDER)).answer("confirm_payable", answers.DISPUTE_PAYABLE)
    assert walk.waiting == ["supplement"]
    assert answers.DISPUTE_PAYABLE["confirmation_remark"] in walk.task("supplement").variables["request"][0]
    assert answers.DISPUTE_PAYABLE["confirmation_remark"] in texts(walk)


def at_the_warehouse(**overrides: Any) -> Walk:
    """A receipt financing that waits for the warehouse to confirm the goods."""
    return with_documents(submitted(answers.WAREHOUSE_RECEIPT, **overrides))


def test_goods_are_confirmed_by_the_warehouse_pledged_and_limit_the_credit() -> None:
    walk = at_the_warehouse()
    assert walk.task("confirm_goods_task").candidate_groups == ("warehouse_keeper",)
    walk.answer("confirm_goods_task", answers.CONFIRM_GOODS)
    assert walk.milestones[-1] == "accepted" and walk.messages[-1][1]["receipt"]["number"] == "CD-2026-0711"
    walk.follow("ApplicationAccepted", "initial_review")
    assert walk.variables["haircut"] == 70
    limit = walk.variables["limit"]
    assert (limit["max_amount"], limit["max_term_months"]) == (1490000, 12)  # rated AA: 70% of 2,135,000
    assert walk.waiting == ["review"]


def test_what_is_pledged_arrives_with_the_approved_credit() -> None:
    walk = at_the_warehouse().answer("confirm_goods_task", answers.CONFIRM_GOODS)
    walk.follow("ApplicationAccepted", "initial_review").answer("review", small(answers.INITIAL_PASS, "proposal"))
    walk.follow("InitialReviewDecided", "second_review").answer("second_review_task", APPROVE)
    walk.answer("accept_offer", answers.ACCEPT)
    name, payload = walk.messages[-1]
    assert name == "CreditApproved" and payload["collateral"]["number"] == "DB202611210001"
    assert payload["receipt"] == RESULTS["pledge_collateral"]["receipt"] and payload["haircut"] == 70


def test_the_pledge_is_asked_for_with_what_stands_on_the_receipt() -> None:
    asked: list[Any] = []

    def note(call: OperationCall) -> dict[str, Any]:
        asked.append(call.variables)
        return RESULTS["pledge_collateral"]

    at_the_warehouse(results={"pledge_collateral": note}).answer("confirm_goods_task", answers.CONFIRM_GOODS)
    assert asked[0]["receipt"] == RESULTS["pledge_collateral"]["receipt"]
    assert asked[0]["evidence"]["quantity"] == Decimal("30.5") and asked[0]["evidence"]["condition"] == "good"


@pytest.mark.parametrize(
    ("answer", "words"),
    [(answers.REFUSE_GOODS, "在库 21 吨，少于仓单数量。"), (answers.LIEN_ON_GOODS, "有其他质押或查封")],
)
def test_goods_that_are_not_as_stated_go_back_to_the_firm(answer: dict[str, Any], words: str) -> None:
    walk = at_the_warehouse().answer("confirm_goods_task", answer)
    assert walk.waiting == ["supplement"] and words in texts(walk)
    assert words in walk.task("supplement").variables["request"][0]["text"]
    assert [item["kind"] for item in walk.task("supplement").variables["missing"]] == ["receipt"]
    walk.answer("supplement", answers.SUPPLEMENT_RECEIPT)
    assert walk.task("confirm_goods_task").variables["receipt_number"] == "CD-2026-0712"


def test_a_silent_warehouse_sends_the_case_back_to_the_firm() -> None:
    walk = at_the_warehouse().wait(days=5, hours=1)
    assert walk.waiting == ["supplement"] and "监管仓 5 天内没有确认货物" in texts(walk)
    walk.answer("supplement", answers.SUPPLEMENT_RECEIPT).wait(days=5, hours=1)
    assert walk.waiting == ["supplement"] and texts(walk).count("监管仓 5 天内没有确认货物") == 2


def test_a_receipt_that_backs_another_financing_is_replaced_or_the_application_lapses() -> None:
    walk = at_the_warehouse(results={"pledge_collateral": failing("AlreadyPledged")})
    walk.answer("confirm_goods_task", answers.CONFIRM_GOODS)
    assert walk.waiting == ["supplement"] and "仓单 CD-2026-0711 已经质押给另一笔融资" in texts(walk)
    walk.results = {}
    walk.answer("supplement", answers.SUPPLEMENT_RECEIPT).answer("confirm_goods_task", answers.CONFIRM_GOODS)
    assert walk.milestones[-1] == "accepted"


def test_a_batch_entry_without_a_receipt_is_asked_for_it() -> None:
    form = "warehouse-receipt-application"
    walk = with_documents(batch(product="warehouse-receipt", application_form=form, term_months=6))
    assert [item["kind"] for item in walk.task("supplement").variables["missing"]] == ["receipt"]
    walk.answer("supplement", answers.SUPPLEMENT_RECEIPT)
    assert walk.waiting == ["confirm_goods_task"]


HELD: dict[str, Any] = {
    "screen_parties": {"screening": {"list_version": "2026-11-01", "hits": [{"name": "陈*", "list": "sanctions"}]}},
    "open_compliance_hold": {"compliance_hold": {"hold_id": 7, "state": "open", "persons_needed": 2}},
}


def test_a_hit_of_the_screening_waits_for_two_officers_one_after_the_other() -> None:
    walk = with_documents(submitted(results=HELD))
    assert walk.waiting == ["clearance_task"] and walk.milestones == ["submitted"]
    assert walk.task("clearance_task").candidate_groups == ("compliance_officer",)
    walk.answer("clearance_task", payout_answers.CLEARED, hold_state="open")
    assert walk.waiting == ["clearance_task"]
    walk.answer("clearance_task", payout_answers.CLEARED, hold_state="cleared")
    assert walk.milestones[-1] == "accepted" and walk.messages[-1][1]["screening"]["hits"] != []


def test_a_hold_that_is_upheld_ends_the_application_with_words_that_tell_nothing_of_it() -> None:
    walk = with_documents(submitted(results=HELD))
    walk.answer("clearance_task", payout_answers.UPHELD, hold_state="upheld")
    assert walk.milestones[-1] == "refused" and walk.tasks == {}
    told = str(walk.notices[-1]["text_zh"]) + str(walk.notices[-1]["text_en"])
    assert walk.notices[-1]["to"] == "borrower" and "未能受理" in told
    assert not any(
        word in told for word in ("合规", "名单", "洗钱", "制裁", "暂缓", "list", "hold", "laundering", "sanction")
    )


def test_where_the_lists_are_silent_an_officer_looks_them_up() -> None:
    results = HELD | {"screen_parties": failing("ReportUnavailable")}
    held: list[Any] = []

    def hold(call: OperationCall) -> dict[str, Any]:
        held.append(call.variables["hits"])
        return {"compliance_hold": {"hold_id": 7, "state": "open", "persons_needed": 1}}

    walk = with_documents(submitted(results=results | {"open_compliance_hold": hold}))
    assert held == [None] and walk.task("clearance_task").variables["screening"] is None
    walk.answer("clearance_task", payout_answers.CLEARED, hold_state="cleared")
    assert walk.milestones[-1] == "accepted"
