"""How a firm's ratios stand against its sector and against its own earlier periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.assessment.ratios import RATIOS, Period, Ratio

FLAT_PERCENT = Decimal(2)  # a change of less than this share of the earlier value is no trend


@dataclass(frozen=True)
class Benchmark:
    """What a sector's firms have: a quarter of them below `lower`, half below `median`, a quarter above `upper`."""

    lower: Decimal
    median: Decimal
    upper: Decimal

    def position(self, ratio: Ratio, value: Decimal) -> str:
        """better or worse where the value lies in the good or bad quarter, else around; "" where no side is good."""
        if not ratio.better:
            return ""
        if self.lower <= value <= self.upper:
            return "around"
        return "better" if (value > self.upper) == (ratio.better == "high") else "worse"


def read_benchmarks(rows: object) -> dict[str, Benchmark]:
    """The rows {ratio, lower, median, upper} of a decision by ratio; what is no such row is left out."""
    found = {}
    for row in rows if isinstance(rows, list | tuple) else ():
        marks = _marks(row) if isinstance(row, Mapping) else None
        if marks and row.get("ratio") in RATIOS:
            found[str(row["ratio"])] = marks
    return found


def _marks(row: Mapping[str, Any]) -> Benchmark | None:
    given = [row.get(name) for name in ("lower", "median", "upper")]
    marks = [Decimal(mark) for mark in given if isinstance(mark, int | Decimal) and not isinstance(mark, bool)]
    return Benchmark(*marks) if len(marks) == len(given) and marks == sorted(marks) else None


def positions(period: Period, benchmarks: Mapping[str, Benchmark]) -> dict[str, str]:
    """{ratio: better | around | worse} for the ratios that have both a value and a benchmark."""
    found = {}
    for name, value in period.values.items():
        if value is not None and name in benchmarks and (side := benchmarks[name].position(RATIOS[name], value)):
            found[name] = side
    return found


def trend(before: Decimal | None, now: Decimal | None) -> str:
    """up, down or flat from one period to the next; "" where either is missing."""
    if before is None or now is None:
        return ""
    if abs(now - before) * 100 < abs(before) * FLAT_PERCENT or now == before:
        return "flat"
    return "up" if now > before else "down"
