"""A table by days past due as data: from a day on, a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Steps:
    """Rising (from day, value) pairs that begin with day 0: a class or a rung holds from its day to the next one's."""

    pairs: tuple[tuple[int, str], ...]

    def __post_init__(self) -> None:
        days = [day for day, _ in self.pairs]
        if not days or days[0] != 0 or any(left >= right for left, right in pairwise(days)):
            raise ValueError("steps begin with day 0 and rise")

    @property
    def values(self) -> tuple[str, ...]:
        """The values in the order of their days."""
        return tuple(value for _, value in self.pairs)

    def at(self, days: int) -> str:
        """The value that holds after so many days."""
        return next(value for day, value in reversed(self.pairs) if day <= days)


def steps_of(decide: Callable[[int], str], last_day: int) -> Steps:
    """The steps of a rule that is asked for every day from 0 to `last_day`, such as a decision table."""
    pairs: list[tuple[int, str]] = []
    for day in range(last_day + 1):
        value = decide(day)
        if not pairs or pairs[-1][1] != value:
            pairs.append((day, value))
    return Steps(tuple(pairs))
