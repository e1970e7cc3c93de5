"""A plan changed from a day on: other due dates, rate or count, instalments without principal, all due at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from app.lending.due_dates import Period, due_dates, months_after, periods_between
from app.lending.loan_facts import accrued_interest
from app.lending.money import ZERO
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


def accelerate(rows: Sequence[Instalment], paid_out_on: date, on: date) -> tuple[Instalment, ...]:
    """The plan when the whole debt is called in (宣布提前到期): what is not due by `on` becomes one last row.

    The row has all principal left and the interest accrued by its due date, as it is in the books, and a number of
    its own; it is due on `on`, or the day after where an instalment is due that day. Unchanged where nothing is left.
    """
    kept = tuple(row for row in rows if row.due_on <= on)
    rest = sum((row.principal for row in rows[len(kept) :]), ZERO)
    if not rest:
        return tuple(rows)
    due_on = on + timedelta(days=1) if kept and kept[-1].due_on == on else on
    interest = accrued_interest(rows, paid_out_on, due_on) - sum((row.interest for row in kept), ZERO)
    number = max(row.number for row in rows) + 1
    return (*kept, Instalment(number, due_on, rest, interest, ZERO))
