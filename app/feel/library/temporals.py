"""Built-ins that make dates, times and durations or tell something of them; the clock's reading is the caller's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app.feel.calendar import day_like, days_in_month
from app.feel.durations import SECONDS_PER_DAY, DaysTimeDuration, YearsMonthsDuration, duration_from_text, years_months
from app.feel.errors import FeelError
from app.feel.library.registry import builtin
from app.feel.library.strings import bounded
from app.feel.numbers import ARITHMETIC
from app.feel.run import STEPS_OF_HARD_ARITHMETIC, Run, Value
from app.feel.temporal import (
    MIDNIGHT,
    MIDNIGHT_UTC,
    NANOS,
    Date,
    DateTime,
    Time,
    date_of,
    from_python,
    instant,
    moment_in,
    offset_zone,
    zone_named,
)
from app.feel.temporal_texts import date_from_text, datetime_from_text, time_from_text
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
def now(run: Run) -> Value:
    """The moment, with China's offset (+08:00)."""
    local = _moment(run).now.astimezone(BUSINESS_ZONE)
    return from_python(local.replace(tzinfo=offset_zone(local.utcoffset() or timedelta())))


@builtin("today")
def today(run: Run) -> Value:
    """The business date."""
    return from_python(_moment(run).business_on)


@builtin("date", "from: string")
def date_text(run: Run, text: str) -> Date | None:
    """The date of "2017-12-31"."""
    return date_from_text(text)


@builtin("date", "from: day")
def date_part(run: Run, value: Date | DateTime) -> Date:
    """The date itself, or that of a moment."""
    return date_part_of(value)


@builtin("date", "year: number", "month: number", "day: number")
def date_numbers(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    """The date of year, month and day."""
    return date_of(bounded(year), bounded(month), bounded(day))


@builtin("time", "from: string")
def time_text(run: Run, text: str) -> Time | None:
    """The time of "11:22:33"."""
    return time_from_text(text)


@builtin("time", "from: time")
def time_itself(run: Run, value: Time) -> Time:
    """The time itself."""
    return value


@builtin("time", "from: day")
def time_part(run: Run, value: Date | DateTime) -> Time:
    """The time of a moment; midnight UTC for a date."""
    return value.time if isinstance(value, DateTime) else MIDNIGHT_UTC


@builtin("time", "hour: number", "minute: number", "second: number", "offset?: days duration?")
def time_numbers(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None = None
) -> Time | None:
    """The time of hour, minute and second, with the offset from UTC if given."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    zone = None
    if offset is not None:
        whole = abs(offset.seconds) < SECONDS_PER_DAY and offset.seconds == int(offset.seconds)
        zone = offset_zone(timedelta(seconds=int(offset.seconds))) if whole else None
        if zone is None:
            return None
    nano = int(ARITHMETIC.scaleb(second, 9)) % NANOS
    return Time(int(hour), int(minute), int(second), nano, zone)


@builtin("date and time", "from: string")
def moment_text(run: Run, text: str) -> DateTime | None:
    """The moment of "2017-12-31T11:22:33", or midnight of a date."""
    return datetime_from_text(text)


@builtin("date and time", "from: day")
def moment_itself(run: Run, value: Date | DateTime) -> DateTime:
    """The moment itself, or midnight of a date."""
    return value if isinstance(value, DateTime) else DateTime(value, MIDNIGHT)


@builtin("date and time", "date: day", "time: time")
def moment_joined(run: Run, day: Date | DateTime, clock: Time) -> DateTime:
    """The moment of a date (or a moment's date) and a time."""
    return DateTime(date_part_of(day), clock)


@builtin("date and time", "date: date and time", "timezone: string")
def moment_in_zone(run: Run, value: DateTime, timezone: str) -> DateTime | None:
    """The same moment told in another zone; a local one gets the zone (Camunda)."""
    run.spend(STEPS_OF_HARD_ARITHMETIC)
    zone = zone_named(timezone)
    if zone is None:
        return None
    if value.time.zone is None:
        return DateTime(value.date, value.time._replace(zone=zone))
    return moment_in(instant(value), zone)


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
def months_between(run: Run, start: Date | DateTime, end: Date | DateTime) -> YearsMonthsDuration | None:
    """The whole months from one to the other, negative backwards."""
    first, last = date_part_of(start), date_part_of(end)
    return years_months(_months_from(first, last) if first <= last else -_months_from(last, first))


def date_part_of(value: Date | DateTime) -> Date:
    """The date of a date or moment."""
    return value.date if isinstance(value, DateTime) else value


def _months_from(start: Date, end: Date) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if months and end.day < start.day else months


@builtin("day of year", "date: day")
def day_of_year(run: Run, day: Date | DateTime) -> Decimal:
    """1 to 366."""
    return Decimal(day_like(*date_part_of(day)).timetuple().tm_yday)


@builtin("day of week", "date: day")
def day_of_week(run: Run, day: Date | DateTime) -> str:
    """Monday to Sunday, in English as the standard says."""
    return _DAYS[day_like(*date_part_of(day)).weekday()]


@builtin("month of year", "date: day")
def month_of_year(run: Run, day: Date | DateTime) -> str:
    """January to December."""
    return _MONTHS[date_part_of(day).month - 1]


@builtin("week of year", "date: day")
def week_of_year(run: Run, day: Date | DateTime) -> Decimal:
    """The ISO week, 1 to 53."""
    return Decimal(day_like(*date_part_of(day)).isocalendar().week)


@builtin("last day of month", "date: day")
def last_day_of_month(run: Run, day: Date | DateTime) -> Date | DateTime:
    """The month's last day, for a moment its last moment's day at the same time (Camunda)."""
    on = date_part_of(day)
    last = on._replace(day=days_in_month(on.year, on.month))
    return DateTime(last, day.time) if isinstance(day, DateTime) else last
