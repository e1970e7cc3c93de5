"""Built-ins that make dates, times and durations or tell something of them; the clock's reading is the caller's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.feel.durations import DaysTimeDuration, YearsMonthsDuration, duration_from_text
from app.feel.errors import FeelError
from app.feel.library.registry import builtin
from app.feel.library.strings import bounded
from app.feel.numbers import millionths
from app.feel.run import Run, Value
from app.feel.temporal import (
    date_from_text,
    date_of,
    datetime_from_text,
    days_in_month,
    offset_zone,
    time_from_text,
    zone_named,
)
from app.moment import BUSINESS_ZONE, Moment
from app.texts import Text

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _moment(run: Run) -> Moment:
    if run.moment is None:
        raise FeelError(0, Text("这里不能使用 now() 和 today()", "there is no clock here for now() or today()"))
    return run.moment


@builtin("now")
def now(run: Run) -> datetime:
    """The moment, with China's offset (+08:00)."""
    local = _moment(run).now.astimezone(BUSINESS_ZONE)
    return local.replace(tzinfo=offset_zone(local.utcoffset() or timedelta()))


@builtin("today")
def today(run: Run) -> date:
    """The business date."""
    return _moment(run).business_on


@builtin("date", "from: string")
def date_text(run: Run, text: str) -> date | None:
    """The date of "2017-12-31"."""
    return date_from_text(text)


@builtin("date", "from: day")
def date_part(run: Run, value: date) -> date:
    """The date itself, or that of a moment."""
    return value.date() if isinstance(value, datetime) else value


@builtin("date", "year: number", "month: number", "day: number")
def date_numbers(run: Run, year: Decimal, month: Decimal, day: Decimal) -> date | None:
    """The date of year, month and day."""
    return date_of(bounded(year), bounded(month), bounded(day))


@builtin("time", "from: string")
def time_text(run: Run, text: str) -> time | None:
    """The time of "11:22:33"."""
    return time_from_text(text)


@builtin("time", "from: time")
def time_itself(run: Run, value: time) -> time:
    """The time itself."""
    return value


@builtin("time", "from: day")
def time_part(run: Run, value: date) -> time:
    """The time of a moment; midnight UTC for a date."""
    return value.timetz() if isinstance(value, datetime) else time(tzinfo=offset_zone(timedelta()))


@builtin("time", "hour: number", "minute: number", "second: number", "offset?: days duration?")
def time_numbers(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None = None
) -> time | None:
    """The time of hour, minute and second, with the offset from UTC if given."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    delta = None if offset is None else offset.delta
    zone = None if delta is None else offset_zone(delta)
    if offset is not None and zone is None:
        return None
    return time(int(hour), int(minute), int(second), millionths(second), zone)


@builtin("date and time", "from: string")
def moment_text(run: Run, text: str) -> datetime | None:
    """The moment of "2017-12-31T11:22:33", or midnight of a date."""
    return datetime_from_text(text)


@builtin("date and time", "from: day")
def moment_itself(run: Run, value: date) -> datetime:
    """The moment itself, or midnight of a date."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())


@builtin("date and time", "date: day", "time: time")
def moment_joined(run: Run, day: date, clock: time) -> datetime:
    """The moment of a date (or a moment's date) and a time."""
    return datetime.combine(date_part(run, day), clock)


@builtin("date and time", "date: date and time", "timezone: string")
def moment_in_zone(run: Run, value: datetime, timezone: str) -> datetime | None:
    """The same moment told in another zone; a local one gets the zone (Camunda)."""
    zone = zone_named(timezone)
    if zone is None:
        return None
    try:
        return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
    except OverflowError:
        return None


@builtin("duration", "from: string")
def duration_text(run: Run, text: str) -> DaysTimeDuration | YearsMonthsDuration | None:
    """The duration of "P1DT2H" or "P1Y2M"."""
    return duration_from_text(text)


@builtin("duration", "from: days duration")
@builtin("duration", "from: months duration")
def duration_itself(run: Run, value: Value) -> Value:
    """The duration itself (Camunda)."""
    return value


@builtin("years and months duration", "from: day", "to: day")
def months_between(run: Run, start: date, end: date) -> YearsMonthsDuration | None:
    """The whole months from one to the other, negative backwards."""
    return YearsMonthsDuration(_months_from(start, end) if _reached(start, end) else -_months_from(end, start))


def _reached(start: date, end: date) -> bool:
    return date_part_of(start) <= date_part_of(end)


def date_part_of(value: date) -> date:
    """The date of a date or moment."""
    return value.date() if isinstance(value, datetime) else value


def _months_from(start: date, end: date) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if months and end.day < start.day else months


@builtin("day of year", "date: day")
def day_of_year(run: Run, day: date) -> Decimal:
    """1 to 366."""
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week", "date: day")
def day_of_week(run: Run, day: date) -> str:
    """Monday to Sunday, in English as the standard says."""
    return _DAYS[day.weekday()]


@builtin("month of year", "date: day")
def month_of_year(run: Run, day: date) -> str:
    """January to December."""
    return _MONTHS[day.month - 1]


@builtin("week of year", "date: day")
def week_of_year(run: Run, day: date) -> Decimal:
    """The ISO week, 1 to 53."""
    return Decimal(day.isocalendar().week)


@builtin("last day of month", "date: day")
def last_day_of_month(run: Run, day: date) -> date:
    """The month's last day, for a moment its last moment's day at the same time (Camunda)."""
    return day.replace(day=days_in_month(day.year, day.month))
