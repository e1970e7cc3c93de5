"""Penalty interest (罚息), compound interest (复利) and late fees on what is overdue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.lending.day_count import interest_on, year_fraction
from app.lending.money import HALF_UP_TO_FEN, Rounding


@dataclass(frozen=True)
class PenaltyRule:
    """`rate_percent` a year on what is overdue, by actual days after the due date and `grace_days`.

    With `on_interest` unpaid interest bears it too (复利, 银发〔2003〕251号); a penalty never bears penalty.
    """

    rate_percent: Decimal
    grace_days: int = 0
    on_interest: bool = True
    day_count: str = "ACT/360"
    rounding: Rounding = HALF_UP_TO_FEN

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of items that bear it."""
        return ("principal", "interest") if self.on_interest else ("principal",)


def penalty_rate_percent(contract_rate_percent: Decimal, multipliers: Iterable[Decimal]) -> Decimal:
    """The contract rate times the highest multiplier that holds (overdue 1.3 to 1.5, misuse 1.5 to 2.0; never both).

    Source: 银发〔2003〕251号. ValueError for a multiplier below one.
    """
    chosen = tuple(multipliers)
    if not chosen or min(chosen) < 1:
        raise ValueError("a penalty needs a multiplier of the contract rate of at least one")
    return contract_rate_percent * max(chosen)


def penalty(amount: Decimal, rate_percent: Decimal, days: int, day_count: str, rounding: Rounding) -> Decimal:
    """The penalty on an amount that stayed overdue for some days."""
    start = date(2000, 1, 1)
    return rounding.of(interest_on(amount, rate_percent, year_fraction(day_count, start, start + timedelta(days=days))))


def penalty_to(
    on: date, due_on: date, amount: Decimal, paid: Iterable[tuple[date, Decimal]], rule: PenaltyRule
) -> Decimal:
    """The penalty from the end of grace to `on`, not rounded, on an item of `amount` of which parts were `paid`."""
    start = due_on + timedelta(days=rule.grace_days)
    total, outstanding = Decimal(0), amount
    for day, part in sorted(paid):
        if day > on:
            break
        if day > start:
            total += interest_on(outstanding, rule.rate_percent, year_fraction(rule.day_count, start, day))
            start = day
        outstanding -= part
    if on > start and outstanding:
        total += interest_on(outstanding, rule.rate_percent, year_fraction(rule.day_count, start, on))
    return total


def late_fee(base: Decimal, fee_percent: Decimal, rounding: Rounding) -> Decimal:
    """A fee once for an overdue instalment, as a percentage of its base."""
    return rounding.of(base * fee_percent / 100)
