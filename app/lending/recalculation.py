"""A plan after what was really paid: early money lowers the principal at once, late principal bears interest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.lending.due_dates import Period
from app.lending.money import ZERO
from app.lending.schedule import Instalment, Terms, interest_pieces, level_instalment, rounded_interest

MODES = ("shorten_term", "reduce_instalment")


@dataclass(frozen=True)
class Payment:
    """Money that came on a day."""

    on: date
    amount: Decimal


@dataclass
class _Walk:
    """The state between two days of the walk; lives for one recalculation."""

    owed: Decimal  # principal that really bears interest
    planned: Decimal  # principal not yet in a row
    overdue: list[list[Decimal]] = field(default_factory=list)  # [interest, principal] unpaid of earlier rows
    steps: list[tuple[date, date, Decimal]] = field(default_factory=list)  # pieces of the running period
    prepaid: Decimal = ZERO  # money of the running period beyond what was overdue
    lowered: Decimal = ZERO  # by how much it lowered the principal
    since: date = date.min

    def move_to(self, day: date) -> None:
        if day > self.since:
            self.steps.append((self.since, day, self.owed))
            self.since = day


def recalculate(
    terms: Terms,
    payments: Sequence[Payment],
    *,
    instalment: Decimal | None = None,
    as_of: date | None = None,
    mode: str = "shorten_term",
) -> tuple[Instalment, ...]:
    """The rows of a loan of one disbursement and equal instalments after `payments`, seen on `as_of`.

    Without `as_of` it is seen on the day of the last payment.
    Principal that is overdue bears contract interest until it is paid, or until `as_of`, after which the plan assumes
    it paid. Money before a due date lowers the principal that day; the instalment's rest stays due. What exceeds an
    instalment shortens the term or, with `reduce_instalment`, is spread anew over the rows left. A row is the
    instalment or, where more came, what came; the last row takes the balance. ValueError for an unknown mode.
    """
    if mode not in MODES:
        raise ValueError(f"unknown way of prepayment {mode}; known: {', '.join(MODES)}")
    spans = terms.periods()
    amount = terms.disbursements[0].amount
    seen_on = as_of or max((one.on for one in payments), default=spans[0].start_on)
    level = _level(terms, spans, amount) if instalment is None else instalment
    walk, rows = _Walk(owed=amount, planned=amount), []
    for index, span in enumerate(spans):
        _walk_through(terms, walk, span, payments, seen_on, level)
        row = _close_row(terms, walk, span, level, last=span is spans[-1])
        rows.append(row)
        if row.balance == 0:
            break
        if mode == "reduce_instalment" and row.total > level:
            level = _level(terms, spans[index + 1 :], row.balance)
        _settle_or_leave(walk, row, paid=span.due_on > seen_on)
    return tuple(rows)


def _level(terms: Terms, spans: Sequence[Period], balance: Decimal) -> Decimal:
    first = spans[0]
    grown = balance + interest_pieces(terms, first, [(first.start_on, first.due_on, balance)])
    return level_instalment(terms, spans, grown)


def _walk_through(
    terms: Terms, walk: _Walk, span: Period, payments: Sequence[Payment], seen_on: date, level: Decimal
) -> None:
    walk.steps, walk.prepaid, walk.lowered, walk.since = [], ZERO, ZERO, span.start_on
    for one in sorted(payments, key=lambda one: one.on):
        if span.start_on < one.on <= span.due_on:
            walk.move_to(one.on)
            _receive(terms, walk, span, one.amount, level)
    if span.start_on <= seen_on < span.due_on:
        walk.move_to(max(seen_on, walk.since))
        walk.owed -= sum((principal for _, principal in walk.overdue), ZERO)
        walk.overdue = []
    walk.move_to(span.due_on)


def _receive(terms: Terms, walk: _Walk, span: Period, amount: Decimal, level: Decimal) -> None:
    """Overdue rows first, interest before principal; the rest lowers the principal but for interest it must cover."""
    for row in walk.overdue:
        for kind in (0, 1):
            part = min(amount, row[kind])
            row[kind] -= part
            amount -= part
            walk.owed -= part if kind else ZERO
    if not amount:
        return
    walk.prepaid += amount
    accrued = rounded_interest(terms, span, walk.steps)
    lowered = walk.prepaid - accrued
    if walk.since < span.due_on:
        lowered = max(lowered, min(walk.prepaid, level - accrued))
    lowered = max(min(lowered, walk.planned), walk.lowered)
    walk.owed -= lowered - walk.lowered
    walk.lowered = lowered


def _close_row(terms: Terms, walk: _Walk, span: Period, level: Decimal, *, last: bool) -> Instalment:
    interest = rounded_interest(terms, span, walk.steps)
    principal = max(max(level, walk.prepaid) - interest, ZERO)
    if last or principal > walk.planned:
        principal = walk.planned
    walk.planned -= principal
    return Instalment(span.number, span.due_on, principal, interest, walk.planned)


def _settle_or_leave(walk: _Walk, row: Instalment, *, paid: bool) -> None:
    """After a due date: what is still open of the row is assumed paid, or stays owed."""
    open_amount = max(row.total - walk.prepaid, ZERO)
    if not paid and open_amount:
        open_principal = min(open_amount, row.principal - walk.lowered)
        walk.overdue.append([open_amount - open_principal, open_principal])
    walk.owed = walk.planned + sum((principal for _, principal in walk.overdue), ZERO)
