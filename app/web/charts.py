"""Where the points of a small chart lie, so that templates draw SVG without arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

WIDTH, TOP, BOTTOM, EDGE = 150.0, 8.0, 74.0, 8.0


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
