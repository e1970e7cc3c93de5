"""Reads a firm's financial statements from what it entered, whatever is missing or malformed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from app.texts import Text

# wide enough that no sum, product or quotient of amounts loses a digit before the one rounding at its end
WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 16  # yuan; an amount beyond it is no amount of a firm
MONTHS = 12

# The lines that the ratios need, by the names of 会企01 (balance sheet), 会企02 (profit and loss), 会企03 (cash flow).
LINES: dict[str, Text] = {
    "cash_yuan": Text("货币资金", "Cash and bank"),
    "receivables_yuan": Text("应收票据及应收账款", "Notes and accounts receivable"),
    "inventory_yuan": Text("存货", "Inventories"),
    "current_assets_yuan": Text("流动资产合计", "Total current assets"),
    "total_assets_yuan": Text("资产总计", "Total assets"),
    "short_loans_yuan": Text("短期借款", "Short-term borrowings"),
    "payables_yuan": Text("应付票据及应付账款", "Notes and accounts payable"),
    "current_liabilities_yuan": Text("流动负债合计", "Total current liabilities"),
    "long_loans_yuan": Text("长期借款", "Long-term borrowings"),
    "total_liabilities_yuan": Text("负债合计", "Total liabilities"),
    "equity_yuan": Text("所有者权益合计", "Total equity"),
    "revenue_yuan": Text("营业收入", "Operating revenue"),
    "cost_yuan": Text("营业成本", "Operating cost"),
    "interest_yuan": Text("利息费用", "Interest expense"),
    "tax_yuan": Text("所得税费用", "Income tax"),
    "profit_yuan": Text("净利润", "Net profit"),
    "depreciation_yuan": Text("折旧与摊销", "Depreciation and amortisation"),
    "operating_cash_yuan": Text("经营活动现金流量净额", "Net operating cash flow"),
    "investing_cash_yuan": Text("投资活动现金流量净额", "Net investing cash flow"),
    "financing_cash_yuan": Text("筹资活动现金流量净额", "Net financing cash flow"),
    "debt_repaid_yuan": Text("偿还债务支付的现金", "Cash paid to repay debt"),
}
# where the figures come from, by `audit`
AUDITS = {
    "audited": Text("经审计", "audited"),
    "tax": Text("纳税申报报表", "as filed with the tax office"),
    "own": Text("企业自编，未经审计", "the firm's own, not audited"),
    "": Text("申请人填报，未经审计", "as stated by the applicant, not audited"),
}
# what an application without statements says of the last year
STATED = ("revenue_yuan", "profit_yuan", "total_assets_yuan", "total_liabilities_yuan")


@dataclass(frozen=True)
class Statement:
    """The statements of one period that ends on `ended_on`; a line that was not given is absent from `lines`.

    The financial year is the calendar year (会计法 11), so a period that ends in June covers `months` = 6. `audit` is
    "audited", "tax" (as filed with the tax office), "own", or "" where nothing was said. `ended_on` is None for the
    figures of an application without statements: they count as a year.
    """

    ended_on: date | None
    lines: Mapping[str, Decimal]
    audit: str = ""

    @property
    def months(self) -> int:
        """The months that the period covers, 1 to 12."""
        return self.ended_on.month if self.ended_on else MONTHS

    @property
    def is_full_year(self) -> bool:
        return self.months == MONTHS

    @property
    def label(self) -> str:
        """2025 for a year, 2026-06 for a part of one, "" without a date."""
        if self.ended_on is None:
            return ""
        return f"{self.ended_on.year}" if self.is_full_year else f"{self.ended_on:%Y-%m}"


def amount(given: object) -> Decimal | None:
    """A number of yuan rounded to the cent; None for what is no number, or beyond any firm."""
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        return None
    number = Decimal(given)
    if not number.is_finite() or abs(number) >= LARGEST:
        return None
    return number.quantize(CENT, context=WIDE)


def read_statements(application: Mapping[str, Any]) -> tuple[Statement, ...]:
    """The statements in an application's list `statements`, oldest first; of two for one date the later entered counts.

    An application without any gives one statement of its four figures of the last year, if it has them.
    """
    given = application.get("statements")
    found: dict[date, Statement] = {}
    for row in given if isinstance(given, list | tuple) else ():
        ended_on = _date(row.get("ended_on")) if isinstance(row, Mapping) else None
        if ended_on is not None:
            found[ended_on] = Statement(ended_on, _lines(row, tuple(LINES)), str(row.get("audit") or ""))
    if found:
        return tuple(found[day] for day in sorted(found))
    stated = _lines(application, STATED)
    if "total_assets_yuan" in stated and "total_liabilities_yuan" in stated:
        stated["equity_yuan"] = stated["total_assets_yuan"] - stated["total_liabilities_yuan"]
    return (Statement(None, stated),) if stated else ()


def _lines(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Decimal]:
    amounts = ((name, amount(row.get(name))) for name in names)
    return {name: value for name, value in amounts if value is not None}


def _date(given: object) -> date | None:
    try:
        return date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None
