"""What the daily close is told about one loan: its plan, the money that came, what is booked, and its rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal

from app.lending.allocation import AllocationOrder, OpenItem
from app.lending.money import FEN, ZERO, Rounding
from app.lending.penalty import PenaltyRule
from app.lending.schedule import Instalment
from app.lending.steps import Steps

OVERPAID = "overpaid"
DOWN = Rounding(FEN, ROUND_DOWN)


@dataclass(frozen=True)
class Receipt:
    """Money that came for the loan, with its value date; the number orders those of one day.

    `order` is that in force when it came, stored with it (invariant 10); None is the loan's present order. ValueError
    for an amount that is not above zero.
    """

    receipt_no: str
    on: date
    amount: Decimal
    order: AllocationOrder | None = None

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("a receipt is above zero")


@dataclass(frozen=True)
class Settlement:
    """A part of a receipt on an item from the day `on`; of kind overpaid it is owed to the payer."""

    receipt_no: str
    on: date
    number: int
    kind: str
    amount: Decimal


@dataclass(frozen=True)
class BookedApplication:
    """An application journal in force (not reversed), by its number in the ledger."""

    journal_no: str
    settlements: tuple[Settlement, ...]


@dataclass(frozen=True)
class Booked:
    """What the ledger already holds for the loan, net of reversals; penalties by number of instalment."""

    interest: Decimal = ZERO
    penalties: Mapping[int, Decimal] = field(default_factory=dict)
    receipt_nos: frozenset[str] = frozenset()
    applications: tuple[BookedApplication, ...] = ()
    billed_numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Standing:
    """How the loan stood after its last close: `stage` is None outside an episode of arrears, `episode` counts them."""

    dpd: int = 0
    asset_class: str = "pass"
    episode: int = 0
    stage: str | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class LoanFacts:
    """One loan as its tables hold it, amounts in its currency.

    `rows` is the active schedule from the payout on. `charges` are costs and fees owed beside it. From `stopped_on`
    (written off, transferred) nothing more is billed or accrued (invariant 28). `judged_class` is a person's.
    """

    loan_no: str
    currency: str
    paid_out_on: date
    rows: tuple[Instalment, ...]
    receipts: tuple[Receipt, ...] = ()
    charges: tuple[OpenItem, ...] = ()
    booked: Booked = field(default_factory=Booked)
    standing: Standing = field(default_factory=Standing)
    judged_class: str = "pass"
    stopped_on: date | None = None


@dataclass(frozen=True)
class CloseRules:
    """The loan's rules as data, from its contract and the tables in force.

    `bill_days_before` days before a due date its bill is made. `class_floors` and `ladder` are by days past due; the
    ladder's first rung is that before arrears. Arrears begin after `penalty.grace_days`; `dpd_grace_days` above 0
    only where the product leaves grace out of the count.
    """

    order: AllocationOrder
    penalty: PenaltyRule
    class_floors: Steps
    ladder: Steps
    bill_days_before: int = 7
    dpd_grace_days: int = 0


def open_items(rows: Iterable[Instalment], charges: Iterable[OpenItem] = ()) -> list[OpenItem]:
    """What the plan and the charges ask for, before any payment."""
    items = list(charges)
    for row in rows:
        for kind, amount in (("interest", row.interest), ("principal", row.principal)):
            if amount:
                items.append(OpenItem(row.number, kind, amount, row.due_on, row.due_on))
    return items


def accrued_interest(rows: Iterable[Instalment], paid_out_on: date, on: date) -> Decimal:
    """Interest earned by `on`: each row's by the days of its period that have passed, rounded down to the fen.

    On a due date it equals the interest of all rows up to it, so bills and accruals agree (invariants 4, 12).
    """
    total, start = ZERO, paid_out_on
    for row in rows:
        if on >= row.due_on:
            total += row.interest
        elif on > start:
            days = Decimal((on - start).days)
            return total + DOWN.of(row.interest * days / (row.due_on - start).days)
        start = row.due_on
    return total
