"""The decision requirements graph of a file: who requires whom, checked, and its nodes compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType

from app.decisions import source
from app.decisions.boxed import NO_LOGIC, compile_within, find_logic
from app.decisions.functions import compile_function
from app.decisions.model import Decision, InputData, Knowledge, Parts, Service
from app.decisions.reading import Place, Reading
from app.decisions.types import ANY, Type
from app.texts import Text

MAX_CHAIN = 30

_KINDS = ("decision", "inputData", "businessKnowledgeModel", "decisionService")
_NEEDED = ("requiredDecision", "requiredKnowledge", "outputDecision")
_EXPECTED = {
    "requiredDecision": ("decision",),
    "requiredInput": ("inputData",),
    "requiredKnowledge": ("businessKnowledgeModel", "decisionService"),
    "outputDecision": ("decision",),
    "inputDecision": ("decision",),
    "inputData": ("inputData",),
}
_WORDS = {
    "decision": Text("决策", "a decision"),
    "inputData": Text("输入数据", "input data"),
    "businessKnowledgeModel": Text("知识模型", "a knowledge model"),
    "decisionService": Text("决策服务", "a decision service"),
}


def id_in_graph(element: source.Element) -> str:
    """The id that references and callers use; a file without ids is referred to by names."""
    return source.attribute(element, "id") or source.name_of(element)


def name_in_graph(element: source.Element) -> Text:
    """The name in both languages: attribute `name`, English in the property `name_en`."""
    return Text(source.name_of(element) or id_in_graph(element), source.english(element, "name_en"))


def _is_human(element: source.Element) -> bool:
    """Whether people take the decision: it asks a question or has an authority, and no logic."""
    asked = next(source.children(element, "question", "authorityRequirement"), None)
    return asked is not None and find_logic(element) is None


class Graph:
    """The nodes of a file by id; its state is what was read so far and the problems in `reading`.

    `prefix` stands before the ids of an imported file, whose parts are told apart so. `imports` has the files that this
    one imports, each by its namespace with the import's name.
    """

    def __init__(
        self,
        reading: Reading,
        root: source.Element,
        prefix: str = "",
        imports: Mapping[str, tuple[str, Graph]] = MappingProxyType({}),
    ) -> None:
        self.reading, self.prefix = reading, prefix
        self.namespace = source.attribute(root, "namespace")
        self.elements = {prefix + id_in_graph(each): each for each in source.children(root, *_KINDS)}
        self._imports, self._depths = imports, dict[str, int]()
        self.imported = self._of_imports()
        self.input_data = {
            each: InputData(each, self._result_names(element)[0], self._result_type(element))
            for each, element in self.elements.items()
            if source.local(element) == "inputData"
        }
        self._edges = {each: self._required(element) for each, element in self.elements.items()}
        self._order = self._sorted()

    @cached_property
    def parts(self) -> Parts:
        """What the file itself defines, compiled; decisions in the file's order, none that require each other."""
        found: dict[str, Decision] = {}
        for each in self._order:
            if each in self.elements and source.local(self.elements[each]) == "decision":
                found[each] = self._decision(each, found)
        return Parts(
            {each: found[each] for each in self._of("decision") if each in found},
            self.input_data,
            {each: self._knowledge(each) for each in self._of("businessKnowledgeModel")},
            {each: self._service(each) for each in self._of("decisionService")},
        )

    def _of_imports(self) -> Parts:
        """The parts of imported files: by their own ids, and by ids of this file with the names that it sees."""
        found = Parts()
        for name, other in self._imports.values():
            found |= other.imported | other.parts | self._seen(f"{name}." if name else "", other)
        return found

    def _seen(self, before: str, other: Graph) -> Parts:
        parts, key = other.parts, self._key
        return Parts(
            {
                key(each): replace(one, result_names=tuple(before + name for name in one.result_names))
                for each, one in parts.decisions.items()
            },
            {
                key(each): replace(one, name=before + one.name, name_outside=one.asked)
                for each, one in parts.input_data.items()
            },
            {key(each): replace(one, name=before + one.name) for each, one in parts.knowledge.items()},
            {key(each): replace(one, name=before + one.name) for each, one in parts.services.items()},
        )

    def _key(self, foreign: str) -> str:
        """The id by which this file knows a part of an imported one."""
        return f"{self.prefix}>{foreign}"

    def _of(self, kind: str) -> list[str]:
        return [each for each, element in self.elements.items() if source.local(element) == kind]

    def _result_names(self, element: source.Element) -> tuple[str, ...]:
        """The names under which others see the node: its variable's, its own, and its id (as in Camunda)."""
        variable = source.child(element, "variable")
        names = ["" if variable is None else source.name_of(variable), source.name_of(element), id_in_graph(element)]
        return tuple(dict.fromkeys(name for name in names if name))

    def _result_type(self, element: source.Element) -> Type:
        variable = source.child(element, "variable")
        return ANY if variable is None else self.reading.type_of(variable)

    def _required(self, element: source.Element) -> dict[str, list[str]]:
        """The ids that the node refers to, by the kind of reference; those that lead nowhere are problems."""
        found: dict[str, list[str]] = {}
        for requirement in source.children(element, "informationRequirement", "knowledgeRequirement"):
            for reference in source.children(requirement):
                self._refer(reference, found)
        for reference in source.children(element, "outputDecision", "inputDecision", "inputData"):
            self._refer(reference, found)
        return found

    def _refer(self, reference: source.Element, found: dict[str, list[str]]) -> None:
        kind = source.local(reference)
        expected = _EXPECTED.get(kind)
        if expected is None:
            return
        namespace, _, target = source.attribute(reference, "href").rpartition("#")
        found_id, element = self._element(namespace, target)
        if element is None or source.local(element) not in expected:
            words = _WORDS[expected[0]]
            self.reading.refuse(
                reference,
                f"引用“{target}”找不到对应的{words.zh}",
                f'the reference "{target}" does not lead to {words.en} of this file',
            )
            return
        found.setdefault(kind, []).append(found_id)

    def _element(self, namespace: str, target: str) -> tuple[str, source.Element | None]:
        """The id here, and the element, of what a reference names in this file or in an imported one."""
        if namespace in {"", self.namespace}:
            return self.prefix + target, self.elements.get(self.prefix + target)
        if namespace not in self._imports:
            return target, None
        foreign, element = self._imports[namespace][1]._element("", target)
        self._depths[self._key(foreign)] = self._imports[namespace][1]._depths.get(foreign, 1)
        return self._key(foreign), element

    def _sorted(self) -> list[str]:
        """The ids, each after those that it needs; empty where they need each other in a circle or too long a chain."""
        edges = {
            each: [target for kind in _NEEDED for target in found.get(kind, ())] for each, found in self._edges.items()
        }
        try:
            order = list(TopologicalSorter(edges).static_order())
        except CycleError as error:
            cycle: list[str] = error.args[1]
            names = " → ".join(source.name_of(self.elements[each]) for each in reversed(cycle))
            self.reading.refuse(
                self.elements[cycle[0]],
                f"决策互相依赖，形成循环：{names}",
                f"the decisions require each other: {names}",
            )
            return []
        depths = self._depths
        for each in (each for each in order if each in self.elements):
            depths[each] = 1 + max((depths[target] for target in edges[each]), default=0)
            if depths[each] == MAX_CHAIN + 1:
                self.reading.refuse(
                    self.elements[each],
                    f"依赖链超过 {MAX_CHAIN} 层",
                    f"the chain of requirements is longer than {MAX_CHAIN}",
                )
        return order

    def _decision(self, node: str, done: dict[str, Decision]) -> Decision:
        element, edges = self.elements[node], self._edges[node]
        place = Place(id_in_graph(element), name_in_graph(element), self._known(edges))
        logic = NO_LOGIC if _is_human(element) else compile_within(self.reading, element, place)
        requires = tuple(edges.get("requiredDecision", ()))
        needed = [done[each] if each in done else self.imported.decisions[each] for each in requires]
        used = logic.used - {name for each in self._needed(edges) for name in self._names(each)}
        asked = tuple(edges.get("requiredInput", ()))
        data = [self.input_data[each] if each in self.input_data else self.imported.input_data[each] for each in asked]
        used = replace(used, names=used.names - {each.name for each in data})
        given = [each.asked for each in data]
        return Decision(
            id=node,
            name=place.owner,
            kind=logic.kind,
            hit_policy=logic.table.hit_policy if logic.table else None,
            inputs=used.names.union(given, *(each.inputs for each in needed)),
            reads=used.reads.union(given, *(each.reads for each in needed)),
            requires=requires,
            logic=logic,
            result_names=self._result_names(element),
            result=self._result_type(element),
            input_data=asked,
            knowledge=tuple(edges.get("requiredKnowledge", ())),
        )

    def _knowledge(self, node: str) -> Knowledge:
        element, edges = self.elements[node], self._edges[node]
        place = Place(id_in_graph(element), name_in_graph(element), self._known(edges))
        body = source.child(element, "encapsulatedLogic")
        if body is None:
            self.reading.refuse(element, "知识模型没有内容", "the knowledge model has no logic")
        logic = NO_LOGIC if body is None else compile_function(self.reading, body, place, compile_within)
        return Knowledge(node, self._result_names(element)[0], logic, tuple(edges.get("requiredKnowledge", ())))

    def _service(self, node: str) -> Service:
        element, edges = self.elements[node], self._edges[node]
        if "outputDecision" not in edges:
            self.reading.refuse(element, "决策服务没有输出决策", "the decision service has no output decision")
        kind = self._result_type(element)
        return Service(
            id=node,
            name=self._result_names(element)[0],
            outputs=tuple(edges.get("outputDecision", ())),
            input_data=tuple(edges.get("inputData", ())),
            input_decisions=tuple(edges.get("inputDecision", ())),
            kind=(kind.item or ANY) if kind.kind == "function" else kind,
        )

    def _known(self, edges: dict[str, list[str]]) -> frozenset[str]:
        """The names in scope of a node's logic: all input data of the file, and what the node requires."""
        names = {data.name for data in (*self.input_data.values(), *self.imported.input_data.values())}
        return frozenset(names.union(*map(self._names, self._needed(edges))))

    def _names(self, node: str) -> tuple[str, ...]:
        """The names under which this file's logic sees a decision, knowledge model or service."""
        if node in self.elements:
            return self._result_names(self.elements[node])
        if node in self.imported.decisions:
            return self.imported.decisions[node].result_names
        known = self.imported.knowledge.get(node) or self.imported.services[node]
        return (known.name,)

    def _needed(self, edges: dict[str, list[str]]) -> list[str]:
        return [*edges.get("requiredDecision", ()), *edges.get("requiredKnowledge", ())]
