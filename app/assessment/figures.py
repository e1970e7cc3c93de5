"""The formulas of the ratios: each takes a period's figures and gives a numerator and a denominator, unrounded."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from app.assessment.statements import MONTHS, Statement

HUNDRED, DAYS_OF_YEAR = Decimal(100), Decimal(365)
NONE_YET = Decimal(1)  # stands in for a missing line while a formula names the others; its result is not used

Parts = tuple[Decimal, Decimal]


@dataclass
class Figures:
    """The statement of a period beside that of the end of the year before; `lacking` gathers what a formula missed.

    A flow of a part of a year is scaled by × 12 ÷ months where it meets a balance or another year: `yearly` is the
    flow × 12, and the formula puts `months` into its denominator.
    """

    now: Statement
    before: Statement | None
    lacking: set[str] = field(default_factory=set)

    @property
    def months(self) -> Decimal:
        """The months of the period, as a factor."""
        return Decimal(self.now.months)

    def line(self, name: str) -> Decimal:
        """A line of the period as it stands."""
        if name not in self.now.lines:
            self.lacking.add(name)
        return self.now.lines.get(name, NONE_YET)

    def yearly(self, name: str) -> Decimal:
        """A flow × 12."""
        return self.line(name) * MONTHS

    def last_year(self, name: str) -> Decimal:
        """A line of the year before."""
        if self.before is None or name not in self.before.lines:
            self.lacking.add(f"last_year.{name}")
            return NONE_YET
        return self.before.lines[name]

    def average(self, name: str) -> Decimal:
        """A balance as the mean of the end of the year before and the end of the period; the end alone without it."""
        end = self.line(name)
        if self.before is None or name not in self.before.lines:
            return end
        return (end + self.before.lines[name]) / 2


def current_ratio(f: Figures) -> Parts:
    """Current assets ÷ current liabilities."""
    return f.line("current_assets_yuan"), f.line("current_liabilities_yuan")


def quick_ratio(f: Figures) -> Parts:
    """(Current assets − inventories) ÷ current liabilities, as 企业绩效评价标准值 defines 速动资产."""
    return f.line("current_assets_yuan") - f.line("inventory_yuan"), f.line("current_liabilities_yuan")


def debt_to_assets(f: Figures) -> Parts:
    """Total liabilities ÷ total assets × 100."""
    return f.line("total_liabilities_yuan") * HUNDRED, f.line("total_assets_yuan")


def debt_to_equity(f: Figures) -> Parts:
    """Total liabilities ÷ equity (产权比率)."""
    return f.line("total_liabilities_yuan"), f.line("equity_yuan")


def interest_cover(f: Figures) -> Parts:
    """(Net profit + income tax + interest) ÷ interest (已获利息倍数)."""
    interest = f.line("interest_yuan")
    return f.line("profit_yuan") + f.line("tax_yuan") + interest, interest


def debt_service_cover(f: Figures) -> Parts:
    """(Net profit + depreciation and amortisation + interest) ÷ (cash paid to repay debt + interest)."""
    interest = f.line("interest_yuan")
    earned = f.line("profit_yuan") + f.line("depreciation_yuan") + interest
    return earned, f.line("debt_repaid_yuan") + interest


def operating_cash_to_debt(f: Figures) -> Parts:
    """Net operating cash flow of twelve months ÷ total liabilities (现金流动性：经营现金净额对负债)."""
    return f.yearly("operating_cash_yuan"), f.line("total_liabilities_yuan") * f.months


def gross_margin(f: Figures) -> Parts:
    """(Revenue − cost) ÷ revenue × 100."""
    return (f.line("revenue_yuan") - f.line("cost_yuan")) * HUNDRED, f.line("revenue_yuan")


def net_margin(f: Figures) -> Parts:
    """Net profit ÷ revenue × 100."""
    return f.line("profit_yuan") * HUNDRED, f.line("revenue_yuan")


def return_on_assets(f: Figures) -> Parts:
    """Net profit of twelve months ÷ mean total assets × 100."""
    return f.yearly("profit_yuan") * HUNDRED, f.average("total_assets_yuan") * f.months


def return_on_equity(f: Figures) -> Parts:
    """Net profit of twelve months ÷ mean equity × 100."""
    return f.yearly("profit_yuan") * HUNDRED, f.average("equity_yuan") * f.months


def receivable_days(f: Figures) -> Parts:
    """Receivables at the end ÷ revenue of twelve months × 365."""
    return f.line("receivables_yuan") * DAYS_OF_YEAR * f.months, f.yearly("revenue_yuan")


def inventory_days(f: Figures) -> Parts:
    """Inventories at the end ÷ cost of twelve months × 365."""
    return f.line("inventory_yuan") * DAYS_OF_YEAR * f.months, f.yearly("cost_yuan")


def payable_days(f: Figures) -> Parts:
    """Payables at the end ÷ cost of twelve months × 365."""
    return f.line("payables_yuan") * DAYS_OF_YEAR * f.months, f.yearly("cost_yuan")


def cash_conversion_days(f: Figures) -> Parts:
    """Receivable days + inventory days − payable days, over their common denominator."""
    revenue, cost = f.yearly("revenue_yuan"), f.yearly("cost_yuan")
    tied = f.line("receivables_yuan") * cost + (f.line("inventory_yuan") - f.line("payables_yuan")) * revenue
    # two negative flows would multiply to a denominator that looks sound
    return tied * DAYS_OF_YEAR * f.months, revenue * cost if revenue > 0 else revenue


def revenue_growth(f: Figures) -> Parts:
    """Revenue of twelve months against the year before, in percent of the latter."""
    return _growth(f, "revenue_yuan")


def profit_growth(f: Figures) -> Parts:
    """Net profit of twelve months against the year before, in percent; none where that year was no profit."""
    return _growth(f, "profit_yuan")


def _growth(f: Figures, name: str) -> Parts:
    before = f.last_year(name) * f.months
    return (f.yearly(name) - before) * HUNDRED, before
