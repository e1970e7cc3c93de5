"""The shipped rule tables, on examples that credit people can check with pen and paper."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.decisions import parse_dmn
from tests.processes.rule_tables import APPLICATION, PRODUCTS, RULES, decide

GOODS: dict[str, Any] = {
    "product": "warehouse-receipt",
    "term_months": 6,
    "receipt_value": Decimal("5000000.00"),
    "receipt_expires_on": "2027-05-21",
}
BATCH: dict[str, Any] = {
    "product": "working-capital",
    "channel": "batch",
    "requested_amount": Decimal("50000.00"),
    "term_months": 24,
    "industry": "446120",
    "employees": 4,
    "established_new": "yes",
}
REPORTS: dict[str, Any] = {
    "risk": {"score": 72, "flags": []},
    "bureau": {"overdue_days_max": 0, "queries_6m": 7, "open_loans": 2, "balance_yuan": Decimal("3500000.00")},
    "history": {"applications": 1, "refused": 0, "accepted": 0, "overdue_days_max": 0},
    "enterprise": {"status": "active"},
    "rating": "B",
}


def codes(key: str, variables: dict[str, Any]) -> list[str]:
    return sorted(reason["code"] for reason in decide(key, variables))


@pytest.mark.parametrize("path", sorted(RULES.glob("*.dmn")), ids=lambda path: path.stem)
def test_a_file_holds_the_decision_it_is_named_after_in_both_languages(path: Path) -> None:
    decision = parse_dmn(path.read_bytes()).decisions[path.stem]
    assert decision.name.zh and decision.name.en and decision.name.zh != decision.name.en


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"term_months": 36}, []),
        ({"term_months": 37}, ["TERM_TOO_LONG"]),
        ({"term_months": None}, ["TERM_MISSING"]),
        ({"requested_amount": Decimal("10000000.01")}, ["AMOUNT_TOO_HIGH"]),
        ({"requested_amount": None}, ["AMOUNT_MISSING"]),
        ({"industry": "K", "employees": 1001}, ["INDUSTRY_EXCLUDED", "NOT_SMALL"]),
        ({"established_on": "2026-05-26"}, ["TOO_YOUNG"]),
        ({"established_on": "2026-05-25"}, []),
        ({"product": "trade-order", "order_amount": Decimal("4000000.00")}, []),
        ({"product": "trade-order", "order_amount": Decimal("3999999.99")}, ["OVER_ORDER"]),
        ({"product": "trade-order", "order_amount": None, "term_months": 13}, ["TERM_TOO_LONG"]),
        (GOODS, []),
        (GOODS | {"receipt_value": Decimal("3999999.99")}, ["OVER_RECEIPT"]),
        (GOODS | {"receipt_expires_on": "2027-05-20"}, ["RECEIPT_ENDS"]),
        (GOODS | {"receipt_expires_on": None, "term_months": 13}, ["TERM_TOO_LONG"]),
        (GOODS | {"requested_amount": Decimal("20000001"), "receipt_value": None}, ["AMOUNT_TOO_HIGH"]),
    ],
)
def test_an_application_is_eligible_unless_a_reason_is_named(change: dict[str, Any], expected: list[str]) -> None:
    assert codes("product_eligibility", APPLICATION | change) == expected


def test_a_batch_row_without_finances_or_age_is_eligible() -> None:
    assert codes("product_eligibility", BATCH) == []


def test_a_batch_row_that_asks_for_seven_years_is_not_eligible() -> None:
    assert codes("product_eligibility", BATCH | {"term_months": 84}) == ["TERM_TOO_LONG"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {},
            {
                "business_license",
                "representative_id_card",
                "bank_statements",
                "financial_statements",
                "purpose_contract",
            },
        ),
        ({"requested_amount": Decimal("400000")}, {"business_license", "representative_id_card", "bank_statements"}),
        (
            {"requested_amount": Decimal("400000"), "product": "trade-order"},
            {"business_license", "representative_id_card", "bank_statements", "order_contract"},
        ),
        (
            {"requested_amount": Decimal("400000"), "product": "warehouse-receipt"},
            {
                "business_license",
                "representative_id_card",
                "bank_statements",
                "warehouse_receipt",
                "ownership_proof",
            },
        ),
        (
            {"requested_amount": Decimal("400000"), "channel": "batch"},
            {"business_license", "representative_id_card", "bank_statements", "credit_consent"},
        ),
    ],
)
def test_the_mandatory_documents_follow_product_amount_and_channel(change: dict[str, Any], expected: set[str]) -> None:
    listed = decide("document_checklist", APPLICATION | change)
    assert {item["kind"] for item in listed if item["mandatory"]} == expected


@pytest.mark.parametrize("product_key", PRODUCTS)
def test_no_document_is_listed_twice(product_key: str) -> None:
    for amount in ("1", "500000", "500000.01", "1000000", "1000000.01", "9000000"):
        listed = decide(
            "document_checklist", APPLICATION | {"product": product_key, "requested_amount": Decimal(amount)}
        )
        kinds = [item["kind"] for item in listed]
        assert len(kinds) == len(set(kinds)), amount


def test_the_score_is_the_sum_of_the_hit_rows() -> None:
    # 80 base, 110 risk 72, 150 no overdue, 10 for 7 queries, 40 for 2 loans, 30 never refused, 80 age 9,
    # 40 for 86 people, 60 for a margin of 7.3%, 100 for a debt ratio of 48.9%
    assert decide("credit_score", APPLICATION | REPORTS) == 700


def test_missing_reports_and_figures_score_neutral() -> None:
    # 80 base, 60 risk, 80 bureau, 30 never refused, 45 age, 15 employees, 40 margin, 50 debt ratio
    assert decide("credit_score", {"product": "working-capital"}) == 400


def test_a_newly_founded_batch_firm_gets_no_points_for_age() -> None:
    old, new = BATCH | REPORTS | {"established_new": "no"}, BATCH | REPORTS
    assert decide("credit_score", old) - decide("credit_score", new) == 45


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (850, "AAA"),
        (849, "AA"),
        (700, "AA"),
        (699, "A"),
        (620, "A"),
        (619, "B"),
        (520, "B"),
        (519, "C"),
        (420, "C"),
        (419, "D"),
        (None, "D"),
    ],
)
def test_a_grade_begins_exactly_at_its_score(score: int | None, grade: str) -> None:
    assert decide("rating", {"score": score}) == grade


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"bureau": {"overdue_days_max": 90}}, []),
        ({"bureau": {"overdue_days_max": 91}}, ["OVERDUE_90"]),
        ({"risk": {"score": 19, "flags": ["executed_person"]}}, ["EXECUTED_PERSON", "RISK_SCORE"]),
        ({"risk": {"score": 20, "flags": ["tax_arrears"]}}, []),
        ({"enterprise": {"status": "revoked"}}, ["NOT_OPERATING"]),
        ({"rating": "D"}, ["RATING_D"]),
        ({"risk": None, "bureau": None, "history": None, "enterprise": None}, []),
    ],
)
def test_a_knock_out_needs_its_fact(change: dict[str, Any], expected: list[str]) -> None:
    assert codes("policy_knockout", REPORTS | change) == expected


@pytest.mark.parametrize(
    ("amount", "rating", "knocked_out", "visit", "lead"),
    [
        ("1000000", "C", False, False, True),
        ("1000000.01", "B", False, False, False),
        ("1000000.01", "C", False, True, True),
        ("3000000.01", "AA", False, True, False),
        ("50000", "A", True, True, True),
    ],
)
def test_the_site_visit_and_the_leads_say_follow_amount_and_grade(
    amount: str, rating: str, knocked_out: bool, visit: bool, lead: bool
) -> None:
    variables = {"requested_amount": Decimal(amount), "rating": rating, "knockouts": [{}] if knocked_out else []}
    assert decide("due_diligence_level", variables) == {"site_visit": visit, "lead_approves": lead}


@pytest.mark.parametrize(
    ("stage", "amount", "hours"),
    [
        ("initial_review", "1000000", 24),
        ("initial_review", "1000000.01", 48),
        ("initial_review", "10000000.01", 72),
        ("second_review", "1", 48),
        ("committee", "1", 120),
    ],
)
def test_the_hours_follow_step_and_amount(stage: str, amount: str, hours: int) -> None:
    found = decide("escalation", {"stage": stage, "requested_amount": Decimal(amount)})
    assert found["hours"] == hours and found["remind_percent"] < found["escalate_percent"] < found["reassign_percent"]


@pytest.mark.parametrize(
    ("amount", "rating", "deviation", "level"),
    [
        ("5000000", "B", False, "one"),
        ("5000000.01", "AA", False, "committee"),
        ("1000000", "C", False, "two"),
        ("500000", "C", False, "one"),
        ("1000000.01", "C", False, "committee"),
        ("10000", "A", True, "committee"),
    ],
)
def test_the_committee_decides_large_weak_and_deviating_credits(
    amount: str, rating: str, deviation: bool, level: str
) -> None:
    case = {"exposure_after": Decimal(amount), "secured": True}
    variables = {"proposal": {"amount": Decimal(amount)}, "rating": rating, "deviation": deviation} | case
    assert decide("approval_authority", variables)["level"] == level
