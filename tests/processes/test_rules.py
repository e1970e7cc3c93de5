"""The shipped rule tables, on examples that credit people can check with pen and paper."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest

from app.decisions import DecisionModel, parse_dmn
from app.moment import Moment

RULES = Path(__file__).parents[2] / "rules"
MOMENT = Moment.at(datetime(2026, 11, 21, 2, tzinfo=UTC))
GRADES = ("AA", "A", "B", "C", "D")
PRODUCTS = ("working-capital", "trade-order", "warehouse-receipt")
APPLICATION: dict[str, Any] = {
    "product": "working-capital",
    "channel": "online",
    "requested_amount": Decimal("4000000.00"),
    "term_months": 12,
    "industry": "C",
    "established_on": "2017-03-08",
    "employees": 86,
    "order_amount": None,
    "revenue_yuan": Decimal("42660000.00"),
    "profit_yuan": Decimal("3120000.00"),
    "total_assets_yuan": Decimal("28400000.00"),
    "total_liabilities_yuan": Decimal("13900000.00"),
}
GOODS: dict[str, Any] = {
    "product": "warehouse-receipt",
    "term_months": 6,
    "receipt_value": Decimal("5000000.00"),
    "receipt_expires_on": "2027-05-21",
}
PLEDGED: dict[str, Any] = {
    "product": "warehouse-receipt",
    "receipt": {"value": Decimal("2135000.00"), "expires_on": "2027-11-30"},
    "haircut": 70,
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


@cache
def model(key: str) -> DecisionModel:
    return parse_dmn((RULES / f"{key}.dmn").read_bytes())


def decide(key: str, variables: dict[str, Any]) -> Any:
    return model(key).evaluate(key, variables, MOMENT).value


def hits(key: str, variables: dict[str, Any]) -> int:
    evaluation = model(key).evaluate(key, variables, MOMENT)
    return len(evaluation.traces[-1].hits)


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
        (850, "AA"),
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
    ("amount", "rating", "knocked_out", "visit", "days"),
    [
        ("1000000", "D", False, False, 1),
        ("1000000.01", "B", False, False, 2),
        ("1000000.01", "C", False, True, 2),
        ("3000000.01", "AA", False, True, 2),
        ("10000000.01", "AA", False, True, 3),
        ("50000", "A", True, True, 2),
    ],
)
def test_the_site_visit_and_the_time_follow_amount_and_grade(
    amount: str, rating: str, knocked_out: bool, visit: bool, days: int
) -> None:
    variables = {"requested_amount": Decimal(amount), "rating": rating, "knockouts": [{}] if knocked_out else []}
    assert decide("due_diligence_level", variables) == {"site_visit": visit, "review_days": days}


@pytest.mark.parametrize(
    ("kind", "condition", "percent"),
    [
        ("nonferrous", "good", 70),
        ("nonferrous", "packaging", 70),
        ("nonferrous", "damaged", 20),
        ("pulp", None, 60),
        ("other", "good", 40),
        (None, None, 40),
    ],
)
def test_how_much_of_the_goods_is_lent_on_follows_their_kind_and_condition(
    kind: str | None, condition: str | None, percent: int
) -> None:
    assert decide("valuation_haircut", {"goods_kind": kind, "goods_found": {"condition": condition}}) == percent


@pytest.mark.parametrize(
    ("change", "amount", "term"),
    [
        ({"rating": "B"}, 4260000, 24),
        ({"rating": "B", "revenue_yuan": Decimal("99000000")}, 5000000, 24),
        ({"rating": "A", "revenue_yuan": None}, 800000, 12),
        ({"rating": "C", "revenue_yuan": Decimal("100")}, 10000, 6),
        ({"product": "trade-order", "rating": "A", "payable": {"amount": Decimal("1200000")}}, 1020000, 12),
        ({"product": "trade-order", "rating": "A", "payable": None}, 10000, 3),
        (PLEDGED | {"rating": "A"}, 1490000, 12),  # 70% of 2,135,000
        (PLEDGED | {"rating": "C"}, 1490000, 6),
        (PLEDGED | {"rating": "AA", "receipt": {"value": Decimal("90000000"), "expires_on": None}}, 20000000, 12),
        (PLEDGED | {"rating": "A", "receipt": {"value": Decimal("2135000"), "expires_on": "2027-04-30"}}, 1490000, 5),
        ({"product": "warehouse-receipt", "rating": "A", "receipt": None, "haircut": None}, 10000, 3),
    ],
)
def test_the_limit_is_a_share_of_revenue_payable_or_goods_rounded_down(
    change: dict[str, Any], amount: int, term: int
) -> None:
    found = decide("limit_and_term", APPLICATION | {"payable": None, "receipt": None, "haircut": None} | change)
    assert (found["max_amount"], found["max_term_months"]) == (amount, term)


def test_the_price_is_lpr_plus_the_spread_and_the_floor_lies_below() -> None:
    price = decide("pricing", APPLICATION | {"rating": "B", "lpr_percent": Decimal("3.00")})
    assert (price["rate_percent"], price["floor_percent"], price["spread_bp"]) == (
        Decimal("4.65"),
        Decimal("4.35"),
        165,
    )


@pytest.mark.parametrize(
    ("amount", "rating", "deviation", "level"),
    [
        ("5000000", "B", False, "one"),
        ("5000000.01", "AA", False, "committee"),
        ("1000000", "C", False, "one"),
        ("1000000.01", "C", False, "committee"),
        ("10000", "A", True, "committee"),
    ],
)
def test_the_committee_decides_large_weak_and_deviating_credits(
    amount: str, rating: str, deviation: bool, level: str
) -> None:
    variables = {"proposal": {"amount": Decimal(amount)}, "rating": rating, "deviation": deviation}
    assert decide("approval_authority", variables)["level"] == level


def test_a_unique_table_has_exactly_one_row_for_every_input() -> None:
    score = ({"score": value} for value in (None, 0, 419, 419.5, 420, 519, 520, 619, 620, 699, 700, 851))
    assert all(hits("rating", variables) == 1 for variables in score)
    for key, grade, term in product(PRODUCTS, GRADES, (None, 1, 12, 13, 36)):
        price = {"product": key, "rating": grade, "term_months": term, "lpr_percent": Decimal(3)}
        assert hits("pricing", price) == 1, price
    amounts = (None, Decimal(-1), Decimal(0), Decimal("0.01"), Decimal(10**9))
    for key, grade, revenue, secured in product(PRODUCTS, GRADES, amounts, amounts):
        limit = {"product": key, "rating": grade, "revenue_yuan": revenue, "payable": {"amount": secured}}
        limit |= {"receipt": {"value": secured, "expires_on": None}, "haircut": 70}
        assert hits("limit_and_term", limit) == 1, limit
    kinds = ("nonferrous", "steel", "grain", "pulp", "textile", "chemical", "other", None)
    for kind, condition in product(kinds, ("good", "packaging", "damaged", None)):
        assert hits("valuation_haircut", {"goods_kind": kind, "goods_found": {"condition": condition}}) == 1, kind


@pytest.mark.parametrize("product_key", PRODUCTS)
def test_a_better_grade_never_gets_worse_terms(product_key: str) -> None:
    known = APPLICATION | PLEDGED | {"payable": {"amount": Decimal(900000)}, "lpr_percent": Decimal(3)}
    known |= {"product": product_key}
    for revenue, term in product((None, Decimal(500000), Decimal(42660000)), (6, 24)):
        facts = known | {"revenue_yuan": revenue, "term_months": term}
        limits = [decide("limit_and_term", facts | {"rating": grade}) for grade in GRADES]
        prices = [decide("pricing", facts | {"rating": grade}) for grade in GRADES]
        for better, worse in pairwise(limits):
            assert better["max_amount"] >= worse["max_amount"] and better["max_term_months"] >= worse["max_term_months"]
        for better, worse in pairwise(prices):
            assert better["rate_percent"] < worse["rate_percent"] and better["floor_percent"] < worse["floor_percent"]
