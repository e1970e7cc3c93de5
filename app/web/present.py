"""How values are written for people: money, percentages, dates, time left, sizes, masks; the language is an argument.

A missing value is a dash everywhere. Moments are aware and shown in Chinese time, whatever the reader's machine says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import groupby
from typing import Any, Protocol, TypeVar

from app.moment import BUSINESS_ZONE
from app.texts import Text

DASH = "—"
LONG_RUN = 2  # steps of the system in a row that a timeline puts behind one line
SOON = timedelta(hours=2)
WEEKDAYS_ZH = "一二三四五六日"
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS = (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024))


@dataclass(frozen=True)
class TimeLeft:
    """`words` as in a head ("剩 1时10分"), `brief` as in a list ("1时10分"), `tone` red, amber (two hours) or green."""

    words: str
    brief: str
    tone: str
    late: bool


class HappenedAt(Protocol):
    """Anything with a moment, for example an entry of a timeline."""

    @property
    def at(self) -> datetime: ...


class ToldByKind(Protocol):
    """Anything with a kind, for example an entry of a timeline."""

    @property
    def kind(self) -> str: ...


Entry = TypeVar("Entry", bound=HappenedAt)
Told = TypeVar("Told", bound=ToldByKind)


def money(value: Any) -> str:
    """1234567 as "1,234,567.00"; the unit stands in the table's head."""
    number = _number(value)
    return DASH if number is None else f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def yuan_short(value: Any, language: str) -> str:
    """1500000 as "150 万元" or "CNY 1.5 m"; exact amounts that are no round figure stay exact."""
    number = _number(value)
    if number is None:
        return DASH
    if language == "en":
        return (
            f"CNY {_trimmed(number / 1_000_000)} m"
            if _is_round(number, 10_000) and abs(number) >= 1_000_000
            else f"CNY {_trimmed(number)}"
        )
    for unit, size in (("亿元", 100_000_000), ("万元", 10_000)):
        if abs(number) >= size and _is_round(number, size // 100):
            return f"{_trimmed(number / size)} {unit}"
    return f"{_trimmed(number)} 元"


def percent(value: Any) -> str:
    """Decimal("4.65") as "4.65%"."""
    number = _number(value)
    return DASH if number is None else f"{number.normalize() if number % 1 else number.quantize(Decimal(1)):f}%"


def change(value: Any) -> str:
    """A change in percent with its sign: "+6.1%", "−31.3%"."""
    number = _number(value)
    if number is None:
        return DASH
    return f"{'−' if number < 0 else '+' if number > 0 else ''}{abs(number).quantize(Decimal('0.1'), ROUND_HALF_UP):f}%"


def count(value: Any) -> str:
    """1234 as "1,234"; a fraction keeps its places."""
    number = _number(value)
    return DASH if number is None else f"{_trimmed(number)}"


def size(value: int | None) -> str:
    """Bytes as "1.2 MB"."""
    if value is None:
        return DASH
    for unit, scale in UNITS:
        if value >= scale:
            return f"{_trimmed((Decimal(value) / scale).quantize(Decimal('0.1'), ROUND_HALF_UP))} {unit}"
    return f"{value} B"


def masked(value: str | None) -> str:
    """The first four and last two characters of a number that identifies somebody; short ones keep only the last."""
    text = (value or "").strip()
    if not text:
        return DASH
    if len(text) < 8:
        return "*" * (len(text) - 1) + text[-1]
    return f"{text[:4]}{'*' * min(len(text) - 6, 6)}{text[-2:]}"


def local(value: datetime) -> datetime:
    """The moment in Chinese time."""
    return value.astimezone(BUSINESS_ZONE)


def short(value: datetime | None) -> str:
    """A moment as "11-21 09:00"."""
    return DASH if value is None else local(value).strftime("%m-%d %H:%M")


def clock(value: datetime | None) -> str:
    """A moment's time of day as "15:31"."""
    return DASH if value is None else local(value).strftime("%H:%M")


def day(value: date | datetime | str | None) -> str:
    """A date, or a moment's day in China, as "2026-11-21"."""
    one = _day_of(value)
    return DASH if one is None else one.isoformat()


def day_words(value: date | datetime | str | None, language: str) -> str:
    """A date as "11 月 21 日" or "21 Nov"."""
    one = _day_of(value)
    if one is None:
        return DASH
    return f"{one.day} {MONTHS_EN[one.month - 1]}" if language == "en" else f"{one.month} 月 {one.day} 日"


def duration(span: timedelta, language: str) -> str:
    """A length of time in its two largest units: "25分", "1时10分", "1天11时"; "25 min", "1h 10m", "1d 11h"."""
    minutes = int(abs(span).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if language == "en":
        if days:
            return f"{days}d {hours}h" if hours else f"{days}d"
        return f"{hours}h {rest}m" if hours else f"{rest} min"
    if days:
        return f"{days}天{hours}时" if hours else f"{days}天"
    return f"{hours}时{rest:02}分" if hours else f"{rest}分"


def time_left(due_at: datetime, now: datetime, language: str) -> TimeLeft:
    """What is left until `due_at`: red when it is past, amber within two hours, else green."""
    span = due_at - now
    words = duration(span, language)
    if span < timedelta(0):
        late = f"{words} late" if language == "en" else f"超 {words}"
        return TimeLeft(late, late, "red", True)
    return TimeLeft(
        f"{words} left" if language == "en" else f"剩 {words}", words, "amber" if span <= SOON else "green", False
    )


def due_words(due_at: datetime, now: datetime, language: str) -> str:
    """When it is due: "今天 16:42 到期", "due 11-23 16:42"."""
    due, today = local(due_at), local(now).date()
    near = {0: ("今天", "today"), 1: ("明天", "tomorrow"), -1: ("昨天", "yesterday")}.get((due.date() - today).days)
    if language == "en":
        return f"due {near[1] if near else due.strftime('%m-%d')} {due:%H:%M}"
    return f"{near[0] if near else due.strftime('%m-%d')} {due:%H:%M} 到期"


def ago(value: datetime, now: datetime, language: str) -> str:
    """How long ago: "刚刚", "3 分钟前", "2 days ago"."""
    minutes = max(0, int((now - value).total_seconds() // 60))
    for zh, en, each in (("天", "day", 1440), ("小时", "hour", 60), ("分钟", "minute", 1)):
        if minutes >= each:
            number = minutes // each
            return f"{number} {en}{'s' if number > 1 else ''} ago" if language == "en" else f"{number} {zh}前"
    return "just now" if language == "en" else "刚刚"


def by_day(entries: Iterable[Entry], language: str) -> list[tuple[str, list[Entry]]]:
    """The entries under their day's heading ("11-19 周四", "Thu 11-19"), in the order given."""
    days: list[tuple[str, list[Entry]]] = []
    for entry in entries:
        on = local(entry.at)
        heading = on.strftime("%a %m-%d") if language == "en" else f"{on:%m-%d} 周{WEEKDAYS_ZH[on.weekday()]}"
        if not days or days[-1][0] != heading:
            days.append((heading, []))
        days[-1][1].append(entry)
    return days


def folded(entries: Iterable[Told]) -> list[tuple[bool, list[Told]]]:
    """Runs of entries in the order given: (True, steps of the system) for a long run of these, else (False, [one])."""
    found: list[tuple[bool, list[Told]]] = []
    for is_system, run in groupby(entries, key=lambda entry: entry.kind == "system"):
        rows = list(run)
        whole = is_system and len(rows) >= LONG_RUN
        found += [(True, rows)] if whole else [(False, [row]) for row in rows]
    return found


def shown(value: Any, kind: str, language: str) -> str:
    """A fact's value by its kind: text money percent count date moment yesno masked list (others as text)."""
    if value is None or value == "" or value == ():
        return DASH
    if kind == "yesno":
        return {("zh", True): "是", ("zh", False): "否", ("en", True): "yes", ("en", False): "no"}[
            language, bool(value)
        ]
    if kind == "list" and isinstance(value, Sequence) and not isinstance(value, str):
        return ("; " if language == "en" else "；").join(_words(item, language) for item in value)
    if kind == "moment" and isinstance(value, datetime):
        return short(value)
    writers = {"money": money, "percent": percent, "count": count, "date": day, "masked": masked}
    return writers[kind](value) if kind in writers and not isinstance(value, Text) else _words(value, language)


def _words(value: Any, language: str) -> str:
    return value.of(language) if isinstance(value, Text) else str(value)


def _number(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _is_round(number: Decimal, step: int) -> bool:
    return number % step == 0


def _trimmed(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day_of(value: date | datetime | str | None) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return local(value).date() if isinstance(value, datetime) else value
