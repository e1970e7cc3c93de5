"""What holds a payout up: compliance, conditions that are waived, a third person, the checks of the day, the lead."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.forms import parse_form
from app.moment import Moment
from tests.processes.payout_answers import (
    APPROVE_PAYMENT,
    CANCEL,
    CLEARED,
    COMPLIANCE_CLEAR,
    COMPLIANCE_HOLD,
    CONFIRM_PAYMENT,
    GO_ON,
    NO_WAIVER,
    RETURN_PAYMENT,
    UPHELD,
    WAIVE,
    WAIVER_WANTED,
    all_met,
)
from tests.processes.payout_walks import (
    APPROVED,
    FACTS,
    begun,
    cleared,
    paid,
    prepared,
    results,
)
from tests.processes.stages import texts
from tests.processes.walking import BEGIN, Walk, failing, files


def held_by_compliance() -> Walk:
    walk = begun()
    walk.answer("check_conditions_task", all_met(walk.task("check_conditions_task").variables))
    return walk.answer("compliance_task", COMPLIANCE_HOLD, **HOLD)


HOLD: dict[str, Any] = {"compliance_hold": {"hold_id": 7, "state": "open", "persons_needed": 1}, "hold_state": "open"}


def test_what_compliance_holds_is_cleared_by_another_officer_and_checked_again() -> None:
    walk = held_by_compliance()
    task = walk.task("payout_clearance_task")
    assert task.variables["hold_reason"] == COMPLIANCE_HOLD["remark"]
    assert task.candidate_groups == ("compliance_officer",)

    walk.answer("payout_clearance_task", CLEARED, hold_state="cleared")
    assert walk.waiting == ["compliance_task"]
    assert walk.answer("compliance_task", COMPLIANCE_CLEAR).waiting == ["prepare_own_task"]


def test_a_hold_that_is_upheld_cancels_the_payout_with_words_that_tell_nothing() -> None:
    walk = held_by_compliance().answer("payout_clearance_task", UPHELD, hold_state="upheld")

    assert walk.milestones == ["payout_cancelled"] and "cancel_order_step" in walk.elements
    told = texts(walk)
    assert "不再发放" in told and not any(word in told for word in ("合规", "名单", "洗钱", "制裁", "暂缓"))


def test_somebody_on_a_list_on_the_day_waits_for_as_many_officers_as_the_list_asks_for() -> None:
    hit = {"screening": {"list_version": "2026-11-01", "hits": [{"name": "陈*", "list": "sanctions", "entry": "S-1"}]}}
    two = {"compliance_hold": {"hold_id": 7, "state": "open", "persons_needed": 2}}
    walk = begun(screen_parties=hit, open_compliance_hold=two)
    walk.answer("check_conditions_task", all_met(walk.task("check_conditions_task").variables))
    walk.answer("payout_clearance_task", CLEARED, hold_state="open")
    assert walk.waiting == ["payout_clearance_task"]

    walk.answer("payout_clearance_task", CLEARED, hold_state="cleared")
    assert walk.waiting == ["compliance_task"] and walk.task("compliance_task").variables["screening"]["hits"] != []


def test_where_the_lists_are_silent_on_the_day_an_officer_looks_them_up() -> None:
    one = {"compliance_hold": {"hold_id": 7, "state": "open", "persons_needed": 1}}
    walk = begun(screen_parties=failing("ReportUnavailable"), open_compliance_hold=one)
    walk.answer("check_conditions_task", all_met(walk.task("check_conditions_task").variables))

    assert walk.task("payout_clearance_task").variables["screening"] is None


def test_a_cancelled_payout_frees_the_limit_and_tells_the_firm_why() -> None:
    walk = cleared(begun(load_facts={"facts": {"payout": FACTS | {"reserved": Decimal(1)}}}))
    walk.answer("held_task", CANCEL)

    assert walk.milestones == ["payout_cancelled"] and "release_after_hold" in walk.elements
    assert CANCEL["reason_text"] in texts(walk)


def asked_for_a_waiver() -> tuple[Walk, dict[str, Any]]:
    """A loan above 3,000,000 yuan whose resolution is to be waived."""
    approved = APPROVED | {"amount": Decimal("3500000.00")}
    walk = Walk(results=results(load_facts={"facts": {"payout": FACTS | {"reserved": approved["amount"]}}}))
    given = {"case_number": "LN1", "round": 1, "product": "working-capital", "channel": "online", "rating": "A"}
    walk.open("disbursement", "ContractEffective", **given, approved=approved, conditions=None)
    variables = walk.task("check_conditions_task").variables
    checks = [
        WAIVER_WANTED if "决议" in condition["name"] else met
        for condition, met in zip(variables["wanted"], all_met(variables)["checks"], strict=True)
    ]
    assert WAIVER_WANTED in checks
    return walk, {"checks": checks}


def test_a_condition_is_waived_by_the_risk_manager_only_and_says_why() -> None:
    walk, checks = asked_for_a_waiver()
    walk.answer("check_conditions_task", checks)
    assert walk.task("waive_task").candidate_groups == ("risk_manager",)

    assert walk.answer("waive_task", WAIVE).waiting == ["compliance_task"]
    assert "waived" in [one["met"] for one in walk.variables["checks"]]


def test_a_waiver_that_is_refused_gives_the_condition_back() -> None:
    walk, checks = asked_for_a_waiver()
    walk.answer("check_conditions_task", checks).answer("waive_task", NO_WAIVER)

    assert walk.waiting == ["check_conditions_task"]
    variables = walk.task("check_conditions_task").variables
    assert variables["conditions_missing"] is True and variables["waiver"]["reason"] == NO_WAIVER["reason"]


def test_signed_contracts_cannot_be_waived() -> None:
    walk = begun()
    checks = all_met(walk.task("check_conditions_task").variables)["checks"]
    found = parse_form(files()["forms/check_conditions.form"]).check(
        {"checks": [WAIVER_WANTED, *checks[1:]]}, walk.task("check_conditions_task").variables, Moment.at(BEGIN)
    )

    assert [error.path for error in found.errors] == ["checks[0].met"]


def test_a_large_payout_is_approved_by_a_third_person_before_it_is_confirmed() -> None:
    approved = APPROVED | {"amount": Decimal("5000000.01")}
    walk, _ = asked_for_a_waiver()
    walk.open(
        "disbursement",
        "ContractEffective",
        case_number="LN1",
        round=1,
        product="working-capital",
        channel="online",
        rating="A",
        approved=approved,
        conditions=None,
    )
    walk.results = results(load_facts={"facts": {"payout": FACTS | {"reserved": approved["amount"]}}})
    prepared(cleared(walk))
    task = walk.task("approve_payout_task")
    assert task.candidate_groups == ("risk_manager",) and "payout_preparation" in task.properties["four_eyes"]

    walk.answer("approve_payout_task", APPROVE_PAYMENT, payment_no="PO1")
    assert walk.waiting == ["confirm_payout_task"]
    assert walk.answer("confirm_payout_task", CONFIRM_PAYMENT, payment_no="PO1").milestones == ["disbursed"]


def test_the_third_person_may_send_it_back() -> None:
    approved = APPROVED | {"amount": Decimal("6000000.00")}
    walk = Walk(results=results(load_facts={"facts": {"payout": FACTS | {"reserved": approved["amount"]}}}))
    walk.open(
        "disbursement",
        "ContractEffective",
        case_number="LN1",
        round=1,
        product="working-capital",
        channel="online",
        rating="A",
        approved=approved,
        conditions=None,
    )
    prepared(cleared(walk)).answer("approve_payout_task", RETURN_PAYMENT, payment_no="PO1")

    assert walk.task("prepare_own_task").variables["return_remark"] == RETURN_PAYMENT["remark"]


ENFORCED = {"court": {"cases_open": 1, "enforced": 1, "dishonest": False, "amount_yuan": Decimal(9), "judgments": []}}
FELL = {"market_valuation": {"quoted": True, "value_yuan": Decimal("800000.00"), "unit_price": Decimal(1)}}


@pytest.mark.parametrize(
    ("changed", "failed"),
    [
        ({"court_records": ENFORCED}, "法院执行与失信"),
        ({"product": "warehouse-receipt", "goods_price": FELL}, "质押货物价格"),
    ],
)
def test_each_check_of_the_day_has_its_own_finding(changed: dict[str, Any], failed: str) -> None:
    facts = {"facts": {"payout": FACTS | {"pledged_value": Decimal("1000000.00")}}}
    walk = cleared(begun(load_facts=facts, **changed))

    findings = walk.task("held_task").variables["findings"]
    assert [one["name"] for one in findings if not one["ok"]] == [failed] and len(findings) == 5
    assert walk.answer("held_task", GO_ON).waiting != ["held_task"]


@pytest.mark.parametrize(
    ("silent", "product", "again"),
    [("court_records", "working-capital", "court_again"), ("goods_price", "warehouse-receipt", "price_again")],
)
def test_a_source_that_is_silent_on_the_day_is_asked_again_when_the_lead_says_so(
    silent: str, product: str, again: str
) -> None:
    walk = cleared(begun(product, **{silent: failing("ReportUnavailable")}))
    assert walk.waiting == ["held_task"] and "查询不到" in walk.task("held_task").variables["recheck_failed"]

    walk.results = results()
    assert walk.answer("held_task", GO_ON).waiting == ["prepare_own_task"] and again in walk.elements


@pytest.mark.parametrize(
    "changed",
    [
        {"require_contracts": failing("NotSigned")},
        {"require_contracts": failing("ContractChanged")},
        {"load_facts": {"facts": {"payout": FACTS | {"reserved": Decimal("399999.99")}}}},
        {"load_facts": {"facts": {"payout": FACTS | {"overdue_days": 3}}}},
    ],
)
def test_what_is_no_longer_good_just_before_the_payment_is_held(changed: dict[str, Any]) -> None:
    walk = cleared(begun(**changed))
    assert walk.waiting == ["held_task"]

    walk.results = results()
    assert walk.answer("held_task", GO_ON).waiting == ["prepare_own_task"]


@pytest.mark.parametrize(
    ("facts", "waiting"), [({"overdue_days": 3}, "prepare_own_task"), ({"reserved": Decimal(1)}, "held_task")]
)
def test_the_lead_may_bear_arrears_elsewhere_but_no_missing_limit(facts: dict[str, Any], waiting: str) -> None:
    walk = cleared(begun(load_facts={"facts": {"payout": FACTS | facts}})).answer("held_task", GO_ON)

    assert walk.waiting == [waiting]


def test_a_payment_that_the_controls_stop_is_decided_by_the_lead_and_then_sent() -> None:
    walk = paid(pay_out=failing("NotAllowed"))
    assert walk.waiting == ["held_task"]

    walk.results = results()
    walk.answer("held_task", GO_ON)

    assert walk.milestones == ["disbursed"] and "payment_not_allowed" in walk.elements
    assert walk.elements.count("confirm_payout_task") == 1
