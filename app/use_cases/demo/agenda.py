"""The agenda of a play: acts in the order of their time, with the timers and repeated attempts that lie between."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy import func, select

from app.moment import BUSINESS_ZONE
from app.storage.database import reading
from app.storage.outbox import OutboxRow
from app.storage.waiting import Timer

# by the clock of China
OPENS, CLOSES, CLOSE_OF_DAY, PAYS = time(9, 0), time(18, 0), time(0, 20), time(10, 40)
DAY = timedelta(days=1)
WAITING = "waiting"
Act = Callable[[], object]
_Planned = tuple[datetime, int, Act]


class Agenda:
    """What is done when; acts may add further ones."""

    def __init__(self) -> None:
        self._acts: list[_Planned] = []
        self._order = count()

    def add(self, at: datetime, act: Callable[..., object], *about: Any) -> None:
        """Plans an act; of two at the same time the earlier planned one comes first."""
        planned: _Planned = (at, next(self._order), partial(act, *about))
        heapq.heappush(self._acts, planned)

    def until(self, end: datetime) -> Iterator[tuple[datetime, Act]]:
        """Each time up to `end` at which something is to be done, with the act; for timers there is none to do."""
        now: datetime | None = None
        while True:
            planned = min(self._acts[0][0], end) if self._acts else end
            wake = None if now is None else _next_wake(now, planned)
            if wake is not None:
                now = wake
                yield now, _nothing
            elif self._acts and self._acts[0][0] <= end:
                now, _, act = heapq.heappop(self._acts)
                yield now, act
            else:
                return


def in_office_hours(at: datetime) -> datetime:
    """The same time, or the next morning where offices in China are closed then."""
    here = at.astimezone(BUSINESS_ZONE)
    if OPENS <= here.time() < CLOSES:
        return at
    morning = here.date() if here.time() < OPENS else here.date() + DAY
    return local(morning, OPENS) + timedelta(minutes=here.minute, seconds=here.second)


def local(on: date, at: time) -> datetime:
    """A time of a day in China, in UTC."""
    return datetime.combine(on, at, BUSINESS_ZONE).astimezone(UTC)


def _next_wake(now: datetime, until: datetime) -> datetime | None:
    """When the first timer or repeated attempt after `now` is due, if that is not after `until`."""
    timer = select(func.min(Timer.due_at)).where(Timer.due_at > now)
    attempt = select(func.min(OutboxRow.next_at)).where(OutboxRow.state == WAITING, OutboxRow.next_at > now)
    with reading() as session:
        found = session.execute(select(timer.scalar_subquery(), attempt.scalar_subquery())).one()
    return min((at for at in found if at is not None and at <= until), default=None)


def _nothing() -> None:
    """Nobody acts."""
