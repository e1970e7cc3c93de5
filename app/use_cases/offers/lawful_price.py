"""Checks what a loan costs the borrower a year, interest and fees, against the cap that the law sets on that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from app.errors import Refused
from app.lending.money import FEN, ZERO, Rounding
from app.storage import limits
from app.storage.cases import LoanCase, parties
from app.texts import Text
from app.use_cases.definitions.rules_in_force import RuleInForce, rules_in_force
from app.use_cases.offers.preview_schedule import preview_schedule

CAP, LPR, FEES = "rate_cap_check", "one_year_lpr", "borrower_fees"


class RateAboveCap(Refused):
    """The all-in yearly cost lies above the lawful cap; the message has both figures and the rule."""


@dataclass(frozen=True)
class Terms:
    """What is lent: yuan, yearly rate in percent, months, the way of repayment."""

    amount: Decimal
    rate_percent: Decimal
    term_months: int
    method: str


@dataclass(frozen=True)
class Cap:
    """The most that a loan may cost in percent a year, and the rule that says so."""

    percent: Decimal
    rule: Text


@dataclass(frozen=True)
class Price:
    """What the borrower pays: `fees` as an offer keeps them, `all_in_percent` a year, and the cap of the day."""

    fees: tuple[Mapping[str, Any], ...]
    all_in_percent: Decimal
    cap: Cap


def require_lawful(session: Session, case: LoanCase, terms: Terms, on: date) -> Price:
    """The price of these terms on a date; raises RateAboveCap where they cost more than allowed."""
    price = price_of(session, case, terms, on)
    require_within(price.all_in_percent, price.cap)
    return price


def require_within(all_in_percent: Decimal, cap: Cap) -> None:
    """Raises RateAboveCap with the figure and the rule in words."""
    if all_in_percent > cap.percent:
        raise RateAboveCap(
            f"综合融资成本（利息和各项费用）年化 {all_in_percent}%，超过上限 {_shown(cap.percent)}%"
            f"（{cap.rule.zh}）。请降低利率或费用。",
            f"Interest and fees together cost {all_in_percent}% a year, above the cap of {_shown(cap.percent)}% "
            f"({cap.rule.of('en')}). Please lower the rate or the fees.",
        )


def price_of(session: Session, case: LoanCase, terms: Terms, on: date) -> Price:
    """Fees by the table in force, the all-in yearly cost as if the loan were paid out in full that day, and the cap."""
    funder = parties(session, case.id)["funder"]
    fees = _fees(session, case.product_key, funder, terms.amount, on)
    return Price(fees, all_in_percent(terms, fees, on), cap_on(session, funder, on))


def all_in_percent(terms: Terms, fees: Sequence[Mapping[str, Any]], on: date) -> Decimal:
    """Percent a year of interest and fees; the principal is counted whole: nothing is deducted in advance."""
    return preview_schedule(
        amount=terms.amount,
        rate_percent=terms.rate_percent,
        term_months=terms.term_months,
        method=terms.method,
        on=on,
        fees=total_of(fees),
    ).all_in_percent


def total_of(fees: Sequence[Mapping[str, Any]]) -> Decimal:
    """What the fees of an offer come to, in yuan."""
    return sum((Decimal(fee["amount"]) for fee in fees), ZERO)


def cap_on(session: Session, funder_id: int, on: date) -> Cap:
    """The cap for a funder on a date: by its type and the one-year LPR of that day."""
    standing = limits.standing(session, funder_id, on)
    rules = rules_in_force(session, (CAP, LPR), on)
    return _cap(rules[CAP], rules[LPR], standing.funder_type if standing else None, on)


@lru_cache(maxsize=512)
def _cap(rule: RuleInForce, quotations: RuleInForce, funder_type: str | None, on: date) -> Cap:
    lpr = quotations.decide({"on": on.isoformat()})
    found = rule.decide({"funder_type": funder_type, "lpr_percent": lpr})
    if not isinstance(found, Mapping) or found["cap_percent"] is None:
        raise Refused(
            f"规则表没有给出 {on} 的利率上限，请检查“利率上限”和“一年期 LPR”。",
            f'The tables give no rate cap for {on}; please check "rate cap" and "one-year LPR".',
        )
    return Cap(Decimal(found["cap_percent"]), Text(found["rule"], found["rule_en"]))


def _fees(session: Session, product: str, funder_id: int, amount: Decimal, on: date) -> tuple[Mapping[str, Any], ...]:
    standing = limits.standing(session, funder_id, on)
    rule = rules_in_force(session, [FEES], on)[FEES]
    rows = rule.decide({"product": product, "funder_type": standing.funder_type if standing else None}) or []
    return tuple(
        {
            "key": row["key"],
            "name_zh": row["name"],
            "name_en": row["name_en"],
            "payee_zh": row["payee"],
            "payee_en": row["payee_en"],
            "amount": Rounding(FEN).of(amount * Decimal(row["percent"]) / 100),
        }
        for row in rows
    )


def _shown(percent: Decimal) -> str:
    return f"{percent.quantize(Decimal('0.01')):f}"
