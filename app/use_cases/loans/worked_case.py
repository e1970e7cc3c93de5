"""Reads the terms, payments and open items of a worked case of loan arithmetic, as its JSON states them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from app.lending.allocation import AllocationOrder, OpenItem
from app.lending.due_dates import CLAMP, DueRule, due_dates
from app.lending.money import Rounding
from app.lending.recalculation import Payment
from app.lending.schedule import Disbursement, Terms

Inputs = Mapping[str, Any]

ROUNDINGS = {
    "HALF_EVEN": ROUND_HALF_EVEN,
    "HALF_UP": ROUND_HALF_UP,
    "CEILING": ROUND_CEILING,
    "FLOOR": ROUND_FLOOR,
    "UP": ROUND_UP,
}
METHODS = {
    "equal_installment": "equal_instalment",
    "equal_principal": "equal_principal",
    "fixed_principal": "fixed_principal",
    "interest_only": "interest_monthly",
    "bullet": "bullet",
}
# a case that asserts no dates may leave the first one out
ANY_DAY = "2024-01-01"


def rounding_of(inputs: Inputs) -> Rounding:
    """How the case rounds amounts; the sources use HALF_EVEN to the cent."""
    step = inputs.get("money_step", "0.01")
    return Rounding(None if step == "none" else Decimal(step), ROUNDINGS[inputs.get("rounding", "HALF_EVEN")])


def due_rule_of(inputs: Inputs) -> DueRule:
    """The case's rule for due dates."""
    first = inputs.get("first_due_date")
    return DueRule(
        unit=inputs.get("repay_unit", "months"),
        every=int(inputs.get("repay_every", 1)),
        first_due_on=date.fromisoformat(first) if first else None,
        date_rule=inputs.get("date_rule", CLAMP),
        min_days_to_first_due=int(inputs.get("min_days_to_first_due", 0)),
    )


def start_of(inputs: Inputs) -> date:
    """The day of the payout."""
    return date.fromisoformat(inputs.get("start_date", ANY_DAY))


def terms_of(inputs: Inputs) -> Terms:
    """The case's contract; a flat or amortizing loan with one or several disbursements."""
    rounding = rounding_of(inputs)
    until_zero = bool(inputs.get("run_until_zero"))
    count = inputs.get("installments") or (None if until_zero else len(inputs.get("original_due_dates", ())) or 1)
    return Terms(
        disbursements=_disbursements(inputs),
        rate_percent=Decimal(inputs["annual_rate_pct"]),
        count=None if until_zero else count,
        method=METHODS[inputs.get("amortization", "equal_installment")],
        flat=inputs.get("interest_method") == "flat",
        due=due_rule_of(inputs),
        day_count=inputs.get("day_count", "30/360"),
        rounding=rounding,
        instalment_rounding=_instalment_rounding(inputs, rounding),
        round_each_piece=bool(inputs.get("round_each_subperiod", True)),
        instalment=_decimal(inputs, "fixed_installment"),
        principal_part=_decimal(inputs, "fixed_principal"),
        interest_only_count=int(inputs.get("grace_principal_installments", 0)),
        until_zero=until_zero,
    )


def _disbursements(inputs: Inputs) -> tuple[Disbursement, ...]:
    given = inputs.get("disbursements")
    if not given:
        return (Disbursement(start_of(inputs), Decimal(inputs["principal"])),)
    return tuple(Disbursement(date.fromisoformat(one["date"]), Decimal(one["amount"])) for one in given)


def _instalment_rounding(inputs: Inputs, rounding: Rounding) -> Rounding | None:
    if "installment_step" not in inputs and "installment_rounding" not in inputs:
        return None
    named = inputs.get("installment_rounding", "HALF_EVEN")
    # rounded up "to a whole unit" is the sources' only use without a step
    step = inputs.get("installment_step") or ("1" if named == "CEILING" else str(rounding.step))
    return Rounding(Decimal(step), ROUNDINGS[named])


def _decimal(inputs: Inputs, name: str) -> Decimal | None:
    return Decimal(inputs[name]) if inputs.get(name) is not None else None


def payments_of(inputs: Inputs, *names: str) -> tuple[Payment, ...]:
    """The payments under those names: a list or one, with a date each, or amounts on the due dates in turn."""
    found: list[Payment] = []
    for name in names:
        given = inputs.get(name, ())
        listed = [given] if isinstance(given, Mapping | str) else list(given)
        dues = due_dates(start_of(inputs), len(listed), due_rule_of(inputs))
        for one, due_on in zip(listed, dues, strict=True):
            if isinstance(one, Mapping):
                found.append(Payment(date.fromisoformat(one["date"]), Decimal(one["amount"])))
            else:
                found.append(Payment(due_on, Decimal(one)))
    return tuple(found)


def order_of(strategy: Mapping[str, Any]) -> AllocationOrder:
    """The case's order of allocation; what is left goes to the next instalment unless it says otherwise."""
    return AllocationOrder(
        due=tuple(strategy["order_due"]),
        in_advance=tuple(strategy.get("order_in_advance", strategy["order_due"])),
        processing=strategy.get("processing", "horizontal"),
        future=strategy.get("future_rule", "next_instalment").replace("installment", "instalment"),
    )


def open_items_of(inputs: Inputs) -> tuple[OpenItem, ...]:
    """What is owed at the start: each item with its own due date, or its instalment's."""
    return tuple(
        OpenItem(
            number=instalment["n"],
            kind=item["type"],
            amount=Decimal(item["amount"]),
            due_on=date.fromisoformat(item.get("due_date", instalment["due_date"])),
            instalment_due_on=date.fromisoformat(instalment["due_date"]),
        )
        for instalment in inputs["instalments"]
        for item in instalment["items"]
    )
