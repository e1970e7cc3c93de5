"""What it costs to end a loan on a day, and what a payment before its due date pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.lending.due_dates import Period, due_dates, periods_between
from app.lending.money import ZERO
from app.lending.recalculation import Payment
from app.lending.schedule import Terms, rounded_interest

INTEREST_RULES = ("to_settlement_date", "to_period_end")


@dataclass(frozen=True)
class Split:
    """A payment in interest and principal, and the principal left after it."""

    interest: Decimal
    principal: Decimal
    principal_left: Decimal


@dataclass(frozen=True)
class Settlement:
    """What ends the loan: `principal` and `interest` in the loan's currency; `payments` shows what came before."""

    principal: Decimal
    interest: Decimal
    payments: tuple[Split, ...]

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest


def settle(
    terms: Terms, payments: Sequence[Payment], on: date, interest_rule: str = "to_settlement_date"
) -> Settlement:
    """The amount that ends a loan of one disbursement on the day `on`.

    Each payment pays the interest accrued to its day, the rest is principal. Interest runs to the day of settlement,
    or with to_period_end to the next due date (按整期计息). No fee: that is a rule of its own (C4). ValueError for an
    unknown rule or a day before the loan.
    """
    if interest_rule not in INTEREST_RULES or on < terms.start_on:
        raise ValueError(f"a settlement is after the payout and by one of {', '.join(INTEREST_RULES)}")
    spans = _spans_to(terms, on)
    end = on if interest_rule == "to_settlement_date" else _period_end(terms, spans, on)
    owed, unpaid, since, splits = terms.disbursements[0].amount, ZERO, terms.start_on, []
    for one in sorted((one for one in payments if one.on <= on), key=lambda one: one.on):
        unpaid += _interest(terms, spans, since, one.on, owed)
        interest = min(unpaid, one.amount)
        principal = min(one.amount - interest, owed)
        unpaid, owed, since = unpaid - interest, owed - principal, one.on
        splits.append(Split(interest, principal, owed))
    return Settlement(owed, unpaid + _interest(terms, spans, since, end, owed), tuple(splits))


def _spans_to(terms: Terms, on: date) -> tuple[Period, ...]:
    """The contract's periods, going on by its rule where the day is after the last due date."""
    count = terms.count or 1
    while (dues := due_dates(terms.start_on, count, terms.due))[-1] < on:
        count *= 2
    return periods_between(terms.start_on, dues, terms.due)


def _period_end(terms: Terms, spans: Sequence[Period], on: date) -> date:
    return on if on == terms.start_on else next(span.due_on for span in spans if span.due_on >= on)


def _interest(terms: Terms, spans: Sequence[Period], left: date, right: date, balance: Decimal) -> Decimal:
    """Interest between two days, each period's piece rounded by itself."""
    total = ZERO
    for span in spans:
        start, end = max(span.start_on, left), min(span.due_on, right)
        if start < end:
            total += rounded_interest(terms, span, [(start, end, balance)])
    return total
