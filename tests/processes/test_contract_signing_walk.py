"""Contract signing, walked: who signs in which order, what is registered, and what lapses."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine import OperationCall
from tests.processes import answers
from tests.processes.payout_answers import CONTRACTS_PASS, CONTRACTS_REMAKE, REGISTRATION
from tests.processes.stages import offered, small, submitted, texts, with_documents
from tests.processes.walking import Walk

PARTIES = {"loan": ["borrower", "funder"], "guarantee": ["guarantor", "funder"]} | {
    "receivable_notice": ["borrower", "core_enterprise", "funder"],
    "warehouse_pledge": ["borrower", "custodian", "funder"],
}
ORDER = ["borrower", "guarantor", "core_enterprise", "custodian", "funder"]


def made(call: OperationCall) -> dict[str, Any]:
    """What generate_contracts gives for the kinds that the diagram asked for."""
    kinds = call.variables["contracts"]
    places = [
        {"key": f"{kind}/{who}", "contract": kind, "kind": kind, "capacity": who}
        for kind in kinds
        for who in PARTIES[kind]
    ]
    places.sort(key=lambda place: ORDER.index(place["capacity"]))
    return {"contracts": [{"number": kind, "kind": kind} for kind in kinds], "signatures": places}


def facts(**parties: str) -> dict[str, Any]:
    return {"facts": {"parties": parties, "invoices": {"numbers": ["20261108"]}}}


def results(**changed: Any) -> dict[str, Any]:
    """What the operations give when nothing goes wrong."""
    return {
        "load_facts": facts(borrower="甬江精工", funder="之江银行"),
        "generate_contracts": made,
        "require_contracts": {"contracts": ["loan"]},
        "lapse_contract": {"lapsed": ["loan"]},
        "record_registration": {"registration": {}},
    } | changed


def approved(walk: Walk, **changed: Any) -> Walk:
    """The walk goes on from the accepted offer into contract signing."""
    walk.results = walk.results | results(**changed)
    return walk.answer("accept_offer", answers.ACCEPT).follow("CreditApproved", "contract_signing")


def at_signing(**changed: Any) -> Walk:
    return approved(offered(), **changed)


def order_approved() -> Walk:
    """A trade order whose contracts wait for signatures."""
    walk = submitted(answers.TRADE_ORDER)
    walk.answer("upload_documents", _documents(walk)).answer("confirm_payable", answers.CONFIRM_PAYABLE)
    walk.follow("ApplicationAccepted", "initial_review")
    terms = {"amount": "900000.00", "rate_percent": "4.65", "term_months": "6", "repayment_method": "bullet"}
    if "visit_site" in walk.waiting:
        walk.answer("visit_site", answers.SITE_VISIT)
    walk.answer("review", answers.INITIAL_PASS | {"proposal": terms}).follow("InitialReviewDecided", "second_review")
    walk.answer("second_review_task", answers.SECOND_APPROVE | {"approved": terms})
    return approved(walk)


def _documents(walk: Walk) -> dict[str, Any]:
    listed = walk.task("upload_documents").variables["document_checklist"]
    return answers.uploaded(item["kind"] for item in listed)


def sign(walk: Walk, *places: str) -> Walk:
    for place in places:
        walk.tell(f"SignatureCompleted {place}", contract_number=place.partition("/")[0])
    return walk


def roles(walk: Walk) -> list[str]:
    return sorted(group for task in walk.tasks.values() for group in task.candidate_groups)


def test_a_small_loan_is_signed_by_the_firm_and_then_by_the_funder() -> None:
    walk = at_signing()
    assert walk.milestones[-1] == "contracts_made" and roles(walk) == ["borrower"]

    sign(walk, "loan/borrower")
    assert roles(walk) == ["funder_signatory"]
    sign(walk, "loan/funder")

    assert walk.milestones[-1] == "contracts_signed" and walk.tasks == {}
    name, payload = walk.messages[-1]
    assert name == "ContractEffective" and payload["contracts"] == [{"number": "loan", "kind": "loan"}]
    assert payload["approved"]["amount"] and payload["rating"] and payload["offer"]


def test_a_signing_task_names_the_contract_and_is_ended_by_its_signature_only() -> None:
    task = at_signing().task("party_sign_task")

    assert task.properties["contracts"] == "sign" and task.variables["signature"]["contract"] == "loan"


def test_a_trade_order_is_signed_by_all_in_parallel_and_its_pledge_registered() -> None:
    walk = order_approved()
    assert roles(walk) == ["borrower", "borrower", "core_enterprise_confirmer"]

    sign(walk, "receivable_notice/core_enterprise", "loan/borrower", "receivable_notice/borrower")
    assert roles(walk) == ["funder_signatory", "funder_signatory"]
    sign(walk, "receivable_notice/funder", "loan/funder")
    assert walk.waiting == ["register_pledge_task"]
    walk.answer("register_pledge_task", REGISTRATION)

    assert walk.messages[-1][1]["registration"]["registration_no"] == REGISTRATION["registration_no"]
    assert "record_pledge_registration" not in walk.elements


def test_the_notice_prints_the_receivable_that_the_core_enterprise_confirmed() -> None:
    seen: list[OperationCall] = []

    def noted(call: OperationCall) -> dict[str, Any]:
        seen.append(call)
        return made(call)

    walk = submitted(answers.TRADE_ORDER)
    walk.results = {"generate_contracts": noted}
    walk.answer("upload_documents", _documents(walk)).answer("confirm_payable", answers.CONFIRM_PAYABLE)
    given = dict(walk.messages[-1][1])
    walk.results = results(generate_contracts=noted)
    terms = {"amount": 900000, "rate_percent": 4.65, "term_months": 6, "repayment_method": "bullet"}
    walk.open("contract_signing", "CreditApproved", **(given | {"approved": terms, "conditions": None}))

    receivable = seen[0].variables["receivable"]
    assert (receivable["order_number"], str(receivable["payable_amount"])) == ("PO-2026-11083", "1200000.00")
    assert receivable["payable_due_on"] == "2027-05-31" and receivable["invoices"] == ["20261108"]
    assert seen[0].variables["penalty_uplift_percent"] == 50 and seen[0].variables["conditions"] == []


def test_a_guarantor_signs_a_guarantee() -> None:
    walk = at_signing(load_facts=facts(borrower="甬江精工", funder="之江银行", guarantor="东明机械"))

    assert roles(walk) == ["borrower", "guarantor_signatory"]


def receipt_at_signing() -> Walk:
    """A warehouse receipt of 900,000 yuan whose contracts wait for signatures."""
    given = {"case_number": "LN1", "round": 1, "product": "warehouse-receipt", "channel": "online"}
    terms = {"amount": 900000, "rate_percent": 4.65, "term_months": 6, "repayment_method": "bullet"}
    receipt = {
        "number": "CD1",
        "goods": "电解铜",
        "quantity": "30",
        "unit": "吨",
        "value": 2000000,
        "warehouse": "一号库",
    }
    walk = Walk(results=results())
    return walk.open("contract_signing", "CreditApproved", **given, approved=terms, conditions=None, receipt=receipt)


def test_a_warehouse_receipt_is_signed_by_its_keeper_and_the_registration_noted_on_it() -> None:
    walk = receipt_at_signing()
    assert roles(walk) == ["borrower", "borrower", "warehouse_keeper"]

    sign(walk, "loan/borrower", "warehouse_pledge/borrower", "warehouse_pledge/custodian")
    sign(walk, "loan/funder", "warehouse_pledge/funder")
    walk.answer("register_pledge_task", REGISTRATION)

    assert walk.elements.count("record_pledge_registration") and walk.milestones[-1] == "contracts_signed"


def large() -> Walk:
    walk = with_documents(submitted()).follow("ApplicationAccepted", "initial_review")
    walk.answer("visit_site", answers.SITE_VISIT)
    terms = answers.INITIAL_PASS["proposal"] | {"amount": "3200000.00"}
    walk.answer("review", answers.INITIAL_PASS | {"proposal": terms}).follow("InitialReviewDecided", "second_review")
    return approved(walk.answer("second_review_task", answers.SECOND_APPROVE | {"approved": terms}))


def test_a_large_loans_contracts_are_checked_first_and_may_be_made_again() -> None:
    walk = large()
    assert walk.waiting == ["check_contracts"]

    walk.answer("check_contracts", CONTRACTS_REMAKE)
    assert walk.elements.count("make_contracts") == 2 and walk.waiting == ["check_contracts"]
    walk.answer("check_contracts", CONTRACTS_PASS)

    assert roles(walk) == ["borrower"] and walk.variables["conditions"] == CONTRACTS_REMAKE["conditions"]


def test_who_has_not_signed_after_a_week_is_reminded() -> None:
    walk = at_signing().wait(days=7, hours=1)

    assert walk.notices[-1]["to"] == "borrower" and "loan" in walk.notices[-1]["text_zh"]
    assert walk.waiting == ["party_sign_task"]
    assert sign(walk, "loan/borrower", "loan/funder").milestones[-1] == "contracts_signed"


@pytest.mark.parametrize("signed", [[], ["loan/borrower"]])
def test_what_is_not_signed_in_fifteen_days_lapses_and_frees_the_limit(signed: list[str]) -> None:
    walk = sign(at_signing(), *signed).wait(days=15, hours=1)

    assert walk.milestones[-1] == "contract_lapsed" and walk.messages[-1][0] == "ContractLapsed"
    assert {"end_contracts", "release_after_lapse"} <= set(walk.elements) and "已失效" in texts(walk)
    assert walk.tasks == {}


def test_contracts_that_were_all_signed_in_the_last_moment_do_not_lapse() -> None:
    walk = at_signing(lapse_contract={"lapsed": []}).wait(days=15, hours=1)

    assert walk.milestones[-1] == "contracts_signed"


def test_the_reviewers_conditions_are_printed() -> None:
    seen: list[OperationCall] = []

    def noted(call: OperationCall) -> dict[str, Any]:
        seen.append(call)
        return made(call)

    given = {"case_number": "LN1", "round": 1, "product": "working-capital", "channel": "online", "receipt": None}
    walk = Walk(results=results(generate_contracts=noted))
    conditions = small(answers.SECOND_CHANGED, "approved")["conditions"]
    walk.open("contract_signing", "CreditApproved", **given, approved={"amount": 1}, conditions=conditions)

    assert seen[0].variables["conditions"] == conditions and seen[0].variables["contracts"] == ["loan"]
