"""Reading a whole DMN file into a model, with every fault found before it may be published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from app.decisions import source
from app.decisions.boxed import find_logic
from app.decisions.graph import Graph, id_in_graph, name_in_graph
from app.decisions.item_definitions import read_types
from app.decisions.model import DecisionModel
from app.decisions.reading import Reading
from app.errors import DefinitionRefused, Problem
from app.texts import Text

MAX_ELEMENTS = 50_000  # two thousand rules of ten columns; reading them takes about a second


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


Beside: TypeAlias = Callable[[str], bytes | None]
MOST_IMPORTS = 8  # files that import one another in a row


def parse_dmn(xml: bytes, *, faulty_is_null: bool = False, beside: Beside | None = None) -> DecisionModel:
    """The model of a DMN 1.1 to 1.5 file, each FEEL text compiled once.

    DefinitionRefused names every fault with its element id, its line and, for a table, the row and column: FEEL errors,
    references and types that lead nowhere, repeated ids, unknown hit policies, cycles, imports of other files.
    With `faulty_is_null` what is at fault is null instead, for test cases that expect it. `beside` finds the file of a
    namespace that is imported; without it imports are refused.
    """
    root = source.read(xml)
    try:
        return _model(root, _Files(faulty_is_null, beside).graph(root))
    except RecursionError:
        raise DefinitionRefused(
            [Problem("definitions", 1, Text("规则文件的结构嵌套过深", "the file nests too deep"))]
        ) from None


def _model(root: source.Element, graph: Graph) -> DecisionModel:
    reading, parts = graph.reading, graph.parts
    model = DecisionModel(
        name_in_graph(root),
        parts.decisions,
        parts.input_data,
        parts.knowledge,
        parts.services,
        tuple(reading.tables),
        graph.imported,
    )
    if reading.problems and not (reading.faulty_is_null and parts.decisions):
        raise DefinitionRefused(reading.problems)
    return model


def namespace_of(xml: bytes) -> str:
    """The namespace under which other files import this one; "" where it is no DMN."""
    try:
        return source.attribute(source.read(xml), "namespace")
    except DefinitionRefused:
        return ""


class _Files:
    """Reads a file and those that it imports, each once; `under_way` are the namespaces of the files around."""

    def __init__(self, faulty_is_null: bool, beside: Beside | None) -> None:
        self.faulty_is_null, self.beside = faulty_is_null, beside
        self.known: dict[str, Graph] = {}
        self.under_way: list[str] = []

    def graph(self, root: source.Element, prefix: str = "") -> Graph:
        """The graph of a file, its imports first."""
        _check_size(root)
        reading = Reading(faulty_is_null=self.faulty_is_null)
        _check_ids(reading, root)
        self.under_way.append(source.attribute(root, "namespace"))
        imports = dict(filter(None, (self._imported(reading, each) for each in source.children(root, "import"))))
        self.under_way.pop()
        read_types(reading, root)
        if not prefix and next(source.children(root, "decision"), None) is None:
            reading.refuse(root, "文件里没有决策", "the file has no decision")
        return Graph(reading, root, prefix, imports)

    def _imported(self, reading: Reading, element: source.Element) -> tuple[str, tuple[str, Graph]] | None:
        """The namespace, the import's name and the graph; None, and a problem, where the file cannot be had."""
        namespace = source.attribute(element, "namespace")
        if self.beside is None:
            reading.refuse(element, "不支持引用其他 DMN 文件", "importing another DMN file is not supported")
            return None
        if namespace in self.under_way or len(self.under_way) > MOST_IMPORTS:
            reading.refuse(element, "文件之间的引用形成循环或层数过多", "the files import each other, or nest too deep")
            return None
        if namespace not in self.known:
            content = self.beside(namespace)
            if content is None:
                zh, en = f"找不到引用的 DMN 文件（{namespace}）", f"there is no DMN file {namespace} to import"
                reading.refuse(element, zh, en)
                return None
            self.known[namespace] = self.graph(source.read(content), f"{namespace}#")
        found, name = self.known[namespace], source.name_of(element)
        _ = found.parts  # compiled, so that its faults are known
        if found.reading.problems:
            first = found.reading.problems[0].text
            zh, en = f"引用的文件有误：{first.zh}", f"the imported file is at fault: {first.of('en')}"
            reading.refuse(element, zh, en)
        reading.import_types(name, found.reading)
        return namespace, (name, found)


def _check_size(root: source.Element) -> None:
    count = sum(1 for _ in root.iter())
    if count > MAX_ELEMENTS:
        words = Text(
            f"文件有 {count} 个元素，最多 {MAX_ELEMENTS} 个", f"the file has {count} elements, {MAX_ELEMENTS} at most"
        )
        raise DefinitionRefused([Problem("definitions", 1, words)])


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
