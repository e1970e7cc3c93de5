"""The ratios of a firm's statements: their names, their values for each period, and what they lack.

A value is computed exactly and rounded once, half up: to two places, days to one. Where a line is missing, or the
denominator is not above zero (no debt, no revenue, equity used up), there is no value: None, never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from app.assessment import figures
from app.assessment.figures import Figures, Parts
from app.assessment.statements import WIDE, Statement
from app.texts import Text

PLACES = {"times": Decimal("0.01"), "percent": Decimal("0.01"), "days": Decimal("0.1")}
LARGEST = Decimal(10) ** 12  # a ratio beyond it only says that its denominator is next to nothing


@dataclass(frozen=True)
class Ratio:
    """`unit` is times, percent or days; `better` is high, low, or "" where neither is better by itself."""

    name: str
    label: Text
    formula: Text
    unit: str
    better: str
    parts: Callable[[Figures], Parts]


def _ratio(
    name: str, label: tuple[str, str], formula: tuple[str, str], better: str, parts: Callable[..., Parts]
) -> Ratio:
    unit = "percent" if name.endswith("_percent") else "days" if name.endswith("_days") else "times"
    return Ratio(name, Text(*label), Text(*formula), unit, better, parts)


_ALL = (
    _ratio(
        "current_ratio",
        ("流动比率", "Current ratio"),
        ("流动资产 ÷ 流动负债", "current assets ÷ current liabilities"),
        "high",
        figures.current_ratio,
    ),
    _ratio(
        "quick_ratio",
        ("速动比率", "Quick ratio"),
        ("（流动资产 − 存货）÷ 流动负债", "(current assets − inventories) ÷ current liabilities"),
        "high",
        figures.quick_ratio,
    ),
    _ratio(
        "debt_to_assets_percent",
        ("资产负债率", "Debt to assets"),
        ("负债合计 ÷ 资产总计", "total liabilities ÷ total assets"),
        "low",
        figures.debt_to_assets,
    ),
    _ratio(
        "debt_to_equity",
        ("产权比率", "Debt to equity"),
        ("负债合计 ÷ 所有者权益合计", "total liabilities ÷ total equity"),
        "low",
        figures.debt_to_equity,
    ),
    _ratio(
        "interest_cover",
        ("利息保障倍数", "Interest cover"),
        ("（净利润 + 所得税 + 利息）÷ 利息", "(net profit + tax + interest) ÷ interest"),
        "high",
        figures.interest_cover,
    ),
    _ratio(
        "dscr",
        ("偿债备付率", "Debt service cover"),
        (
            "（净利润 + 折旧摊销 + 利息）÷（还债现金 + 利息）",
            "(net profit + depreciation + interest) ÷ (debt repaid + interest)",
        ),
        "high",
        figures.debt_service_cover,
    ),
    _ratio(
        "operating_cash_to_debt",
        ("现金债务比", "Operating cash to debt"),
        ("经营现金净额 ÷ 负债合计", "net operating cash flow ÷ total liabilities"),
        "high",
        figures.operating_cash_to_debt,
    ),
    _ratio(
        "gross_margin_percent",
        ("毛利率", "Gross margin"),
        ("（营业收入 − 营业成本）÷ 营业收入", "(revenue − cost) ÷ revenue"),
        "high",
        figures.gross_margin,
    ),
    _ratio(
        "net_margin_percent",
        ("销售净利率", "Net margin"),
        ("净利润 ÷ 营业收入", "net profit ÷ revenue"),
        "high",
        figures.net_margin,
    ),
    _ratio(
        "return_on_assets_percent",
        ("总资产净利率", "Return on assets"),
        ("净利润 ÷ 平均资产总计", "net profit ÷ mean total assets"),
        "high",
        figures.return_on_assets,
    ),
    _ratio(
        "return_on_equity_percent",
        ("净资产收益率", "Return on equity"),
        ("净利润 ÷ 平均所有者权益", "net profit ÷ mean equity"),
        "high",
        figures.return_on_equity,
    ),
    _ratio(
        "receivable_days",
        ("应收周转天数", "Receivable days"),
        ("应收 ÷ 营业收入 × 365", "receivables ÷ revenue × 365"),
        "low",
        figures.receivable_days,
    ),
    _ratio(
        "inventory_days",
        ("存货周转天数", "Inventory days"),
        ("存货 ÷ 营业成本 × 365", "inventories ÷ cost × 365"),
        "low",
        figures.inventory_days,
    ),
    _ratio(
        "payable_days",
        ("应付周转天数", "Payable days"),
        ("应付 ÷ 营业成本 × 365", "payables ÷ cost × 365"),
        "",
        figures.payable_days,
    ),
    _ratio(
        "cash_conversion_days",
        ("现金周转天数", "Cash conversion days"),
        ("应收天数 + 存货天数 − 应付天数", "receivable days + inventory days − payable days"),
        "low",
        figures.cash_conversion_days,
    ),
    _ratio(
        "revenue_growth_percent",
        ("营业收入增长率", "Revenue growth"),
        ("比上年营业收入", "against the revenue of the year before"),
        "high",
        figures.revenue_growth,
    ),
    _ratio(
        "profit_growth_percent",
        ("净利润增长率", "Profit growth"),
        ("比上年净利润", "against the net profit of the year before"),
        "high",
        figures.profit_growth,
    ),
)
RATIOS: dict[str, Ratio] = {ratio.name: ratio for ratio in _ALL}


@dataclass(frozen=True)
class Period:
    """The ratios of one statement by name; `lacking` names the lines that were missing, "last_year." before others'."""

    statement: Statement
    values: Mapping[str, Decimal | None]
    lacking: tuple[str, ...]


def work_out(statements: Sequence[Statement]) -> tuple[Period, ...]:
    """The ratios of each statement, in order; the year before is the statement that ends on 31 December of it."""
    by_day = {statement.ended_on: statement for statement in statements if statement.ended_on}
    return tuple(_period(statement, by_day) for statement in statements)


def _period(now: Statement, by_day: Mapping[date, Statement]) -> Period:
    before = by_day.get(date(now.ended_on.year - 1, 12, 31)) if now.ended_on and now.ended_on.year > 1 else None
    values: dict[str, Decimal | None] = {}
    lacking: dict[str, None] = {}  # a set that keeps the order of the formulas
    for ratio in RATIOS.values():
        found = Figures(now, before)
        with localcontext(WIDE):
            top, bottom = ratio.parts(found)
            values[ratio.name] = None if found.lacking else _rounded(top, bottom, PLACES[ratio.unit])
        lacking |= dict.fromkeys(sorted(found.lacking))
    return Period(now, values, tuple(lacking))


def _rounded(top: Decimal, bottom: Decimal, step: Decimal) -> Decimal | None:
    if bottom <= 0:
        return None
    value = top / bottom
    # a rounded value below zero must not be written -0.00
    return value.quantize(step) + 0 if abs(value) < LARGEST else None
