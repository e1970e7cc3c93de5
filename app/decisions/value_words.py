"""What the codes in a table's columns are called, from properties of the columns that modelers keep.

Below an input or output, the zeebe property `option:CODE` is what CODE is called, `option_en:CODE` the same in English,
and `shown` with the value `false` marks an output column of codes that are for diagrams and not for people. In formulas
the input columns' labels stand for their expressions; what no column asks for, a decision names by the properties
`name:VARIABLE` and `name_en:VARIABLE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.decisions import source
from app.decisions.graph import id_in_graph
from app.texts import Text

_OPTION, _OPTION_EN, _SHOWN = "option:", "option_en:", "shown"
_NAME, _NAME_EN = "name:", "name_en:"


@dataclass(frozen=True)
class ColumnWords:
    """A column's codes in words, by code; `shown` is False for codes that are for diagrams alone.

    `names` is what variables are called that formulas of the table use, by variable or path.
    """

    values: Mapping[str, Text] = field(default_factory=dict)
    shown: bool = True
    names: Mapping[str, Text] = field(default_factory=dict)


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
            names = _names(element, table)
            inputs = {_expression(column): _words(column, names) for column in source.children(table, "input")}
            outputs = {_name(column, element): _words(column, names) for column in source.children(table, "output")}
            found[id_in_graph(element)] = DecisionWords(inputs, outputs)
    return found


def _name(column: source.Element, decision: source.Element) -> str:
    """The output's name as traces have it: of a single output without one, its label or the decision's name."""
    return (
        source.name_of(column) or source.attribute(column, "label") or source.name_of(decision) or id_in_graph(decision)
    )


def _expression(column: source.Element) -> str:
    return source.text_of(source.child(column, "inputExpression"))


def _words(column: source.Element, names: Mapping[str, Text]) -> ColumnWords:
    given = source.properties(column)
    return ColumnWords(_pairs(given, _OPTION, _OPTION_EN), given.get(_SHOWN) != "false", names)


def _names(decision: source.Element, table: source.Element) -> dict[str, Text]:
    labels = {_expression(one): _label(one) for one in source.children(table, "input")}
    return labels | _pairs(source.properties(decision), _NAME, _NAME_EN)


def _label(column: source.Element) -> Text:
    return Text(source.attribute(column, "label") or _expression(column), source.english(column, "name_en"))


def _pairs(given: Mapping[str, str], chinese: str, english: str) -> dict[str, Text]:
    keys = [name.removeprefix(chinese) for name in given if name.startswith(chinese)]
    return {key: Text(given[chinese + key], given.get(english + key, "")) for key in keys}
