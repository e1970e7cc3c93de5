"""What the codes in a table's columns are called, from properties of the columns that modelers keep.

Below an input or output, the zeebe property `option:CODE` is what CODE is called, `option_en:CODE` the same in English,
and `shown` with the value `false` marks an output column of codes that are for diagrams and not for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.decisions import source
from app.decisions.graph import id_in_graph
from app.texts import Text

_OPTION, _OPTION_EN, _SHOWN = "option:", "option_en:", "shown"


@dataclass(frozen=True)
class ColumnWords:
    """A column's codes in words, by code; `shown` is False for codes that are for diagrams alone."""

    values: Mapping[str, Text] = field(default_factory=dict)
    shown: bool = True


NO_WORDS = ColumnWords()


@dataclass(frozen=True)
class DecisionWords:
    """The words of a table's input columns by expression, and of its output columns by name."""

    inputs: Mapping[str, ColumnWords] = field(default_factory=dict)
    outputs: Mapping[str, ColumnWords] = field(default_factory=dict)

    def input(self, expression: str) -> ColumnWords:
        """The words of the column with this expression."""
        return self.inputs.get(expression, NO_WORDS)

    def output(self, name: str) -> ColumnWords:
        """The words of the output of this name."""
        return self.outputs.get(name, NO_WORDS)


UNTOLD = DecisionWords()


def words_of_values(xml: bytes) -> dict[str, DecisionWords]:
    """The words of each decision of a file that has a table; DefinitionRefused only where it is no DMN at all."""
    found = {}
    for element in source.children(source.read(xml), "decision"):
        table = source.child(element, "decisionTable")
        if table is not None:
            inputs = {
                source.text_of(source.child(column, "inputExpression")): _words(column)
                for column in source.children(table, "input")
            }
            outputs = {_name(column, element): _words(column) for column in source.children(table, "output")}
            found[id_in_graph(element)] = DecisionWords(inputs, outputs)
    return found


def _name(column: source.Element, decision: source.Element) -> str:
    """The output's name as traces have it: of a single output without one, its label or the decision's name."""
    return (
        source.name_of(column) or source.attribute(column, "label") or source.name_of(decision) or id_in_graph(decision)
    )


def _words(column: source.Element) -> ColumnWords:
    given = source.properties(column)
    codes = [name.removeprefix(_OPTION) for name in given if name.startswith(_OPTION)]
    values = {code: Text(given[_OPTION + code], given.get(_OPTION_EN + code, "")) for code in codes}
    return ColumnWords(values, given.get(_SHOWN) != "false")
