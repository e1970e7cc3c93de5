"""Closes every missing day up to the present business date, in order."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.gateways import clock
from app.storage import closes
from app.storage.closes import DONE
from app.storage.database import reading
from app.use_cases.closing.close_all import DayRun, close_all


@dataclass(frozen=True)
class CaughtUp:
    """The days that this run worked on; `is_complete` where no day is missing any more."""

    days: tuple[DayRun, ...]
    is_complete: bool


def catch_up(
    *, until: date | None = None, seconds: float | None = None, told: Callable[[DayRun], object] = lambda _: None
) -> CaughtUp:
    """Closes day after day to `until` (the business date, also one that is moved meanwhile).

    It stops at a day that another runner has, or where a loan fails: days are closed in order. After `seconds` the rest
    is left to the next run. `told` hears of every day. Raises Refused for an `until` that has not come.
    """
    begun, days = time.monotonic(), list[DayRun]()
    while True:
        clock.remember_offset(None)
        with reading() as session:
            on = closes.next_day(session, until or clock.moment().business_on)
        if on is None:
            return CaughtUp(tuple(days), True)
        left = None if seconds is None else seconds - (time.monotonic() - begun)
        if left is not None and left <= 0:
            return CaughtUp(tuple(days), False)
        day = close_all(on, seconds=left)
        days.append(day)
        told(day)
        if day.state != "done":
            return CaughtUp(tuple(days), False)


def is_behind() -> bool:
    """Whether a day is missing and nobody works on it: one query, which the poller asks at each round.

    A day with a loan that failed is left alone for some minutes.
    """
    now = clock.unmoved_now()
    with reading() as session:
        last = next(iter(closes.newest(session)), None)
    if last is None:
        return True
    if last.state == DONE:
        return last.business_on < clock.moment().business_on
    busy = last.lease_until is not None and last.lease_until >= now
    return not busy and (last.retry_at is None or last.retry_at <= now)
