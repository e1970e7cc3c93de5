"""Computes what a worked case of loan arithmetic asks for, kind by kind, with the product's own arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from app.lending.allocation import AllocationLine, allocate
from app.lending.day_count import interest_on, year_fraction
from app.lending.due_dates import due_dates
from app.lending.early_settlement import settle
from app.lending.money import ZERO
from app.lending.penalty import late_fee, penalty
from app.lending.recalculation import Payment, recalculate
from app.lending.rescheduling import Change, reschedule
from app.lending.schedule import Instalment, Terms, make_schedule
from app.use_cases.loans.worked_case import (
    Inputs,
    due_rule_of,
    open_items_of,
    order_of,
    payments_of,
    rounding_of,
    start_of,
    terms_of,
)

Got = dict[str, Any]


def compute_case(kind: str, inputs: Inputs) -> Got:
    """What the case asks for by name; amounts are Decimal, days date, rows by number.

    ValueError, KeyError or ArithmeticError where the inputs are not those of the kind.
    """
    return KINDS[kind](inputs)


def _schedule(inputs: Inputs) -> Got:
    if inputs.get("dates_only"):
        dues = due_dates(start_of(inputs), inputs["installments"], due_rule_of(inputs))
        return {"due_dates": list(dues), "first": dues[0], "second": dues[min(1, len(dues) - 1)], "last": dues[-1]}
    terms = terms_of(inputs)
    rows = make_schedule(terms)
    totals = {
        "principal": sum((row.principal for row in rows), ZERO),
        "interest": sum((row.interest for row in rows), ZERO),
        "total": sum((row.total for row in rows), ZERO),
        "installment": _regular(terms, rows),
        "rows": len(rows),
    }
    return {
        "rows": _named_rows(terms, rows),
        "totals": totals,
        "installment": totals["installment"],
        "last_balance": rows[-1].balance,
    }


def _regular(terms: Terms, rows: Sequence[Instalment]) -> Decimal:
    """The instalment of the plan: the first one that repays principal."""
    return next((row.total for row in rows if row.principal), rows[0].total)


def _named_rows(terms: Terms, rows: Sequence[Instalment]) -> list[Got]:
    days = [terms.start_on, *(row.due_on for row in rows)]
    return [
        {
            "n": row.number,
            "due_date": row.due_on,
            "days": (right - left).days,
            "principal": row.principal,
            "interest": row.interest,
            "balance": row.balance,
            "total": row.total,
        }
        for row, (left, right) in zip(rows, pairwise(days), strict=True)
    ]


def _plain_rows(rows: Sequence[Instalment]) -> list[list[Decimal]]:
    return [[row.principal, row.interest, row.balance] for row in rows]


def _allocation(inputs: Inputs) -> Got:
    items, order = open_items_of(inputs), order_of(inputs["strategy"])
    paid: list[tuple[date, AllocationLine]] = []
    shown: dict[int, Got] = {}
    payments = list(enumerate(payments_of(inputs, "payments")))
    for index, payment in sorted(payments, key=lambda one: one[1].on):
        done = allocate(payment.amount, payment.on, items, order)
        items = done.left_open
        paid += [(payment.on, line) for line in done.lines]
        shown[index] = {kind: done.of_kind(kind) for kind in ("principal", "interest", "fee", "penalty", "cost")}
        shown[index] |= {"overpaid": done.overpaid, "unapplied": done.unapplied}
    instalments = [
        _instalment_state(one["n"], date.fromisoformat(one["due_date"]), paid)
        | {"outstanding": sum((item.amount for item in items if item.number == one["n"]), ZERO)}
        for one in inputs["instalments"]
    ]
    return {"payments": [shown[index] for index in sorted(shown)], "instalments": instalments}


def _instalment_state(number: int, due_on: date, paid: Sequence[tuple[date, AllocationLine]]) -> Got:
    mine = [(on, line.amount) for on, line in paid if line.number == number]
    return {
        "n": number,
        "paid": sum((amount for _, amount in mine), ZERO),
        "in_advance": sum((amount for on, amount in mine if on < due_on), ZERO),
        "late": sum((amount for on, amount in mine if on > due_on), ZERO),
    }


def _allocation_simple(inputs: Inputs) -> Got:
    """Penalty, interest, principal in turn; what is written off lowers what is left, in the same order."""
    owed = {name: Decimal(inputs.get(name, "0")) for name in ("penalty", "interest", "principal")}
    got: Got = {}
    if "annual_rate_pct" in inputs:
        first = make_schedule(terms_of(inputs))[0]
        owed |= {"interest": first.interest, "principal": first.principal}
        got = {"installment": first.total}
    paid, off = Decimal(inputs["paid"]), Decimal(inputs.get("write_off", "0"))
    for name, amount in owed.items():
        part = min(paid, amount)
        gone = min(off, amount - part)
        paid, off = paid - part, off - gone
        got |= {name: part, f"{name}_paid": part, f"{name}_left": amount - part - gone}
    given_up = Decimal(inputs.get("write_off", "0")) - off
    left = sum((got[f"{name}_left"] for name in owed), ZERO)
    return got | {"write_off": given_up, "written_off": given_up, "overpaid": paid, "outstanding": left}


def _payoff(inputs: Inputs) -> Got:
    """What ends the loan on the day asked; where only a payment is asked about, how that payment is split."""
    terms = terms_of(inputs)
    asked = inputs.get("settle_on")
    on = date.fromisoformat(asked) if asked else terms.start_on + timedelta(days=int(inputs.get("days", 0)))
    before = _dated(inputs, "paid", on)
    pay = _dated(inputs, "pay", on)
    on = max([on, *(one.on for one in (*before, *pay))])
    found = settle(terms, before, on, inputs.get("interest_rule", "to_settlement_date"))
    charged = _penalty_of_payoff(inputs, found.interest)
    got = {"principal": found.principal, "interest": found.interest, "penalty": charged}
    got |= {"payoff": found.total + charged, "principal_left": found.principal}
    if pay:
        last = settle(terms, [*before, *pay], on, inputs.get("interest_rule", "to_settlement_date")).payments[-1]
        got |= {"principal": last.principal, "interest": last.interest, "principal_left": last.principal_left}
    return got


def _dated(inputs: Inputs, name: str, on: date) -> list[Payment]:
    """Payments with their dates; an amount without one came on the day asked."""
    given = inputs.get(name, ())
    return [Payment(on, Decimal(given))] if isinstance(given, str) else list(payments_of(inputs, name))


def _penalty_of_payoff(inputs: Inputs, overdue: Decimal) -> Decimal:
    """Nothing within grace or without a penalty rate."""
    late_days = int(inputs.get("late_days", 0))
    if late_days <= int(inputs.get("grace_days", 0)) or "penalty_rate_pct" not in inputs:
        return ZERO
    rate, day_count = Decimal(inputs["penalty_rate_pct"]), inputs.get("day_count", "ACT/365F")
    return penalty(overdue, rate, late_days, day_count, rounding_of(inputs))


def _recalculated(inputs: Inputs) -> Got:
    terms, payments = terms_of(inputs), payments_of(inputs, "paid", "payments", "pay")
    instalment, seen_on = inputs.get("installment"), inputs.get("as_of")
    rows = recalculate(
        terms,
        payments,
        instalment=Decimal(instalment) if instalment else None,
        as_of=date.fromisoformat(seen_on) if seen_on else None,
        mode=inputs.get("mode", "reduce_instalment"),
    )
    last = max((one.on for one in payments), default=terms.start_on)
    return {"rows": _plain_rows(rows), "payoff": settle(terms, payments, last).total}


def _schedule_change(inputs: Inputs) -> Got:
    terms, asked = terms_of(inputs), inputs["change"]
    new_due, new_rate = asked.get("new_due"), asked.get("new_rate_pct")
    change = Change(
        from_due_on=date.fromisoformat(asked["from_due"]),
        new_due_on=date.fromisoformat(new_due) if new_due else None,
        new_rate_percent=Decimal(new_rate) if new_rate is not None else None,
        extra_count=int(asked.get("extra_terms", 0)),
        interest_only_count=int(asked.get("grace_principal", 0)),
    )
    agreed = [date.fromisoformat(day) for day in inputs.get("original_due_dates", ())]
    rows = reschedule(terms, change, agreed)
    return {"rows": _plain_rows(rows), "named_rows": _named_rows(terms, rows)}


def _accrual(inputs: Inputs) -> Got:
    start = start_of(inputs)
    years = year_fraction(inputs["day_count"], start, start + timedelta(days=int(inputs["days"])))
    raw = interest_on(Decimal(inputs["principal"]), Decimal(inputs["annual_rate_pct"]), years)
    return {"interest": rounding_of(inputs).of(raw)}


def _penalty(inputs: Inputs) -> Got:
    """A rate on what is overdue for days, or a fee once an instalment on the base that the case names."""
    rounding, count = rounding_of(inputs), int(inputs.get("instalments", 1))
    if "fee_pct" not in inputs:
        amount, rate = Decimal(inputs.get("overdue") or inputs["base"]), Decimal(inputs["penalty_rate_pct"])
        charged = penalty(amount, rate, int(inputs["late_days"]), inputs.get("day_count", "ACT/365F"), rounding)
        return {"penalty": charged, "total_due": amount + charged}
    owed = {name: Decimal(inputs.get(f"overdue_{name}", "0")) for name in ("principal", "interest")}
    named = {name for name in owed if name in inputs.get("base", "")} or set(owed)
    fee = late_fee(sum((owed[name] for name in named), ZERO), Decimal(inputs["fee_pct"]), rounding)
    return {"fee_each": fee, "penalty": fee * count, "total_due": (sum(owed.values(), ZERO) + fee) * count}


KINDS: dict[str, Callable[[Inputs], Got]] = {
    "schedule": _schedule,
    "allocation": _allocation,
    "allocation_simple": _allocation_simple,
    "payoff": _payoff,
    "prepayment": _recalculated,
    "late_interest": _recalculated,
    "schedule_change": _schedule_change,
    "accrual": _accrual,
    "penalty": _penalty,
}
