"""Shows what a loan would cost: its plan of repayments and its all-in yearly cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.lending.money import ZERO
from app.lending.schedule import METHODS, Instalment, plan
from app.lending.yearly_cost import yearly_cost_percent
from app.texts import Text

REPAYMENT_METHODS = {
    "equal_instalment": Text("等额本息", "equal instalments"),
    "equal_principal": Text("等额本金", "equal principal"),
    "interest_monthly": Text("按月付息，到期还本", "monthly interest, principal at maturity"),
    "bullet": Text("到期一次还本付息", "principal and interest at maturity"),
}


@dataclass(frozen=True)
class Preview:
    """The instalments, and the yearly cost in percent with everything that is paid."""

    rows: tuple[Instalment, ...]
    all_in_percent: Decimal


def preview_schedule(
    *, amount: Decimal, rate_percent: Decimal, term_months: int, method: str, on: date, fees: Decimal = ZERO
) -> Preview:
    """The plan if the loan were paid out on `on`; a method that is not known is shown as interest monthly.

    `fees` are what the borrower pays at the payout besides: they count in the yearly cost.
    """
    rows = plan(amount, rate_percent, term_months, method if method in METHODS else "interest_monthly", on)
    return Preview(rows, yearly_cost_percent(amount, rows, on, fees))
