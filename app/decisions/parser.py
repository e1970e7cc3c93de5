"""Reading a whole DMN file into a model, with every fault found before it may be published."""

from __future__ import annotations

from dataclasses import dataclass

from app.decisions import source
from app.decisions.boxed import find_logic
from app.decisions.graph import Graph, id_in_graph, name_in_graph
from app.decisions.item_definitions import read_types
from app.decisions.model import DecisionModel
from app.decisions.reading import Reading
from app.errors import DefinitionRefused
from app.texts import Text


@dataclass(frozen=True)
class DecisionName:
    """A decision as listed without compiling it: its id, name and the DMN tag of its logic ("" without any)."""

    id: str
    name: Text
    kind: str


def list_decisions(xml: bytes) -> tuple[DecisionName, ...]:
    """The decisions of a file in its order; DefinitionRefused only where it is no DMN at all."""
    found = []
    for element in source.children(source.read(xml), "decision"):
        logic = find_logic(element)
        kind = "" if logic is None else source.local(logic)
        found.append(DecisionName(id_in_graph(element), name_in_graph(element), kind))
    return tuple(found)


def parse_dmn(xml: bytes, *, faulty_is_null: bool = False) -> DecisionModel:
    """The model of a DMN 1.1 to 1.5 file, each FEEL text compiled once.

    DefinitionRefused names every fault with its element id, its line and, for a table, the row and column: FEEL errors,
    references and types that lead nowhere, repeated ids, unknown hit policies, cycles, imports of other files.
    With `faulty_is_null` expressions that are no FEEL are null instead, for test cases that expect it.
    """
    root = source.read(xml)
    reading = Reading(faulty_is_null=faulty_is_null)
    _check_ids(reading, root)
    for element in source.children(root, "import"):
        reading.refuse(element, "不支持引用其他 DMN 文件", "importing another DMN file is not supported")
    read_types(reading, root)
    if next(source.children(root, "decision"), None) is None:
        reading.refuse(root, "文件里没有决策", "the file has no decision")
    graph = Graph(reading, root)
    parts = graph.decisions(), graph.input_data, graph.knowledge(), graph.services()
    model = DecisionModel(name_in_graph(root), *parts, tuple(reading.tables))
    if reading.problems:
        raise DefinitionRefused(reading.problems)
    return model


def _check_ids(reading: Reading, root: source.Element) -> None:
    seen: dict[str, int | None] = {}
    for element in source.everything(root):
        found = source.attribute(element, "id")
        if found in seen:
            reading.refuse(
                element,
                f"编号“{found}”重复，第 {seen[found]} 行已使用",
                f'the id "{found}" is used twice, first on line {seen[found]}',
            )
        elif found:
            seen[found] = source.line(element)
