"""What one evaluation carries along: its limits, the steps it has left, the clock's reading and the names in scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.feel.errors import FeelError
from app.moment import Moment
from app.texts import Text

Value = Any  # None, bool, Decimal, str, list, dict, Date, Time, DateTime, the two durations, Range or Function


@dataclass(frozen=True)
class Limits:
    """How far an expression may go: `characters` and `nesting` when it is parsed, the others each time it is evaluated.

    A step is one node that is evaluated or one element a built-in looks at (200,000 take about a third of a second);
    `frames` is how deep evaluation may nest over all function calls; `items` bounds one list, `string_length` one text
    (characters).
    """

    characters: int = 20_000
    nesting: int = 64
    steps: int = 200_000
    frames: int = 200
    items: int = 100_000
    string_length: int = 1_000_000


DEFAULT_LIMITS = Limits()
STEPS_OF_HARD_ARITHMETIC = 20  # a power, root or logarithm of 34 digits takes as long as so many simple nodes
LONG_TEXT = 1024  # so many characters are compared while one step is taken


class Run:
    """One evaluation: counts down its steps and refuses what outgrows the limits."""

    __slots__ = ("frames", "limits", "moment", "steps")

    def __init__(self, limits: Limits, moment: Moment | None) -> None:
        self.limits, self.moment = limits, moment
        self.steps, self.frames = limits.steps, 0

    def spend(self, steps: int) -> None:
        """Count `steps`; FeelError when none are left."""
        self.steps -= steps
        if self.steps < 0:
            most = self.limits.steps
            raise FeelError(0, Text(f"表达式的计算超过了 {most} 步", f"the expression takes more than {most} steps"))

    def weigh(self, left: Value, right: Value) -> None:
        """Count the steps that comparing two long texts takes; nothing for other values."""
        if type(left) is str and len(left) > LONG_TEXT and type(right) is str:
            self.spend(min(len(left), len(right)) // LONG_TEXT)

    def enter(self, frames: int) -> None:
        """Go `frames` deeper (a function call does); the caller gives them back in `leave`."""
        self.frames += frames
        if self.frames > self.limits.frames:
            self.frames -= frames
            most = self.limits.frames
            raise FeelError(0, Text(f"函数调用嵌套超过 {most} 层", f"function calls nest deeper than {most} levels"))

    def leave(self, frames: int) -> None:
        """Come back from a call that `enter` counted."""
        self.frames -= frames

    def allow_items(self, count: int) -> None:
        """FeelError where a list of `count` elements is too long."""
        if count > self.limits.items:
            most = self.limits.items
            raise FeelError(0, Text(f"列表超过 {most} 个元素", f"a list has more than {most} elements"))

    def allow_text(self, length: int) -> None:
        """FeelError where a text of `length` characters is too long."""
        if length > self.limits.string_length:
            most = self.limits.string_length
            raise FeelError(0, Text(f"文本超过 {most} 个字符", f"a text has more than {most} characters"))


class Env:
    """Names in scope: the innermost first, `up` the scope around it."""

    __slots__ = ("names", "run", "up")

    def __init__(self, names: dict[str, Value], up: Env | None, run: Run) -> None:
        self.names, self.up, self.run = names, up, run
