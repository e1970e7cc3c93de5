"""The periods that statistics are shown for: the last weeks or months up to the business date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.moment import BUSINESS_ZONE, Moment
from app.texts import Text


@dataclass(frozen=True)
class Period:
    """`many` steps (weeks or months) of which the last one is running."""

    key: str
    name: Text
    many: int
    by_month: bool

    def starts(self, on: date) -> tuple[date, ...]:
        """The first day of each step, the oldest first: Mondays, or firsts of a month."""
        if not self.by_month:
            monday = on - timedelta(days=on.weekday())
            return tuple(monday - timedelta(weeks=back) for back in reversed(range(self.many)))
        return tuple(first_of_month(on, back) for back in reversed(range(self.many)))


PERIODS = {
    one.key: one
    for one in (
        Period("12m", Text("近 12 个月", "12 months"), 12, by_month=True),
        Period("26w", Text("近 26 周", "26 weeks"), 26, by_month=False),
        Period("12w", Text("近 12 周", "12 weeks"), 12, by_month=False),
    )
}
USUAL = "12w"


def first_of_month(on: date, back: int = 0) -> date:
    """The first day of the month that lies `back` months before that of `on`."""
    months = on.year * 12 + on.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def beginning(day: date) -> datetime:
    """The moment at which a business day begins."""
    return datetime.combine(day, time(), BUSINESS_ZONE)


def end_of(moment: Moment) -> datetime:
    """The moment after which nothing of today comes any more."""
    return beginning(moment.business_on + timedelta(days=1))
