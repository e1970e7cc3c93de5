"""A plan changed from a due date on: another day, another rate, more instalments or some without principal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.lending.due_dates import Period, due_dates, months_after, periods_between
from app.lending.schedule import Disbursement, Instalment, Terms, flat_rows, make_schedule


@dataclass(frozen=True)
class Change:
    """What is agreed anew from the instalment due on `from_due_on`: at least one of the four."""

    from_due_on: date
    new_due_on: date | None = None
    new_rate_percent: Decimal | None = None
    extra_count: int = 0
    interest_only_count: int = 0


def reschedule(terms: Terms, change: Change, agreed_dues: Sequence[date] = ()) -> tuple[Instalment, ...]:
    """The whole plan after the change: rows due before `from_due_on` stay, the rest of the principal is planned anew.

    From a moved due date on every later one keeps the new day. A new rate holds for the period that ends on
    `from_due_on` and all later ones. Principal is kept (invariant 3). ValueError where no instalment is due on
    `from_due_on`.
    """
    dues = tuple(agreed_dues) or due_dates(terms.start_on, terms.count or 0, terms.due)
    if change.from_due_on not in dues:
        raise ValueError(f"no instalment is due on {change.from_due_on}")
    kept = make_schedule(terms, periods_between(terms.start_on, dues, terms.due))[: dues.index(change.from_due_on)]
    spans = _spans_anew(terms, dues, change)[len(kept) :]
    base = sum((one.amount for one in terms.disbursements), Decimal(0))
    balance = kept[-1].balance if kept else base
    rest = replace(
        terms,
        disbursements=(Disbursement(spans[0].start_on, balance),),
        count=len(spans),
        rate_percent=terms.rate_percent if change.new_rate_percent is None else change.new_rate_percent,
        interest_only_count=change.interest_only_count or max(terms.interest_only_count - len(kept), 0),
    )
    if terms.flat:
        return (*kept, *flat_rows(rest, spans, base=base, balance=balance))
    return (*kept, *make_schedule(rest, spans))


def _spans_anew(terms: Terms, dues: Sequence[date], change: Change) -> tuple[Period, ...]:
    at = dues.index(change.from_due_on)
    count = len(dues) - at + change.extra_count
    if change.new_due_on is not None:
        later = due_dates(terms.start_on, count, replace(terms.due, first_due_on=change.new_due_on))
    else:
        later = (*dues[at:], *_continued(terms, dues, change.extra_count))
    return periods_between(terms.start_on, (*dues[:at], *later), terms.due)


def _continued(terms: Terms, dues: Sequence[date], count: int) -> tuple[date, ...]:
    """The next due dates after the last one, on the day that the plan keeps."""
    wanted = max(day.day for day in dues)
    if terms.due.unit != "months":
        return due_dates(dues[-1], count, replace(terms.due, first_due_on=None, min_days_to_first_due=0))
    return tuple(months_after(dues[-1], terms.due.every * step, wanted) for step in range(1, count + 1))
