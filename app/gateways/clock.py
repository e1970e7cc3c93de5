"""The one clock: real time, or the time that a test or a demo sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from app.moment import Moment

_offset = timedelta(0)
_fixed: list[datetime] = []


def real_now() -> datetime:
    """The real time in UTC; what audit entries and sessions use."""
    return datetime.now(UTC)


def moment() -> Moment:
    """The product's time: real time, shifted where the clock was moved."""
    return Moment.at(_fixed[-1] if _fixed else real_now() + _offset)


@contextmanager
def fixed_at(now: datetime) -> Iterator[None]:
    """Stops the clock at `now` within the block (tests, demo data)."""
    _fixed.append(now)
    try:
        yield
    finally:
        _fixed.pop()
