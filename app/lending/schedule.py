"""Plans of repayment: due dates, principal and interest of each instalment, exact to the fen."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
MONTHS_A_YEAR = 12
METHODS = ("equal_instalment", "equal_principal", "interest_monthly", "bullet")


@dataclass(frozen=True)
class Instalment:
    """What is due on a day, in yuan: `total` is principal and interest, `balance` what is owed afterwards."""

    number: int
    due_on: date
    principal: Decimal
    interest: Decimal
    balance: Decimal

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest


def plan(
    principal: Decimal, rate_percent_per_year: Decimal, term_months: int, method: str, paid_out_on: date
) -> tuple[Instalment, ...]:
    """The plan of a loan in monthly periods of a twelfth of the yearly rate, each amount rounded half up to the fen.

    `method` is equal_instalment, equal_principal, interest_monthly (principal at the end) or bullet (all at the end).
    The principals add up to the loan; the last instalment takes what rounding left. Due on the payout's day of the
    month, or the month's last day where it has fewer. ValueError for an amount or term that is not above zero.
    """
    if principal <= 0 or term_months <= 0 or method not in METHODS or rate_percent_per_year < 0:
        raise ValueError("a loan needs an amount and a term above zero, a rate not below it, and a known method")
    monthly = rate_percent_per_year / 100 / MONTHS_A_YEAR
    rows: list[Instalment] = []
    balance, unpaid_interest = principal, Decimal("0.00")
    level = _level_payment(principal, monthly, term_months)
    share = _fen(principal / term_months)
    for number in range(1, term_months + 1):
        last = number == term_months
        interest = _fen(balance * monthly)
        if method == "bullet":
            unpaid_interest += balance * monthly
            if not last:
                continue
            interest, part = _fen(unpaid_interest), balance
        elif last:
            part = balance
        elif method == "equal_instalment":
            part = min(max(level - interest, Decimal(0)), balance)
        elif method == "equal_principal":
            part = min(share, balance)
        else:
            part = Decimal("0.00")
        balance -= part
        rows.append(Instalment(len(rows) + 1, months_after(paid_out_on, number), part, interest, balance))
    return tuple(rows)


def months_after(start: date, months: int) -> date:
    """The same day some months later, or that month's last day."""
    index = start.month - 1 + months
    year, month = start.year + index // 12, index % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def yearly_cost_percent(received: Decimal, rows: tuple[Instalment, ...], paid_out_on: date) -> Decimal:
    """The all-in yearly cost in percent, to two places: twelve times the monthly internal rate of return.

    Each payment is discounted by the whole months from the payout to its due date (the simple yearly rate of the
    People's Bank's announcement 2021 no. 3); found by halving an interval.
    """
    low, high = Decimal(0), Decimal(1)
    if sum((row.total for row in rows), Decimal(0)) <= received:
        return Decimal("0.00")
    for _ in range(80):
        middle = (low + high) / 2
        worth = sum((row.total / (1 + middle) ** _months_between(paid_out_on, row.due_on) for row in rows), Decimal(0))
        low, high = (middle, high) if worth > received else (low, middle)
    return (low * MONTHS_A_YEAR * 100).quantize(FEN, ROUND_HALF_UP)


def _months_between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def _level_payment(principal: Decimal, monthly: Decimal, months: int) -> Decimal:
    if monthly == 0:
        return _fen(principal / months)
    growth = (1 + monthly) ** months
    return _fen(principal * monthly * growth / (growth - 1))


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_HALF_UP)
