"""Where the points of a chart lie, so that templates draw SVG without arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import Protocol

WIDTH, TOP, BOTTOM, EDGE = 150.0, 8.0, 74.0, 8.0
# of a chart of columns: where the plot lies in its 340 x 150, and how many words fit under it
LEFT, RIGHT, HIGH, LOW = 28.0, 316.0, 16.0, 128.0
MOST_WORDS, GRID_LINES = 6, 4
# of a trend: its 120 x 44
LONG, TALL, AIR = 120.0, 44.0, 4.0
WHOLE = 100  # percent


class Series(Protocol):
    """A ratio over time: points (label, value), and a bound that is a "max" or a "min"."""

    @property
    def points(self) -> Sequence[tuple[str, Decimal]]: ...
    @property
    def bound(self) -> Decimal | None: ...
    @property
    def bound_side(self) -> str: ...


@dataclass(frozen=True)
class Dot:
    """One point in user units, its label, and how the label is anchored."""

    x: float
    y: float
    label: str
    anchor: str


@dataclass(frozen=True)
class Sparkline:
    """A line in a 150 x 92 drawing; `bound_y` and the shaded area beyond it are None or 0 without a bound."""

    line: str
    dots: tuple[Dot, ...]
    bound_y: float | None
    area_y: float
    area_height: float
    bound_words_y: float


def sparkline(series: Series) -> Sparkline:
    """The drawing of a ratio; the axis is cut to the values and the bound, with a tenth of air on both sides."""
    values = [float(value) for _, value in series.points]
    bound = None if series.bound is None else float(series.bound)
    low, high = _range([*values, *([] if bound is None else [bound])])
    dots = tuple(
        _dot(at, len(values), label, _height(value, low, high))
        for at, ((label, _), value) in enumerate(zip(series.points, values, strict=True))
    )
    line = " ".join(f"{dot.x},{dot.y}" for dot in dots)
    if bound is None:
        return Sparkline(line, dots, None, 0, 0, 0)
    edge = _height(bound, low, high)
    if series.bound_side == "max":
        return Sparkline(line, dots, edge, 0, edge, max(edge - 4, 9))
    return Sparkline(line, dots, edge, edge, round(BOTTOM + 4 - edge, 1), edge - 4)


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    air = (high - low) * 0.25 or abs(high) * 0.1 or 1.0
    return low - air, high + air


def _height(value: float, low: float, high: float) -> float:
    return round(BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP), 1)


def _dot(at: int, many: int, label: str, y: float) -> Dot:
    x = round(EDGE + at * (WIDTH - 2 * EDGE) / max(many - 1, 1), 1)
    anchor = "start" if at == 0 else "end" if at == many - 1 else "middle"
    return Dot(x - EDGE + 2 if anchor == "start" else x + EDGE - 2 if anchor == "end" else x, y, label, anchor)


@dataclass(frozen=True)
class Bar:
    """A rectangle that stands on the axis; `printed` is its number where it is written above."""

    x: float
    y: float
    width: float
    height: float
    printed: str = ""
    middle: float = 0.0


@dataclass(frozen=True)
class Columns:
    """Pairs of bars in a 340 x 150 drawing: `grid` are (y, number), `words` (x, text) under the axis."""

    first: tuple[Bar, ...]
    second: tuple[Bar, ...]
    grid: tuple[tuple[float, int], ...]
    words: tuple[tuple[float, str], ...]


def columns(steps: Sequence[tuple[str, int, int]]) -> Columns:
    """Of (word, first number, second number): bars begin at 0, and only those of the last step print their numbers."""
    top = _round_up(max((max(one, two) for _, one, two in steps), default=0))
    pitch = (RIGHT - LEFT) / max(len(steps), 1)
    width = round(min(pitch * 0.4, 14.0), 1)

    def bar(place: int, number: int, right: bool) -> Bar:
        middle = LEFT + pitch * (place + 0.5)
        height = round(number / top * (LOW - HIGH), 1)
        x = round(middle + (0.5 if right else -width - 0.5), 1)
        printed = str(number) if place == len(steps) - 1 else ""
        return Bar(x, round(LOW - height, 1), width, height, printed, round(x + width / 2, 1))

    apart = ceil(len(steps) / MOST_WORDS)
    words = [
        (round(LEFT + pitch * (place + 0.5), 1), word)
        for place, (word, _, _) in enumerate(steps)
        if (len(steps) - 1 - place) % apart == 0
    ]
    lines = range(GRID_LINES + 1) if top % GRID_LINES == 0 else (0, top)
    return Columns(
        tuple(bar(place, one, False) for place, (_, one, _) in enumerate(steps)),
        tuple(bar(place, two, True) for place, (_, _, two) in enumerate(steps)),
        tuple((round(LOW - line * (LOW - HIGH) / lines[-1], 1), top * line // lines[-1]) for line in lines),
        tuple(words),
    )


def _round_up(number: int) -> int:
    """The first of 4, 8, 20, 40, 80, 200 ... that is not smaller: each has four whole parts."""
    size = 1
    while 20 * size < number:
        size *= 10
    return next(part * size for part in (4, 8, 20) if part * size >= number)


@dataclass(frozen=True)
class Trend:
    """A line in a 120 x 44 drawing with its last point; the axis goes from `low` to `high`, whole numbers."""

    line: str
    x: float
    y: float
    average_y: float
    low: int
    high: int


def trend(values: Sequence[Decimal | None]) -> Trend | None:
    """Of values one step apart; a missing one is passed over, and without any there is no drawing."""
    there = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if not there:
        return None
    low, high = floor(min(value for _, value in there)), ceil(max(value for _, value in there))
    if high == low:  # a share that is always whole stays below the upper edge
        low, high = (low - 1, high) if low >= WHOLE else (low, high + 1)

    def at(place: int, value: float) -> tuple[float, float]:
        x = AIR + (LONG - 2 * AIR) * (place / max(len(values) - 1, 1))
        return round(x, 1), round(TALL - AIR - (value - low) / (high - low) * (TALL - 2 * AIR), 1)

    points = [at(place, value) for place, value in there]
    average = sum(value for _, value in there) / len(there)
    line = " ".join(f"{x},{y}" for x, y in points)
    return Trend(line, *points[-1], at(0, average)[1], low, high)
