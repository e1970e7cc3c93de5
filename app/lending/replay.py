"""Where a loan stands on a day, worked out from its plan and receipts alone, in order of their value dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.lending.allocation import OpenItem, allocate
from app.lending.loan_facts import OVERPAID, CloseRules, LoanFacts, Settlement, open_items
from app.lending.money import ZERO
from app.lending.penalty import PenaltyRule, penalty_to


@dataclass(frozen=True)
class Position:
    """The loan on a day: what every receipt paid, penalties earned by instalment, and every item still open.

    `unapplied` is money by receipt that waits for a due date. Backdated receipts need no care: a position is made
    from the value dates, so it is as if they had always been there (invariants 21, 23).
    """

    on: date
    settlements: tuple[Settlement, ...]
    penalties: Mapping[int, Decimal]
    items: tuple[OpenItem, ...]
    unapplied: Mapping[str, Decimal]

    @property
    def outstanding(self) -> Decimal:
        """All that is owed, due or not."""
        return sum((item.amount for item in self.items), ZERO)


def replay(facts: LoanFacts, rules: CloseRules, on: date) -> Position:
    """The position on `on`: receipts go by value date and number, money kept in hand is used on the next due date."""
    walk = _Walk(facts, rules)
    days = {receipt.on for receipt in facts.receipts} | {item.due_on for item in walk.owed}
    for day in sorted(day for day in days if day <= on):
        walk.day(day)
    items, penalties = walk.open_on(on)
    return Position(on, tuple(walk.settlements), penalties, tuple(items), {no: left for no, left in walk.pool if left})


class _Walk:
    """The money in hand and what it has paid so far; lives for one replay."""

    def __init__(self, facts: LoanFacts, rules: CloseRules) -> None:
        self.facts, self.rules = facts, rules
        self.owed = open_items(facts.rows, facts.charges)
        self.receipts = sorted(facts.receipts, key=lambda receipt: (receipt.on, receipt.receipt_no))
        self.orders = {receipt.receipt_no: receipt.order for receipt in facts.receipts}
        self.pool: list[tuple[str, Decimal]] = []
        self.settlements: list[Settlement] = []
        self.paid: dict[tuple[int, str], list[tuple[date, Decimal]]] = {}
        self.finished: dict[tuple[int, str], Decimal] = {}

    def day(self, day: date) -> None:
        self.pool = [(no, left) for no, left in self.pool if left]
        self.pool += [(receipt.receipt_no, receipt.amount) for receipt in self.receipts if receipt.on == day]
        if self.pool:
            items, _ = self.open_on(day)
            kept_before = ZERO
            for index, (receipt_no, left) in enumerate(self.pool):
                done = allocate(left, day, items, self.orders.get(receipt_no) or self.rules.order)
                items = list(done.left_open)
                for line in done.lines:
                    self._settle(receipt_no, day, line.number, line.kind, line.amount)
                # what earlier money is kept for needs no second cover: more than all that is owed goes back
                still_owed = sum((item.amount for item in items), ZERO)
                kept = min(done.unapplied, max(still_owed - kept_before, ZERO))
                overpaid, kept_before = done.overpaid + done.unapplied - kept, kept_before + kept
                if overpaid:
                    self._settle(receipt_no, day, 0, OVERPAID, overpaid)
                self.pool[index] = (receipt_no, kept)

    def _settle(self, receipt_no: str, day: date, number: int, kind: str, amount: Decimal) -> None:
        self.settlements.append(Settlement(receipt_no, day, number, kind, amount))
        self.paid.setdefault((number, kind), []).append((day, amount))

    def open_on(self, day: date) -> tuple[list[OpenItem], dict[int, Decimal]]:
        """What is open on a day, with the penalties earned by then."""
        penalties = self._penalties(day)
        dues = {row.number: row.due_on for row in self.facts.rows}
        asked = [
            *self.owed,
            *(OpenItem(number, "penalty", amount, dues[number], dues[number]) for number, amount in penalties.items()),
        ]
        return _less_paid(asked, self.paid), penalties

    def _penalties(self, day: date) -> dict[int, Decimal]:
        rule, stopped_on = self.rules.penalty, self.facts.stopped_on
        end = min(day, stopped_on) if stopped_on else day
        raw: dict[int, Decimal] = {}
        for item in self.owed:
            if item.due_on < end and item.kind in rule.kinds:
                earned = self._penalty(item, end, rule)
                raw[item.number] = raw.get(item.number, Decimal(0)) + earned
        rounded = {number: rule.rounding.of(amount) for number, amount in raw.items()}
        return {number: amount for number, amount in rounded.items() if amount}

    def _penalty(self, item: OpenItem, end: date, rule: PenaltyRule) -> Decimal:
        """The item's penalty; what is fully paid earns no more, so the walk works it out once."""
        place = (item.number, item.kind)
        if place in self.finished:
            return self.finished[place]
        paid = self.paid.get(place, [])
        earned = penalty_to(end, item.due_on, item.amount, paid, rule)
        if sum((amount for _, amount in paid), ZERO) == item.amount:
            self.finished[place] = earned
        return earned


def _less_paid(asked: Sequence[OpenItem], paid: Mapping[tuple[int, str], list[tuple[date, Decimal]]]) -> list[OpenItem]:
    """The items without what was paid; several items of one number and kind are paid in their order."""
    left_over = {place: sum((amount for _, amount in parts), ZERO) for place, parts in paid.items()}
    found = []
    for item in asked:
        place = (item.number, item.kind)
        part = min(left_over.get(place, ZERO), item.amount)
        left_over[place] = left_over.get(place, ZERO) - part
        if item.amount > part:
            found.append(replace(item, amount=item.amount - part) if part else item)
    return found
