"""Reads the XML of a diagram safely and notes its faults with element and line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from app.decisions import xml_fault
from app.errors import DefinitionRefused, Problem
from app.texts import Text

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
MAX_BYTES = 4_000_000
MAX_NODES = 60_000

Node: TypeAlias = Any  # an lxml element; lxml ships no types


class Faults:
    """The faults of one file so far; `refuse` raises them all at once, so that an analyst mends them in one go."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, where: str, line: int | None, zh: str, en: str) -> None:
        """Note a fault at the element id `where`, in line `line` of the file."""
        self.problems.append(Problem(where or self.file, line, Text(zh, en)))

    def at(self, node: Node, zh: str, en: str) -> None:
        """Note a fault at an XML node: its own id, or that of the nearest node around it that has one."""
        self.add(nearest_id(node), node.sourceline, zh, en)

    def refuse(self) -> None:
        """Raise DefinitionRefused where there is any fault."""
        if self.problems:
            raise DefinitionRefused(list(dict.fromkeys(self.problems)))


def read_xml(data: bytes, file: str) -> Node:
    """The root of a BPMN file; DefinitionRefused for what is no XML, has a DTD or entities, or is too large."""
    if len(data) > MAX_BYTES:
        raise _refused(file, None, f"文件超过 {MAX_BYTES} 字节。", f"The file has more than {MAX_BYTES} bytes.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        line, words = xml_fault(fault)
        raise _refused(file, line, f"{words.zh}。", f"{words.en[0].upper()}{words.en[1:]}.") from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused(file, 1, "不允许 DOCTYPE 和实体。", "A DOCTYPE and entities are not allowed.")
    if sum(1 for _ in root.iter()) > MAX_NODES:
        raise _refused(file, None, f"节点超过 {MAX_NODES} 个。", f"The file has more than {MAX_NODES} nodes.")
    if root.tag != f"{BPMN}definitions":
        raise _refused(file, root.sourceline, "这不是 BPMN 2.0 文件。", "This is no BPMN 2.0 file.")
    return root


def _refused(file: str, line: int | None, zh: str, en: str) -> DefinitionRefused:
    return DefinitionRefused([Problem(file, line, Text(zh, en))])


def nearest_id(node: Node) -> str:
    """The id of the node or of the nearest one around it that has an id; "" where there is none."""
    at: Node | None = node
    while at is not None and not at.get("id"):
        at = at.getparent()
    return "" if at is None else at.get("id", "")


def tag_of(node: Node) -> str:
    """The local name of a BPMN or zeebe node; "" for comments and other namespaces."""
    if isinstance(node.tag, str):
        for space in (BPMN, ZEEBE):
            if node.tag.startswith(space):
                return node.tag[len(space) :]
    return ""


def bpmn_children(node: Node, *names: str) -> Iterator[Node]:
    """The direct BPMN children of `node` with one of the local names, or all of them."""
    for child in node:
        if isinstance(child.tag, str) and child.tag.startswith(BPMN) and (not names or child.tag[len(BPMN) :] in names):
            yield child


def is_true(node: Node, name: str, default: bool = False) -> bool:
    """A true/false attribute, as XML Schema writes it: true, 1, false or 0."""
    written = (node.get(name) or "").strip()
    return written in ("true", "1") if written else default


def text_of(node: Node | None) -> str:
    """The node's text without the spaces around it."""
    return (node.text or "").strip() if node is not None else ""
