"""How a receipt is spread over what is owed: an order given as data, never more than an item's outstanding amount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from app.lending.money import EXACT, FEN, ZERO, Rounding

KINDS = ("cost", "fee", "penalty", "interest", "principal")
# 民法典 art. 561: costs of enforcing, interest (a penalty is interest for delay), principal
LEGAL_ORDER = ("cost", "fee", "penalty", "interest", "principal")
# horizontal empties an instalment before the next; vertical a kind before the next kind
PROCESSINGS = ("horizontal", "vertical", "interest_of_all_due_first")
# what is left after all that is due: kept for the next due date, or spent on future instalments
FUTURE_RULES = ("keep", "next_instalment", "last_instalment", "next_last_instalment", "reamortization")


@dataclass(frozen=True)
class AllocationOrder:
    """The active rule of allocation: kinds in order for what is due and in advance, the way, and the rule for the rest.

    A kind that an order does not name is not paid in that step. ValueError for an unknown kind, way or rule.
    """

    due: tuple[str, ...] = LEGAL_ORDER
    in_advance: tuple[str, ...] = LEGAL_ORDER
    processing: str = "horizontal"
    future: str = "keep"

    def __post_init__(self) -> None:
        unknown = sorted({*self.due, *self.in_advance} - set(KINDS))
        if unknown or self.processing not in PROCESSINGS or self.future not in FUTURE_RULES:
            raise ValueError(f"unknown in an allocation order: {unknown or [self.processing, self.future]}")


@dataclass(frozen=True)
class OpenItem:
    """What is owed of one kind for one instalment: `amount` outstanding, due on `due_on` (a charge has its own day).

    `instalment_due_on` is the due date of the instalment that the item belongs to. A cost of enforcing the whole debt
    has number 0 and comes before every instalment (art. 561).
    """

    number: int
    kind: str
    amount: Decimal
    due_on: date
    instalment_due_on: date


@dataclass(frozen=True)
class AllocationLine:
    """A part of a receipt on one item."""

    number: int
    kind: str
    amount: Decimal
    item_due_on: date


@dataclass(frozen=True)
class Allocated:
    """A receipt in parts: lines + unapplied + overpaid = the receipt (invariant 9).

    `unapplied` waits for the next due date; `overpaid` exceeds all that is owed and is a debt to the payer.
    """

    lines: tuple[AllocationLine, ...]
    unapplied: Decimal
    overpaid: Decimal
    left_open: tuple[OpenItem, ...]

    def of_kind(self, kind: str) -> Decimal:
        """What the receipt paid of one kind."""
        return sum((line.amount for line in self.lines if line.kind == kind), ZERO)


def allocate(amount: Decimal, on: date, items: Iterable[OpenItem], order: AllocationOrder) -> Allocated:
    """Spreads a receipt of `amount` that counts on the day `on` over the open items.

    What is due by that day comes first in the due order, oldest first; the rest follows the order's future rule.
    ValueError for an amount that is not above zero.
    """
    if amount <= 0:
        raise ValueError("a receipt is above zero")
    purse = _Purse(amount, sorted(items, key=lambda item: (_place(item), item.due_on)))
    for index in _due_first(purse.items, on, order):
        purse.pay(index)
    if order.future == "reamortization":
        _spread_evenly(purse, on, order)
    elif order.future != "keep":
        for index in _in_advance(purse.items, on, order):
            purse.pay(index)
    still_owed = sum((item.amount for item in purse.items), ZERO)
    unapplied = min(purse.left, still_owed)
    return Allocated(
        tuple(purse.lines), unapplied, purse.left - unapplied, tuple(item for item in purse.items if item.amount)
    )


class _Purse:
    """The money left and the items as they are paid; lives for one allocation."""

    def __init__(self, amount: Decimal, items: list[OpenItem]) -> None:
        self.left, self.items = amount, items
        self.lines: list[AllocationLine] = []

    def pay(self, index: int, at_most: Decimal | None = None) -> Decimal:
        item = self.items[index]
        part = min(item.amount, self.left if at_most is None else min(at_most, self.left))
        if part <= 0:
            return ZERO
        self.left -= part
        self.items[index] = replace(item, amount=item.amount - part)
        self.lines.append(AllocationLine(item.number, item.kind, part, item.due_on))
        return part


def _due_first(items: Sequence[OpenItem], on: date, order: AllocationOrder) -> list[int]:
    """Indexes of the due items in the order in which they are paid."""
    due = [index for index, item in enumerate(items) if item.due_on <= on and item.kind in order.due]
    rank = {kind: place for place, kind in enumerate(order.due)}
    if order.processing == "horizontal":
        return sorted(due, key=lambda at: (_place(items[at]), rank[items[at].kind], items[at].due_on))
    return sorted(due, key=lambda at: (rank[items[at].kind], _place(items[at]), items[at].due_on))


def _in_advance(items: Sequence[OpenItem], on: date, order: AllocationOrder) -> list[int]:
    rank = {kind: place for place, kind in enumerate(order.in_advance)}
    places = {place: at for at, place in enumerate(_future_places(items, on, order.future))}
    chosen = [index for index, item in enumerate(items) if item.amount and item.kind in rank and _place(item) in places]
    if order.processing == "vertical":
        return sorted(chosen, key=lambda at: (rank[items[at].kind], places[_place(items[at])], items[at].due_on))
    return sorted(chosen, key=lambda at: (places[_place(items[at])], rank[items[at].kind], items[at].due_on))


def _future_places(items: Sequence[OpenItem], on: date, future: str) -> list[tuple[date, int]]:
    """The instalments that still hold something, in the order in which money in advance reaches them."""
    places = sorted({_place(item) for item in items if item.amount})
    if future == "last_instalment":
        return places[::-1]
    if future == "next_last_instalment":
        return places[:1] + places[:0:-1]
    return places


def _spread_evenly(purse: _Purse, on: date, order: AllocationOrder) -> None:
    """Even parts over all future instalments, the last one taking the residue, until nothing more can be paid."""
    while purse.left > 0:
        groups = list(_reachable(purse.items, on, order))
        if not groups:
            return
        share = Rounding(FEN, ROUND_DOWN).of(EXACT.divide(purse.left, Decimal(len(groups))))
        shares = [share] * (len(groups) - 1) + [purse.left - share * (len(groups) - 1)]
        for group, whole in zip(groups, shares, strict=True):
            for index in group:
                whole -= purse.pay(index, whole)


def _reachable(items: Sequence[OpenItem], on: date, order: AllocationOrder) -> Iterator[list[int]]:
    indexes = _in_advance(items, on, order)
    kinds: Sequence[tuple[str, ...]] = [order.in_advance]
    if order.processing == "vertical":
        first = next((items[at].kind for at in indexes), None)
        kinds = [(first,)] if first else []
    for wanted in kinds:
        for place in _future_places(items, on, order.future):
            group = [at for at in indexes if _place(items[at]) == place and items[at].kind in wanted]
            if group:
                yield group


def _place(item: OpenItem) -> tuple[date, int]:
    return (item.instalment_due_on if item.number else date.min, item.number)
