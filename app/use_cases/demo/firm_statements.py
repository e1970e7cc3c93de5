"""Makes the financial statements of a made-up firm: balanced, tied year to year, with a story of growth or decline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from zlib import crc32

from app.use_cases.demo.demo_data import demo_data

YEARS_BACK = 3
READY_AFTER = timedelta(days=20)  # so long a firm takes to close a quarter
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30))
STEP = Decimal(1000)  # figures are whole thousands
MONTHS = 12
WOBBLE = 11  # by how many percent shares and days differ from year to year, from lowest to highest
HUNDRED = Decimal(100)
# shares and days that differ by section of industry; "" holds for the others
SECTIONS: dict[str, dict[str, str]] = {
    "": {"current": "58", "receivable_days": "66", "inventory_days": "58", "payable_days": "42", "overhead": "10"},
    "F": {"current": "82", "receivable_days": "44", "inventory_days": "46", "payable_days": "33", "overhead": "5"},
    "G": {"current": "46", "receivable_days": "62", "inventory_days": "6", "payable_days": "34", "overhead": "8"},
    "I": {"current": "76", "receivable_days": "88", "inventory_days": "18", "payable_days": "30", "overhead": "22"},
    "A": {"current": "54", "receivable_days": "40", "inventory_days": "110", "payable_days": "38", "overhead": "9"},
}
# of total liabilities, in percent
SHORT_LOANS, LONG_LOANS, CURRENT_LIABILITIES = Decimal(34), Decimal(12), Decimal(86)
LOAN_RATE, TAX_RATE, DEPRECIATION_RATE, CASH_SHARE = Decimal("4.6"), Decimal(20), Decimal(7), Decimal(30)
MOST_TIED_UP = Decimal("0.82")  # of current assets, in receivables and inventories


def firm_statements(firm: str, on: date) -> list[dict[str, str]]:
    """The last three full years and the latest quarter's end before a day, as rows of the application form.

    The last full year earns what data/firms.json says; the newest period has its assets and liabilities. How the years
    led there is in data/statements.json, a year: growth of revenue and assets, steps of net margin and debt to assets,
    all in percent, and of receivable days. [] for a firm without an entry there.
    """
    profile = demo_data()["statements"].get(firm)
    if profile is None:
        return []
    facts = demo_data()["firms"][firm]
    founded, rows = date.fromisoformat(facts["established_on"]), []
    before: dict[str, Decimal] = {}
    for ended_on in period_ends(on):
        if ended_on > founded:
            lines = _lines(facts, profile, ended_on, on, before)
            written = {name: f"{value:.2f}" for name, value in lines.items()}
            audit = profile["audit"] if ended_on.month == MONTHS else "own"
            rows.append({"ended_on": ended_on.isoformat(), "audit": audit} | written)
            before = lines
    return rows


def period_ends(on: date) -> list[date]:
    """The ends of the last three full years, and of the newest quarter since, that are closed by a day."""
    last = on.year - 1 if on - READY_AFTER > date(on.year, 1, 31) else on.year - 2
    quarters = [date(last + 1, *day) for day in QUARTER_ENDS if date(last + 1, *day) + READY_AFTER < on]
    return [date(last - back, 12, 31) for back in reversed(range(YEARS_BACK))] + quarters[-1:]


def _lines(
    facts: Mapping[str, str], profile: Mapping[str, str], ended_on: date, on: date, before: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """All lines of a period; `before` is the period before it."""
    ends, months = period_ends(on), ended_on.month
    # years before the last full year (-1 for the part of a year after it), and before the newest period
    age = [end.year for end in ends if end.month == MONTHS][-1] - ended_on.year
    past = Decimal((ends[-1].year - ended_on.year) * MONTHS + ends[-1].month - months) / MONTHS
    growth = 1 + Decimal(profile["growth"]) / HUNDRED
    margin = Decimal(facts["profit_yuan"]) / Decimal(facts["revenue_yuan"])
    debt = Decimal(facts["total_liabilities_yuan"]) / Decimal(facts["total_assets_yuan"])
    assets = _thousands(Decimal(facts["total_assets_yuan"]) * growth**-past)
    liabilities = _thousands(assets * (debt - past * Decimal(profile["debt_step"]) / HUNDRED))
    yearly = Decimal(facts["revenue_yuan"]) * growth**-age
    section = _section(facts, ended_on, past * Decimal(profile["days_step"]))
    found = _balance(assets, liabilities, yearly, section)
    margin -= age * Decimal(profile["margin_step"]) / HUNDRED
    found |= _earned(yearly * months / MONTHS, margin, found, section, months)
    return found | _cash_flow(found, before, months)


def _section(facts: Mapping[str, str], ended_on: date, fewer_days: Decimal) -> dict[str, Decimal]:
    """The section's shares and days as this firm has them: each year a little otherwise, always the same way."""
    shares = SECTIONS[""] | SECTIONS.get(facts["industry"], {})
    code = facts["unified_social_credit_code"]
    own = {
        name: Decimal(value) * (100 + crc32(f"{code}{name}{ended_on}".encode()) % WOBBLE - WOBBLE // 2) / HUNDRED
        for name, value in shares.items()
        if name != "current"
    }
    return own | {"current": Decimal(shares["current"]), "receivable_days": own["receivable_days"] - fewer_days}


def _balance(
    assets: Decimal, liabilities: Decimal, yearly: Decimal, section: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    current = _thousands(assets * section["current"] / HUNDRED)
    receivables, inventory, payables = (
        yearly * section[name] / 365 for name in ("receivable_days", "inventory_days", "payable_days")
    )
    part = min(Decimal(1), current * MOST_TIED_UP / (receivables + inventory))
    receivables, inventory = _thousands(receivables * part), _thousands(inventory * part)
    short = _thousands(liabilities * SHORT_LOANS / HUNDRED)
    current_liabilities = _thousands(liabilities * CURRENT_LIABILITIES / HUNDRED)
    return {
        "cash_yuan": _thousands((current - receivables - inventory) * CASH_SHARE / HUNDRED),
        "receivables_yuan": receivables,
        "inventory_yuan": inventory,
        "current_assets_yuan": current,
        "total_assets_yuan": assets,
        "short_loans_yuan": short,
        "payables_yuan": min(_thousands(payables), current_liabilities - short),
        "current_liabilities_yuan": current_liabilities,
        "long_loans_yuan": _thousands(liabilities * LONG_LOANS / HUNDRED),
        "total_liabilities_yuan": liabilities,
        "equity_yuan": assets - liabilities,
    }


def _earned(
    revenue: Decimal, margin: Decimal, balance: Mapping[str, Decimal], section: Mapping[str, Decimal], months: int
) -> dict[str, Decimal]:
    loans = balance["short_loans_yuan"] + balance["long_loans_yuan"]
    profit, interest = _thousands(revenue * margin), _thousands(loans * LOAN_RATE / HUNDRED * months / MONTHS)
    tax = max(Decimal(0), _thousands(profit * TAX_RATE / HUNDRED))
    overhead = _thousands(revenue * section["overhead"] / HUNDRED)
    fixed = balance["total_assets_yuan"] - balance["current_assets_yuan"]
    revenue = _thousands(revenue)
    return {
        "revenue_yuan": revenue,
        "cost_yuan": revenue - overhead - interest - tax - profit,
        "interest_yuan": interest,
        "tax_yuan": tax,
        "profit_yuan": profit,
        "depreciation_yuan": _thousands(fixed * DEPRECIATION_RATE / HUNDRED * months / MONTHS),
    }


def _cash_flow(now: Mapping[str, Decimal], before: Mapping[str, Decimal], months: int) -> dict[str, Decimal]:
    """Flows that explain the change of cash since the period before; the first period's cash did not move."""
    tied = sum(_grown(now, before, name) * sign for name, sign in WORKING_CAPITAL)
    operating = now["profit_yuan"] + now["depreciation_yuan"] + now["interest_yuan"] - tied
    investing = -_thousands(now["depreciation_yuan"] * Decimal("1.3"))
    return {
        "operating_cash_yuan": operating,
        "investing_cash_yuan": investing,
        "financing_cash_yuan": _grown(now, before, "cash_yuan") - operating - investing,
        "debt_repaid_yuan": _thousands(now["short_loans_yuan"] * Decimal("0.35") * months / MONTHS),
    }


WORKING_CAPITAL = (("receivables_yuan", 1), ("inventory_yuan", 1), ("payables_yuan", -1))


def _grown(now: Mapping[str, Decimal], before: Mapping[str, Decimal], name: str) -> Decimal:
    return now[name] - before[name] if before else Decimal(0)


def _thousands(value: Decimal) -> Decimal:
    return (value / STEP).quantize(Decimal(1), ROUND_HALF_EVEN) * STEP
