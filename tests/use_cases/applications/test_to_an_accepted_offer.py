"""The main path of two products on the real database and engine, from the draft to the accepted offer."""

from __future__ import annotations

from decimal import Decimal

from tests.desk import COMMITTEE, CONFIRMER, FIRM, LEAD, MANAGER, REVIEWER, SECOND_REVIEWER, Desk
from tests.processes import answers
from tests.use_cases.lookups import offer_states, told, used_of


def test_a_working_capital_loan_is_approved_with_another_amount_and_accepted(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_second_review()

    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_CHANGED)
    offered = desk.case(number).milestone
    desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)

    assert offered == "offer_issued"
    assert desk.case(number).milestone == "contracts_made"
    assert offer_states(desk, number) == ["accepted"]
    assert used_of(desk, "funder") == Decimal("2800000.00")
    assert [instance.status for instance in desk.instances(number)] == ["completed"] * 3 + ["active"]
    assert [task.form_key for task in desk.open_tasks(number)] == ["sign_contract"] and desk.incidents(number) == []
    assert any("280.00 万元" in text for text in told(desk, number, "qingxi"))


def test_the_core_enterprise_confirms_what_it_owes_before_a_trade_order_is_accepted(desk: Desk) -> None:
    number = desk.at_confirmation()
    before = desk.case(number).milestone

    desk.complete(CONFIRMER, number, "confirm_payable", answers.CONFIRM_PAYABLE)

    assert (before, desk.case(number).milestone) == ("submitted", "accepted")


def test_a_trade_order_loan_uses_the_limit_of_its_core_enterprise(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = desk.at_confirmation()
    desk.complete(CONFIRMER, number, "confirm_payable", answers.CONFIRM_PAYABLE)
    if desk.waits_for(number, "site_visit"):
        desk.complete(MANAGER, number, "site_visit", answers.SITE_VISIT)
    proposal = answers.INITIAL_PASS["proposal"] | {
        "amount": "800000.00",
        "term_months": "6",
        "repayment_method": "bullet",
    }
    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_PASS | {"proposal": proposal})
    desk.complete(SECOND_REVIEWER, number, "second_review", answers.SECOND_APPROVE | {"approved": proposal})

    desk.complete(FIRM, number, "accept_offer", answers.ACCEPT)

    assert desk.case(number).milestone == "contracts_made"
    assert used_of(desk, "core_enterprise") == Decimal("800000.00")


def test_a_disputed_payable_sends_the_firm_back_to_its_order(desk: Desk) -> None:
    number = desk.at_confirmation()

    desk.complete(CONFIRMER, number, "confirm_payable", answers.DISPUTE_PAYABLE)

    assert [task.form_key for task in desk.open_tasks(number)] == ["supplement"]
    assert any("合同" in text or "核心企业" in text for text in told(desk, number, "qingxi"))


def test_score_and_rating_stand_in_the_cases_columns_for_lists(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database

    number = desk.at_initial_review()

    known = desk.task(number, "initial_review").variables
    case = desk.case(number)
    assert case.score is not None and (case.score, case.rating) == (known["score"], known["rating"])


def test_a_large_credit_needs_the_committees_votes(desk: Desk) -> None:
    number = desk.at_committee()
    seats = len(desk.open_tasks(number))
    for member in COMMITTEE[:2]:  # two thirds decide; nobody waits for the third
        desk.complete(member, number, "committee_vote", answers.COMMITTEE_AGREE)

    assert seats == len(COMMITTEE)
    assert desk.case(number).milestone == "offer_issued"


def test_a_review_that_is_referred_is_decided_by_the_lead(desk: Desk) -> None:
    number = desk.at_initial_review()
    desk.complete(REVIEWER, number, "initial_review", answers.INITIAL_REFER)

    desk.complete(LEAD, number, "lead_decision", answers.LEAD_PASS)

    assert desk.case(number).milestone == "initial_passed"
    assert desk.waits_for(number, "second_review")
