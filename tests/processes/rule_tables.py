"""The shipped rule tables evaluated for tests, and an application that fits each product."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.decisions import DecisionModel, parse_dmn
from app.moment import Moment

RULES = Path(__file__).parents[2] / "rules"
MOMENT = Moment.at(datetime(2026, 11, 21, 2, tzinfo=UTC))
GRADES = ("AAA", "AA", "A", "B", "C", "D")
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
PLEDGED: dict[str, Any] = {
    "product": "warehouse-receipt",
    "receipt": {"value": Decimal("2135000.00"), "expires_on": "2027-11-30"},
    "valuation": {"first": Decimal("2141100.00"), "second": Decimal("2135000.00"), "used": Decimal("2135000.00")},
    "haircut": 70,
}


@cache
def model(key: str) -> DecisionModel:
    return parse_dmn((RULES / f"{key}.dmn").read_bytes())


def decide(key: str, variables: dict[str, Any]) -> Any:
    return model(key).evaluate(key, variables, MOMENT).value


def hits(key: str, variables: dict[str, Any]) -> int:
    evaluation = model(key).evaluate(key, variables, MOMENT)
    return len(evaluation.traces[-1].hits)
