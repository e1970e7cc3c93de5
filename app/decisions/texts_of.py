"""The parts of a DMN file beside its table rows as texts, so that two versions of a part can be told apart."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from app.decisions import source
from app.decisions.graph import id_in_graph, name_in_graph
from app.texts import Text

_SHOWN_ELSEWHERE = frozenset({"decisionTable", "extensionElements"})
_KINDS = ("decision", "businessKnowledgeModel", "itemDefinition", "inputData", "decisionService")


@dataclass(frozen=True)
class PartText:
    """A decision, knowledge model, type, input or service: `text` is all that it says, whatever its spaces.

    Of a decision table it has no rows and columns; `columns` has each column by its expression or name.
    """

    kind: str
    name: Text
    text: str
    columns: dict[str, str]


def part_texts(xml: bytes) -> dict[str, PartText]:
    """Every part of a file by its id; DefinitionRefused only where it is no DMN at all."""
    found = {}
    for element in source.children(source.read(xml), *_KINDS):
        table = source.child(element, "decisionTable")
        columns = {} if table is None else _columns(table)
        kind = source.local(element)
        found[f"{kind} {id_in_graph(element)}"] = PartText(kind, name_in_graph(element), _text(element), columns)
    return found


def _columns(table: source.Element) -> dict[str, str]:
    found = {}
    for column in source.children(table, "input"):
        expression = source.child(column, "inputExpression")
        found[f"in {source.text_of(expression)}"] = _text(column)
    for column in source.children(table, "output"):
        found[f"out {source.attribute(column, 'name')}"] = _text(column)
    return found


def _text(element: source.Element) -> str:
    """Tags, attributes and words of the element in their order, without ids and labels of columns."""
    parts = []
    for one in element.iter(etree.Element):
        if any(
            source.local(around) in _SHOWN_ELSEWHERE
            for around in (one, *one.iterancestors())
            if _within(around, element)
        ):
            continue
        given = sorted((name, value) for name, value in one.attrib.items() if name not in ("id", "label", "name"))
        parts.append(f"{source.local(one)} {given} {' '.join((one.text or '').split())}")
    return "\n".join(parts)


def _within(around: source.Element, element: source.Element) -> bool:
    return around is not element and any(up is element for up in around.iterancestors())
