"""Disbursement, walked: conditions, compliance, two persons, and a bank that pays, refuses or says nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.engine import OperationCall
from app.forms import parse_form
from app.moment import Moment
from tests.processes.payout_answers import (
    APPROVE_PAYMENT,
    BANK_SILENT,
    CANCEL,
    CLEARED,
    COMPLIANCE_CLEAR,
    COMPLIANCE_HOLD,
    CONFIRM_PAYMENT,
    CORRECT_PAYEE,
    GIVE_UP,
    GO_ON,
    NO_WAIVER,
    NOT_MET,
    PREPARE_OWN_PAYMENT,
    PREPARE_PAYMENT,
    RETURN_PAYMENT,
    UPHELD,
    WAIVE,
    WAIVER_WANTED,
    all_met,
)
from tests.processes.stages import texts
from tests.processes.walking import BEGIN, Walk, failing, files

ACCOUNT = {"$party": "a1", "masked": "***0017"}
FACTS: dict[str, Any] = {
    "reserved": Decimal("400000.00"),
    "committed": Decimal("0.00"),
    "earlier_loans": 1,
    "overdue_days": 0,
    "pledged_value": Decimal(0),
    "borrower": "甬江精工",
    "account_bank": "甬江银行",
    "account_number": ACCOUNT,
}
APPROVED = {"amount": Decimal("400000.00"), "rate_percent": Decimal("4.65"), "term_months": 12}
PAYEE = {"payee_name": "甬江精工", "payee_bank": "甬江银行", "payee_account": ACCOUNT}


def outcome(result: str, reason: str = "") -> dict[str, Any]:
    paid = {"payment_no": "PO1", "result": result, "amount": Decimal("400000.00"), "bank_reference": "B1"}
    return {"payment": paid | {"reason": reason}}


def results(**changed: Any) -> dict[str, Any]:
    return {
        "load_facts": {"facts": {"payout": FACTS}},
        "require_contracts": {"contracts": ["JK1"]},
        "pay_out": outcome("succeeded"),
        "query_payment": outcome("unknown"),
        "activate_loan": {"loan": {"loan_no": "DK1"}},
    } | changed


def begun(product: str = "working-capital", rating: str = "A", conditions: Any = None, **changed: Any) -> Walk:
    """A walk whose contracts are in force: the finance officer checks its conditions."""
    given = {"case_number": "LN1", "round": 1, "product": product, "channel": "online", "rating": rating}
    walk = Walk(results=results(**changed))
    return walk.open("disbursement", "ContractEffective", **given, approved=APPROVED, conditions=conditions)


def cleared(walk: Walk) -> Walk:
    """Every condition is met and compliance lets it pass."""
    walk.answer("check_conditions_task", all_met(walk.task("check_conditions_task").variables))
    return walk.answer("compliance_task", COMPLIANCE_CLEAR)


def prepared(walk: Walk) -> Walk:
    return walk.answer("prepare_own_task", PREPARE_OWN_PAYMENT, payment_no="PO1")


def confirmed(walk: Walk) -> Walk:
    """Prepared by one and confirmed by another."""
    return prepared(walk).answer("confirm_payout_task", CONFIRM_PAYMENT, payment_no="PO1")


def paid(**changed: Any) -> Walk:
    return confirmed(cleared(begun(**changed)))


def test_a_payout_goes_from_its_conditions_to_an_active_loan() -> None:
    walk = paid()

    assert walk.milestones == ["disbursed"] and walk.tasks == {}
    assert walk.messages[-1] == ("LoanActivated", {"case_number": "LN1", "loan_no": "DK1"})
    assert walk.elements[-2:] == ["make_loan_step", "loan_is_active"]  # nothing stands between the loan and the end
    told = [notice["to"] for notice in walk.notices]
    assert told == ["borrower", "funder", "funder", "core_enterprise", "custodian", "guarantor"]
    assert all("400000" in str(notice["text_zh"]) for notice in walk.notices)


def test_the_reviewers_own_conditions_stand_beside_those_of_the_table() -> None:
    walk = begun(conditions=[{"kind": "account", "text": "回款账户变更为监管账户"}])

    wanted = walk.task("check_conditions_task").variables["wanted"]
    assert [one["name"] for one in wanted][-1] == "审批条件：回款账户变更为监管账户" and wanted[-1]["mandatory"] is True
    assert len(wanted) == 3


@pytest.mark.parametrize(("product", "count"), [("working-capital", 2), ("trade-order", 4), ("warehouse-receipt", 4)])
def test_each_product_has_its_conditions(product: str, count: int) -> None:
    assert len(begun(product).task("check_conditions_task").variables["wanted"]) == count


def test_a_condition_that_is_needed_and_not_met_keeps_the_task() -> None:
    walk = begun()
    met = all_met(walk.task("check_conditions_task").variables)["checks"]
    walk.answer("check_conditions_task", {"checks": [met[0], NOT_MET]})

    assert walk.waiting == ["check_conditions_task"]
    variables = walk.task("check_conditions_task").variables
    assert variables["conditions_missing"] is True and variables["checks"][1]["met"] == "no"
    assert "compliance_task" in walk.answer("check_conditions_task", {"checks": met}).waiting


def test_what_may_follow_later_holds_nothing_up() -> None:
    walk = begun("warehouse-receipt")
    variables = walk.task("check_conditions_task").variables
    checks = [
        met if condition["mandatory"] else NOT_MET
        for condition, met in zip(variables["wanted"], all_met(variables)["checks"], strict=True)
    ]
    assert NOT_MET in checks

    assert walk.answer("check_conditions_task", {"checks": checks}).waiting == ["compliance_task"]


def test_conditions_that_stay_open_are_called_to_mind() -> None:
    walk = begun().wait(days=3, hours=1)

    assert walk.waiting == ["check_conditions_task"] and walk.notices[-1]["to"] == "funder"


@pytest.mark.parametrize(
    ("changed", "task"),
    [
        ({}, "prepare_own_task"),
        ({"rating": "B"}, "prepare_own_task"),
        ({"product": "trade-order"}, "prepare_entrusted_task"),
        ({"rating": "C", "load_facts": {"facts": {"payout": FACTS | {"earlier_loans": 0}}}}, "prepare_entrusted_task"),
        ({"rating": "AA", "load_facts": {"facts": {"payout": FACTS | {"earlier_loans": 0}}}}, "prepare_own_task"),
    ],
)
def test_the_table_says_who_is_paid(changed: dict[str, Any], task: str) -> None:
    assert cleared(begun(**changed)).waiting == [task]


def test_own_payment_goes_to_the_account_of_the_contract() -> None:
    variables = cleared(begun()).task("prepare_own_task").variables
    assert {name: variables[name] for name in PAYEE} == PAYEE and variables["payment_max"] == APPROVED["amount"]


def test_another_person_sees_exactly_what_was_prepared() -> None:
    walk = prepared(cleared(begun()))
    task = walk.task("confirm_payout_task")

    assert task.variables["payment_no"] == "PO1" and str(task.variables["amount"]) == PREPARE_OWN_PAYMENT["amount"]
    assert {name: task.variables[name] for name in PAYEE} == PAYEE
    assert {"credit_review", "credit_approval", "committee_vote", "payout_preparation"} <= set(
        task.properties["four_eyes"].split(",")
    )


def test_a_returned_payment_is_prepared_anew_with_the_reason_and_what_was_typed() -> None:
    walk = prepared(cleared(begun())).answer("confirm_payout_task", RETURN_PAYMENT, payment_no="PO1")

    variables = walk.task("prepare_own_task").variables
    assert variables["return_remark"] == RETURN_PAYMENT["remark"] and variables["purpose"] == "补充流动资金"
    assert "send_payment_step" not in walk.elements
    assert confirmed(walk).milestones == ["disbursed"]


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


@pytest.mark.parametrize("sent", ["sent", "unknown"])
def test_an_open_result_is_waited_for_and_believed(sent: str) -> None:
    walk = paid(pay_out=outcome(sent))
    assert walk.waiting == [] and walk.keys["PaymentResult"] == "PO1"

    walk.tell("PaymentResult", **outcome("succeeded")["payment"], case_number="LN1")

    assert walk.milestones == ["disbursed"] and walk.elements.count("send_payment_step") == 1


def test_an_unknown_result_is_queried_every_four_hours_and_never_sent_again() -> None:
    walk = paid(pay_out=outcome("unknown"))
    for queries in range(1, 6):
        walk.wait(hours=4, minutes=1)
        assert walk.elements.count("ask_bank_step") == queries and walk.waiting == []
    walk.wait(hours=4, minutes=1)

    assert walk.waiting == ["chase_payment_task"]
    walk.results = results(query_payment=outcome("succeeded"))
    walk.answer("chase_payment_task", BANK_SILENT)
    assert walk.milestones == ["disbursed"] and walk.elements.count("send_payment_step") == 1


def test_after_a_fruitless_chase_the_bank_is_asked_again_six_times() -> None:
    walk = paid(pay_out=outcome("unknown"))
    for _ in range(6):
        walk.wait(hours=4, minutes=1)
    walk.answer("chase_payment_task", BANK_SILENT)
    assert walk.waiting == [] and walk.elements.count("ask_bank_step") == 7
    for _ in range(5):
        walk.wait(hours=4, minutes=1)

    assert walk.waiting == ["chase_payment_task"] and walk.elements.count("send_payment_step") == 1


@pytest.mark.parametrize("by", ["answer", "message", "query"])
def test_a_payment_that_the_bank_refused_is_prepared_anew(by: str) -> None:
    refused = outcome("failed", "账号不存在")
    walk = paid(pay_out=refused if by == "answer" else outcome("sent"), query_payment=refused)
    if by == "message":
        walk.tell("PaymentResult", **refused["payment"], case_number="LN1")
    elif by == "query":
        walk.wait(hours=4, minutes=1)
    assert walk.task("failed_payment_task").variables["payment"]["reason"] == "账号不存在"

    walk.answer("failed_payment_task", CORRECT_PAYEE)
    assert "账号不存在" in walk.task("prepare_own_task").variables["return_remark"]
    walk.results = results()
    assert confirmed(walk).milestones == ["disbursed"]


def test_a_refused_payment_that_is_given_up_frees_the_limit() -> None:
    walk = paid(pay_out=outcome("failed", "账号不存在")).answer("failed_payment_task", GIVE_UP)

    assert walk.milestones == ["payout_cancelled"] and "release_after_failure" in walk.elements
    assert walk.notices[-1]["to"] == "borrower"


def test_an_entrusted_payment_names_the_supplier() -> None:
    walk = cleared(begun("trade-order"))
    assert walk.task("prepare_entrusted_task").variables["payee_name"] is None
    walk.answer("prepare_entrusted_task", PREPARE_PAYMENT | {"payment_evidence": [1]}, payment_no="PO1")

    assert walk.task("confirm_payout_task").variables["payee_name"] == PREPARE_PAYMENT["payee_name"]


def test_an_entrusted_payment_needs_its_contract_or_invoice() -> None:
    task = cleared(begun("trade-order")).task("prepare_entrusted_task")
    form = parse_form(files()["forms/prepare_payment.form"])

    errors = form.check(PREPARE_PAYMENT, task.variables, Moment.at(BEGIN)).errors

    assert [error.path for error in errors] == ["payment_evidence"]


def test_the_payment_that_leaves_is_the_one_that_was_confirmed() -> None:
    seen: list[OperationCall] = []

    def noted(call: OperationCall) -> dict[str, Any]:
        seen.append(call)
        return outcome("succeeded")

    paid(pay_out=noted)

    assert [call.variables["payment_no"] for call in seen] == ["PO1"]
