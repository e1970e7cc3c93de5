"""Ranges of FEEL: two ends, each included or not, or open where an end is null."""

from __future__ import annotations

from dataclasses import dataclass

from app.feel.run import Value


@dataclass(frozen=True, slots=True)
class Range:
    """From `start` to `end`; an end that is None and not included stands for infinity, as in (>= 10)."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool
