"""How the loans stand: overdue by days past due now, overdue over the months, and how much rolled a bucket farther."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from sqlalchemy.orm import Session

from app.lending.money import ZERO
from app.storage import month_ends
from app.use_cases.reporting.periods import first_of_month

# days past due at which a bucket begins; the first one holds loans that are not overdue
NOW_BOUNDS = (0, 1, 8, 31, 91, 181)
ROLL_BOUNDS = (0, 1, 31, 61, 91)
BEYOND = 30
MONTHS = 12
PLACES = Decimal("0.01")


@dataclass(frozen=True)
class Bucket:
    """Loans with at least `begins` days past due, up to `ends` (None: no end), and what is owed on them in all."""

    begins: int
    ends: int | None
    loans: int
    amount: Decimal
    share: Decimal


@dataclass(frozen=True)
class Roll:
    """Percent of the amount that stood in a bucket at a month's end and in a deeper one at the next; by month."""

    begins: int
    points: tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True)
class Portfolio:
    """In yuan; `late_share` is the percent owed on loans with more than 30 days past due, now and at months' ends."""

    loans: int
    amount: Decimal
    buckets: tuple[Bucket, ...]
    late_share: Decimal | None
    late_months: tuple[tuple[date, Decimal], ...]
    rolls: tuple[Roll, ...]


def portfolio(session: Session, funder_id: int | None, on: date) -> Portfolio:
    """Of one funder or all, with the last twelve months' ends."""
    standing = month_ends.standing_now(session, funder_id, NOW_BOUNDS)
    loans = sum(many for many, _ in standing.values())
    amount = sum((owed for _, owed in standing.values()), ZERO)
    buckets = tuple(
        Bucket(begins, _end(NOW_BOUNDS, place), *standing.get(place, (0, ZERO)), _percent(standing, place, amount))
        for place, begins in enumerate(NOW_BOUNDS)
    )
    late = sum((one.amount for one in buckets if one.begins > BEYOND), ZERO)
    since = first_of_month(on, MONTHS) - timedelta(days=1)
    months = month_ends.overdue(session, funder_id, since, BEYOND)
    return Portfolio(
        loans,
        amount,
        buckets[1:],
        _share(late, amount),
        tuple((end, _share(part, whole) or ZERO) for end, part, whole in months),
        _rolls(session, funder_id, [end for end, _, _ in months]),
    )


def _rolls(session: Session, funder_id: int | None, kept: list[date]) -> tuple[Roll, ...]:
    # a month whose last day was not closed says nothing of what rolled
    ends = [(end, before) for before, end in pairwise(kept) if end.replace(day=1) - timedelta(days=1) == before]
    found = month_ends.rolls(session, funder_id, ends, ROLL_BOUNDS) if ends else []
    points: dict[int, list[tuple[date, Decimal]]] = {}
    for end, place, whole, part in found:
        points.setdefault(place, []).append((end, _share(part, whole) or ZERO))
    return tuple(Roll(begins, tuple(points.get(place, ()))) for place, begins in enumerate(ROLL_BOUNDS[:-1]))


def _end(bounds: tuple[int, ...], place: int) -> int | None:
    return bounds[place + 1] - 1 if place + 1 < len(bounds) else None


def _percent(standing: dict[int, tuple[int, Decimal]], place: int, amount: Decimal) -> Decimal:
    return _share(standing.get(place, (0, ZERO))[1], amount) or Decimal("0.00")


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return None if not whole else (100 * part / whole).quantize(PLACES)
