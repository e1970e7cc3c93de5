"""What a daily close did, as numbers that are added loan by loan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.lending.daily_close import Close
from app.lending.money import ZERO

NUMBERS = ("bills", "receipts", "overdue", "stages", "cured", "class_changes", "settled", "messages")
AMOUNTS = ("interest", "penalty")
OVERDUE, STAGE_ENTERED, CURED = "Overdue", "StageEntered", "Cured"
Counts = dict[str, Any]


def counts_of(done: Close, currency: str, *, class_changed: bool, settled: bool) -> Counts:
    """Of one loan: how many of each of NUMBERS, and AMOUNTS as {currency: yuan} (penalty less what was written back).

    `overdue` is 1 where the loan has days past due after the close.
    """
    told = [message.name for message in done.messages]
    return {
        "bills": len(done.bills),
        "receipts": len(done.applications),
        "overdue": int(done.standing.dpd > 0),
        "stages": told.count(OVERDUE) + told.count(STAGE_ENTERED),
        "cured": told.count(CURED),
        "class_changes": int(class_changed),
        "settled": int(settled),
        "messages": len(told) + int(settled),
        "interest": {currency: done.interest},
        "penalty": {currency: sum(done.penalties.values(), ZERO)},
    }


def added(counts: Counts, more: Counts) -> Counts:
    """Two sets of counts as one; an empty one is nothing."""
    numbers = {key: counts.get(key, 0) + more.get(key, 0) for key in NUMBERS}
    return numbers | {key: _sums(counts.get(key, {}), more.get(key, {})) for key in AMOUNTS}


def _sums(ours: dict[str, Decimal], theirs: dict[str, Decimal]) -> dict[str, Decimal]:
    return {currency: ours.get(currency, ZERO) + theirs.get(currency, ZERO) for currency in {**ours, **theirs}}
