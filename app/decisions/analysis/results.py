"""Whether two rules of a table give the same, as far as their outputs are constants or written alike."""

from __future__ import annotations

from app.decisions.analysis.constants import NotAnalysable, constant_value
from app.decisions.hit_policy import same
from app.decisions.table import Rule, Table
from app.decisions.types import conform


class Results:
    """The outputs of a table's rules: values where they are constants, else texts."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._values = [[self._value(rule, place) for place in range(len(table.outputs))] for rule in table.rules]

    def _value(self, rule: Rule, place: int) -> tuple[object] | None:
        """The constant as the output's type wants it, None for an expression."""
        try:
            value = constant_value(rule.outputs[place].syntax)
        except NotAnalysable:
            return None
        return (conform(value, self._table.outputs[place].kind)[0],)

    def same(self, left: int, right: int) -> bool | None:
        """Whether two rules (from 0) give the same; null where that depends on what their expressions give."""
        verdict: bool | None = True
        for place, (one, other) in enumerate(zip(self._values[left], self._values[right], strict=True)):
            if one is not None and other is not None:
                if not same(one[0], other[0]):
                    return False
            elif self._text(left, place) != self._text(right, place):
                verdict = None
        return verdict

    def rank(self, position: int) -> tuple[int, ...] | None:
        """The rule's rank under PRIORITY, smaller first; null where an output is an expression."""
        values = self._values[position]
        if any(value is None for value in values):
            return None
        columns = zip(self._table.outputs, values, strict=True)
        return tuple(column.rank(value[0]) for column, value in columns if value is not None)

    def _text(self, position: int, place: int) -> str:
        return " ".join(self._table.rules[position].results[place].split())
