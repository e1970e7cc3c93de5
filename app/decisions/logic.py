"""Compiled decision logic and the run that evaluates it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.decisions.plain_values import shown
from app.decisions.trace import TableTrace
from app.decisions.types import Type, conform
from app.feel import Expression, Function, Scope, UnaryTests
from app.feel import Run as FeelRun
from app.texts import Text

if TYPE_CHECKING:
    from app.decisions.table import Table


NAMES_A_STEP = 32  # that are copied while one step is taken


@dataclass
class Run:
    """One evaluation of one decision: FEEL's run (moment and budget), and the traces and notes that it leaves."""

    feel: FeelRun
    traces: list[TableTrace] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)

    def scope(self, around: Scope, more: Mapping[str, object]) -> Scope:
        """A scope within another, charged by its size."""
        self.feel.spend(1 + (len(around) + len(more)) // NAMES_A_STEP)
        return Scope({**around, **more})


@dataclass(frozen=True)
class Used:
    """The names that logic takes from its scope: `names` are variables for certain, `reads` all that it may look up."""

    names: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()

    @classmethod
    def by(cls, expressions: Iterable[Expression | UnaryTests]) -> Used:
        """What compiled FEEL texts use."""
        each = tuple(expressions)
        return cls(
            frozenset[str]().union(*(found.names for found in each)),
            frozenset[str]().union(*(found.reads for found in each)),
        )

    def __or__(self, other: Used) -> Used:
        return Used(self.names | other.names, self.reads | other.reads)

    def __sub__(self, bound: Iterable[str]) -> Used:
        names = frozenset(bound)
        return Used(self.names - names, self.reads - names)


@dataclass(frozen=True)
class Logic:
    """An expression that was compiled once: `evaluate` gives its FEEL value, `used` what it takes from its scope.

    `table` is the decision table where the logic is one.
    """

    kind: str
    used: Used
    evaluate: Callable[[Scope, Run], object]
    table: Table | None = None


def conforming(value: object, expected: Type, run: Run, zh: str, en: str) -> object:
    """The value as its type wants it; else null, with a note that `zh`/`en` (what the value is) does not conform."""
    fitted, fault = conform(value, expected, run.feel)
    if fault is not None:
        run.notes.append(Text(f"{zh}{fault.zh}，按空值处理", f"{en} {fault.en}, taken as null"))
    return fitted


def trace_value(decision_id: str, name: Text, logic: Logic, scope: Scope, value: object, run: Run) -> TableTrace:
    """The trace of a decision without a table: the variables that it read, and its value; no policy and no hits."""
    read = sorted(each for each in logic.used.names if each in scope and not isinstance(scope[each], Function))
    inputs = tuple((Text(each), each, shown(scope[each], run.feel)) for each in read)
    return TableTrace(decision_id, name, "", inputs, (), shown(value, run.feel))
