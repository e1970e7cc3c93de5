"""The one clock's reading: real time and business date, passed down as a value so that no inner code asks for now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Moment:
    """`now` is an aware UTC datetime (shifted where a demo moved the clock), `business_on` the business date."""

    now: datetime
    business_on: date

    def __post_init__(self) -> None:
        assert self.now.tzinfo is not None, "a moment carries its time zone"

    @classmethod
    def at(cls, now: datetime) -> Moment:
        """The moment whose business date is the day in China at `now`."""
        return cls(now.astimezone(UTC), now.astimezone(BUSINESS_ZONE).date())


def next_midnight(now: datetime) -> datetime:
    """When the day in China that is at `now` ends."""
    local = now.astimezone(BUSINESS_ZONE)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
