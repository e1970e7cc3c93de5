"""Days past due (逾期天数), what is overdue, and the rungs of collections that they enter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from app.lending.allocation import OpenItem
from app.lending.money import ZERO
from app.lending.steps import Steps

# a penalty left over from the last day keeps nobody in arrears by itself
COUNTED = ("principal", "interest")


def days_past_due(items: Iterable[OpenItem], on: date, *, grace_days: int = 0, kinds: tuple[str, ...] = COUNTED) -> int:
    """Days since the oldest unpaid due date, 0 where nothing is overdue (invariant 25).

    `grace_days` is for products whose contract says that days within grace do not count: up to its last day the count
    is 0, after it all days since the due date count. The due date itself is day 0.
    """
    oldest = min((item.due_on for item in items if item.amount > 0 and item.kind in kinds), default=on)
    days = max((on - oldest).days, 0)
    return days if days > grace_days else 0


def overdue_amount(items: Iterable[OpenItem], on: date, kinds: tuple[str, ...] = COUNTED) -> Decimal:
    """What is unpaid after its due date."""
    return sum((item.amount for item in items if item.due_on < on and item.kind in kinds), ZERO)


def rungs_entered(ladder: Steps, standing: str | None, dpd: int) -> tuple[str, ...]:
    """The rungs from the one after `standing` down to that of `dpd`, in order; none where it is not deeper.

    Within an episode nobody climbs back: a part payment does not undo a letter. `standing` None is before the ladder.
    """
    rungs = ladder.values
    reached = rungs.index(ladder.at(dpd))
    before = -1 if standing is None else rungs.index(standing)
    return rungs[before + 1 : reached + 1]
