"""Statements of a made-up firm, balanced and plausible, as an application's rows of plain values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

GIVEN: dict[str, str] = {
    "cash_yuan": "3100000",
    "receivables_yuan": "7200000",
    "inventory_yuan": "5400000",
    "current_assets_yuan": "16800000",
    "total_assets_yuan": "28400000",
    "short_loans_yuan": "5000000",
    "payables_yuan": "4300000",
    "current_liabilities_yuan": "11200000",
    "long_loans_yuan": "2000000",
    "total_liabilities_yuan": "13900000",
    "equity_yuan": "14500000",
    "revenue_yuan": "42660000",
    "cost_yuan": "33280000",
    "interest_yuan": "390000",
    "tax_yuan": "740000",
    "profit_yuan": "3120000",
    "depreciation_yuan": "1150000",
    "operating_cash_yuan": "2900000",
    "investing_cash_yuan": "-1400000",
    "financing_cash_yuan": "-600000",
    "debt_repaid_yuan": "2500000",
}


def statement(ended_on: str = "2025-12-31", factor: str = "1", **changes: Any) -> dict[str, Any]:
    """One row of `statements`: every amount times the factor, with changes; a change to None takes a line away."""
    lines: dict[str, Any] = {name: Decimal(value) * Decimal(factor) for name, value in GIVEN.items()}
    row = {"ended_on": ended_on, "audit": "own"} | lines | changes
    return {key: value for key, value in row.items() if value is not None}
