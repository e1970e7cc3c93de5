"""The one clock: real time, the product's time with its moved business date, or the time that a test or a demo sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

from app.moment import Moment


class Offset(Protocol):
    """By how many days the business date is moved, remembered for one request, job, poller's round or command."""

    def days(self) -> int:
        """As remembered, else as the database has it now."""
        ...

    def remember(self, days: int | None) -> None:
        """What somebody has just read or written; None is asked again."""
        ...


_offset: list[Offset] = []
_fixed: list[datetime] = []


def follow(offset: Offset | None) -> None:
    """Sets where this process learns the offset; None seals the clock: it shows real time and cannot be moved."""
    _offset[:] = [] if offset is None else [offset]


def is_sealed() -> bool:
    """Whether the business date cannot be moved here (production)."""
    return not _offset


def offset_days() -> int:
    """By how many days the business date is ahead of the real one."""
    return _offset[0].days() if _offset else 0


def remember_offset(days: int | None) -> None:
    """Spares a query to whoever has read the offset with another one; None: the next one asks again."""
    if _offset:
        _offset[0].remember(days)


def real_now() -> datetime:
    """The real time in UTC; what audit entries and sessions use."""
    return datetime.now(UTC)


def unmoved_now() -> datetime:
    """The real time, which a test may set but a moved business date does not change.

    For what measures processes and networks, not business: leases, and how long ago a message left.
    """
    return _fixed[-1] if _fixed else real_now()


def moment() -> Moment:
    """The product's time: real time, shifted where the business date was moved."""
    return Moment.at(_fixed[-1] if _fixed else real_now() + timedelta(days=offset_days()))


@contextmanager
def fixed_at(now: datetime) -> Iterator[None]:
    """Stops the clock at `now` within the block (tests, demo data)."""
    _fixed.append(now)
    try:
        yield
    finally:
        _fixed.pop()
