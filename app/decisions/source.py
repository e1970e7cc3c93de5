"""Reading a DMN file's XML safely: DMN 1.1 to 1.5, elements with their ids and lines, texts in two languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from app.decisions.xml_faults import xml_fault
from app.errors import DefinitionRefused, Problem
from app.texts import Text

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    }
)
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
MAX_BYTES = 4_000_000
MAX_DEPTH = 100  # of elements, so that compiling and evaluating them stays within Python's stack

Element: TypeAlias = etree._Element


def read(xml: bytes) -> Element:
    """The root of a DMN file; DefinitionRefused where `read_guarded` refuses it, or it is no DMN."""
    root = read_guarded(xml)
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise _refused(
            root.sourceline,
            "根元素应为 DMN 1.1 至 1.5 的 definitions",
            "the root element must be the definitions of DMN 1.1 to 1.5",
        )
    return root


def read_guarded(xml: bytes) -> Element:
    """The root of any XML; DefinitionRefused where it is none, has a document type, is too large or nests too deep."""
    if len(xml) > MAX_BYTES:
        raise _refused(None, f"文件超过 {MAX_BYTES} 字节", f"the file is larger than {MAX_BYTES} bytes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line_number, words = xml_fault(error)
        raise _refused(line_number, words.zh, words.en) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused(1, "不允许文档类型声明（DOCTYPE）", "a document type (DOCTYPE) is not allowed")
    if _depth(root) > MAX_DEPTH:
        raise _refused(1, f"元素嵌套超过 {MAX_DEPTH} 层", f"the elements nest deeper than {MAX_DEPTH} levels")
    return root


def _depth(root: Element) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _refused(line: int | None, zh: str, en: str) -> DefinitionRefused:
    return DefinitionRefused([Problem("definitions", line, Text(zh, en))])


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return str(etree.QName(element).localname)


def children(element: Element, *names: str) -> Iterator[Element]:
    """The DMN children (of any of `names`, else all), in the file's order; foreign elements are left out."""
    for found in element.iterchildren(etree.Element):
        name = etree.QName(found)
        if name.namespace in NAMESPACES and (not names or name.localname in names):
            yield found


def child(element: Element, name: str) -> Element | None:
    """The first DMN child of that name."""
    return next(children(element, name), None)


def everything(root: Element) -> Iterator[Element]:
    """All DMN elements of the file, in its order."""
    return (found for found in root.iter(etree.Element) if etree.QName(found).namespace in NAMESPACES)


def text_of(element: Element | None) -> str:
    """The trimmed text of the element's `text` child, "" without one."""
    found = None if element is None else child(element, "text")
    return "" if found is None else "".join(found.itertext()).strip()


def text_line(element: Element) -> int | None:
    """The line in the file on which the element's `text` stands, else the element's own."""
    found = child(element, "text")
    return line(element if found is None else found)


def line(element: Element) -> int | None:
    """The element's line in the file, counted from 1."""
    found = element.sourceline
    return int(found) if found else None


def id_of(element: Element) -> str:
    """The element's id, else that of the nearest element around it, else a name that a person can find it by."""
    for around in (element, *element.iterancestors()):
        found = around.get("id") or (around.get("name") if local(around) != "definitions" else None)
        if found:
            return str(found)
    return local(element)


def attribute(element: Element, name: str) -> str:
    """The attribute without surrounding blanks, "" where it is absent."""
    return str(element.get(name) or "").strip()


def name_of(element: Element) -> str:
    """The FEEL name: the attribute `name` with each run of blanks made one."""
    return " ".join(attribute(element, "name").split())


def english(element: Element, key: str) -> str:
    """The value of the zeebe property `key` under the element, "" without one."""
    return properties(element).get(key, "")


def properties(element: Element) -> dict[str, str]:
    """The zeebe properties under the element, value by name; of one name the first."""
    extensions = child(element, "extensionElements")
    if extensions is None:
        return {}
    found = extensions.findall(f"{ZEEBE}properties/{ZEEBE}property")
    return {str(each.get("name") or ""): attribute(each, "value") for each in reversed(found)}


def description(element: Element) -> str:
    """The trimmed text of the element's `description`."""
    found = child(element, "description")
    return "" if found is None else "".join(found.itertext()).strip()
