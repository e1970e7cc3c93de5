"""Disbursement, walked: conditions, compliance, two persons, and a bank that pays, refuses or says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine import OperationCall
from app.forms import parse_form
from app.moment import Moment
from tests.processes.payout_answers import (
    BANK_SILENT,
    CORRECT_PAYEE,
    GIVE_UP,
    NOT_MET,
    PREPARE_OWN_PAYMENT,
    PREPARE_PAYMENT,
    RETURN_PAYMENT,
    all_met,
)
from tests.processes.payout_walks import (
    APPROVED,
    FACTS,
    PAYEE,
    begun,
    cleared,
    confirmed,
    outcome,
    paid,
    prepared,
    results,
)
from tests.processes.walking import BEGIN, files


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
