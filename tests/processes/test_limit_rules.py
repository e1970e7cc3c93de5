"""What the system proposes at most: haircut, limit, term and price, on examples and over all combinations."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise, product
from typing import Any

import pytest

from tests.processes.rule_tables import APPLICATION, GRADES, PLEDGED, PRODUCTS, decide, hits


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
        (PLEDGED | {"rating": "AA", "valuation": {"used": Decimal("90000000")}}, 20000000, 12),
        (PLEDGED | {"rating": "A", "receipt": {"expires_on": "2027-04-30"}}, 1490000, 5),
        ({"product": "warehouse-receipt", "rating": "A", "valuation": None, "haircut": None}, 10000, 3),
    ],
)
def test_the_limit_is_a_share_of_revenue_payable_or_goods_rounded_down(
    change: dict[str, Any], amount: int, term: int
) -> None:
    found = decide(
        "limit_and_term", APPLICATION | {"payable": None, "receipt": None, "valuation": None, "haircut": None} | change
    )
    assert (found["max_amount"], found["max_term_months"]) == (amount, term)


def test_the_price_is_lpr_plus_the_spread_and_the_floor_lies_below() -> None:
    price = decide("pricing", APPLICATION | {"rating": "B", "lpr_percent": Decimal("3.00")})
    assert (price["rate_percent"], price["floor_percent"], price["spread_bp"]) == (
        Decimal("4.65"),
        Decimal("4.35"),
        165,
    )


def test_a_unique_table_has_exactly_one_row_for_every_input() -> None:
    score = ({"score": value} for value in (None, 0, 419, 419.5, 420, 519, 520, 619, 620, 699, 700, 849, 850, 891))
    assert all(hits("rating", variables) == 1 for variables in score)
    for key, grade, term in product(PRODUCTS, GRADES, (None, 1, 12, 13, 36)):
        price = {"product": key, "rating": grade, "term_months": term, "lpr_percent": Decimal(3)}
        assert hits("pricing", price) == 1, price
    amounts = (None, Decimal(-1), Decimal(0), Decimal("0.01"), Decimal(10**9))
    for key, grade, revenue, secured in product(PRODUCTS, GRADES, amounts, amounts):
        limit = {"product": key, "rating": grade, "revenue_yuan": revenue, "payable": {"amount": secured}}
        limit |= {"receipt": {"expires_on": None}, "valuation": {"used": secured}, "haircut": 70}
        assert hits("limit_and_term", limit) == 1, limit
    kinds = ("nonferrous", "steel", "grain", "pulp", "textile", "chemical", "other", None)
    for kind, condition in product(kinds, ("good", "packaging", "damaged", None)):
        assert hits("valuation_haircut", {"goods_kind": kind, "goods_found": {"condition": condition}}) == 1, kind


AMOUNTS = (None, Decimal(1), Decimal(500_000), Decimal(3_000_001), Decimal(42_660_000), Decimal(10**9))
REQUESTS = (Decimal(100_000), Decimal(1_000_000), Decimal("1000000.01"), Decimal(3_000_001), Decimal(10_000_001))


@pytest.mark.parametrize("product_key", PRODUCTS)
def test_a_better_grade_never_gets_a_lower_limit_a_shorter_term_or_fewer_methods(product_key: str) -> None:
    for amount, expires in product(AMOUNTS, (None, "2026-12-30", "2028-11-30")):
        facts = APPLICATION | {"product": product_key, "revenue_yuan": amount, "payable": {"amount": amount}}
        facts |= {"valuation": {"used": amount}, "haircut": 70, "receipt": {"expires_on": expires}}
        found = [decide("limit_and_term", facts | {"rating": grade}) for grade in GRADES]
        for better, worse in pairwise(found):
            assert better["max_amount"] >= worse["max_amount"] and better["max_term_months"] >= worse["max_term_months"]
            assert set(better["methods"]) >= set(worse["methods"])


@pytest.mark.parametrize("product_key", PRODUCTS)
def test_a_better_grade_never_pays_more(product_key: str) -> None:
    for term in (None, 1, 6, 12, 13, 36):
        facts = APPLICATION | {"product": product_key, "term_months": term, "lpr_percent": Decimal(3)}
        prices = [decide("pricing", facts | {"rating": grade}) for grade in GRADES]
        for better, worse in pairwise(prices):
            assert better["rate_percent"] < worse["rate_percent"] and better["floor_percent"] < worse["floor_percent"]


def test_a_better_grade_is_never_looked_into_more_or_decided_higher_up() -> None:
    level = {"one": 1, "two": 2, "committee": 3}
    for amount, knockouts in product(REQUESTS, ([], [{"code": "OVERDUE_90"}])):
        facts = {"requested_amount": amount, "knockouts": knockouts, "proposal": {"amount": amount}}
        facts |= {"deviation": bool(knockouts)}
        found = [decide("due_diligence_level", facts | {"rating": grade}) for grade in GRADES]
        seats = [decide("approval_authority", facts | {"rating": grade}) for grade in GRADES]
        for better, worse in pairwise(found):
            assert better["site_visit"] <= worse["site_visit"] and better["lead_approves"] <= worse["lead_approves"]
        for low, high in pairwise(seats):
            assert level[low["level"]] <= level[high["level"]] and low["seats"] <= high["seats"]


def test_a_better_grade_is_never_knocked_out_where_a_worse_one_is_not() -> None:
    facts = {"bureau": {"overdue_days_max": 0}, "risk": {"flags": [], "score": 70}, "enterprise": {"status": "active"}}
    codes = [len(decide("policy_knockout", facts | {"rating": grade}) or []) for grade in GRADES]
    assert codes == sorted(codes) and codes[-1] == 1


def test_more_points_are_never_a_worse_grade() -> None:
    grades = [GRADES.index(decide("rating", {"score": score})) for score in range(0, 900)]
    assert grades == sorted(grades, reverse=True) and set(grades) == set(range(len(GRADES)))
