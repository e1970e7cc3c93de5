"""When a timer is due: ISO 8601 durations, dates and cycles, months counted on the calendar of the business zone."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.engine.expressions import failure
from app.moment import BUSINESS_ZONE, Moment
from app.plain import Plain
from app.texts import Text

if TYPE_CHECKING:
    from app.engine.tokens import Token

_DURATION = re.compile(
    r"(?P<sign>-)?P(?=[\dT])(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,10}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_CYCLE = re.compile(r"R(?P<times>\d{0,6})(?:/(?P<start>[^/]+))?/(?P<period>P[^/]+)", re.ASCII)


@dataclass(frozen=True)
class Period:
    """A duration: whole months, and a rest of fixed length."""

    months: int
    rest: timedelta


@dataclass(frozen=True)
class Wait:
    """A timer that waits: due at `due_at` (UTC). A cycle counts its turns from `anchor`: turn n is anchor + n periods.

    `left` is how many more turns follow this one, None for no end; `period` is "" for a timer that fires once.
    """

    due_at: datetime
    anchor: datetime
    period: str = ""
    turn: int = 0
    left: int | None = 0

    def to_json(self) -> list[Any]:
        """As the state holds it."""
        rest = [self.anchor.isoformat(), self.period, self.turn, self.left] if self.period else []
        return [self.due_at.isoformat(), *rest]


def wait_from_json(stored: list[Any]) -> Wait:
    """The wait that `to_json` wrote."""
    due_at = datetime.fromisoformat(stored[0])
    if len(stored) == 1:
        return Wait(due_at, due_at)
    return Wait(due_at, datetime.fromisoformat(stored[1]), *stored[2:])


def parse_period(text: str) -> Period:
    """The ISO 8601 duration, for example P1M or PT12H30M; ValueError for anything else."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no ISO 8601 duration")
    whole = {name: int(value or 0) for name, value in match.groupdict().items() if name not in ("sign", "seconds")}
    sign = -1 if match["sign"] else 1
    seconds = Decimal(match["seconds"] or 0)
    rest = timedelta(weeks=whole["weeks"], days=whole["days"], hours=whole["hours"], minutes=whole["minutes"])
    rest += timedelta(microseconds=int(seconds * 1_000_000))
    return Period(sign * (whole["years"] * 12 + whole["months"]), sign * rest)


def add(at: datetime, period: Period, times: int = 1) -> datetime:
    """`at` plus so many periods, in UTC; a month later is the same day of the month in China, or its last day."""
    local = at.astimezone(BUSINESS_ZONE)
    months = local.year * 12 + local.month - 1 + period.months * times
    year, month = divmod(months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return (local.replace(year=year, month=month + 1, day=day) + period.rest * times).astimezone(UTC)


def parse_instant(text: str) -> datetime:
    """The ISO date or date and time, in UTC; without a zone it is meant in China, a date means its first moment."""
    text = re.sub(r"\[[^\]]*\]$|@[A-Za-z_/]+$", "", text.strip())
    at = datetime.fromisoformat(text)  # a date alone gives midnight
    return (at if at.tzinfo else at.replace(tzinfo=BUSINESS_ZONE)).astimezone(UTC)


def parse_cycle(text: str, now: datetime) -> Wait:
    """The first turn of R/P1D, R3/PT1H or R3/2026-01-01T08:00/P1M; ValueError for anything else, cron too."""
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no ISO 8601 cycle")
    left = int(match["times"]) - 1 if match["times"] else None
    period = parse_period(match["period"])
    if left == -1 or not (period.months > 0 or period.rest > timedelta()):
        raise ValueError(f"{text!r} never comes round")
    if match["start"]:
        start = parse_instant(match["start"])
        return Wait(start, start, match["period"], 0, left)
    return Wait(add(now, period), now, match["period"], 1, left)


def check_timer(sort: str, text: str) -> None:
    """ValueError where the literal text of a timer is no duration, date or cycle."""
    if sort == "duration":
        if parse_period(text).rest < timedelta() or text.strip().startswith("-"):
            raise ValueError(f"{text!r} is negative")
    elif sort == "date":
        parse_instant(text)
    else:
        parse_cycle(text, datetime.now(UTC))


def first_wait(sort: str, value: Plain, token: Token) -> Wait:
    """The wait of a timer whose task begins to wait now; EngineFailure where its value is none."""
    now = token.workflow.moment.now.astimezone(UTC)
    try:
        text = _text(value)
        if sort == "cycle":
            return parse_cycle(text, now)
        due_at = parse_instant(text) if sort == "date" else add(now, parse_period(text))
        return Wait(due_at, due_at)
    except (ValueError, OverflowError) as fault:
        zh = f"定时器的值 {value!r} 不是有效的 ISO 8601 时间。"
        raise failure(token, Text(zh, f"The timer's value {value!r} is no ISO 8601 time.")) from fault


def next_wait(wait: Wait, moment: Moment) -> Wait | None:
    """The next turn of a cycle that is not yet past: turns that were missed are counted but do not fire in a burst."""
    if not wait.period:
        return None
    period = parse_period(wait.period)
    longest = timedelta(days=31 * period.months) + period.rest  # no turn is longer, so no turn to come is skipped
    turn = max(wait.turn + 1, (moment.now - wait.anchor) // longest)
    try:
        while (due_at := add(wait.anchor, period, turn)) <= moment.now:
            turn += 1
    except (ValueError, OverflowError):  # beyond the year 9999
        return None
    left = None if wait.left is None else wait.left - (turn - wait.turn)
    return None if left is not None and left < 0 else Wait(due_at, wait.anchor, wait.period, turn, left)


def instant(value: Plain, token: Token) -> datetime:
    """The moment that an attribute such as a due date names; EngineFailure where it is none."""
    try:
        return parse_instant(_text(value))
    except ValueError as fault:
        raise failure(token, Text(f"{value!r} 不是有效的日期时间。", f"{value!r} is no date and time.")) from fault


def _text(value: Plain) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value
