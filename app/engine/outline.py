"""What a file calls its elements, also where it is refused: names by id, processes, and whose extensions it uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from app.engine.xml_source import BPMN, ZEEBE, Node, is_true
from app.texts import Text

MAX_BYTES = 4_000_000
_MODEL = BPMN.strip("{}")
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_DD = "{http://www.omg.org/spec/DD/20100524/DI}"
FARTHEST = 1_000_000  # from the origin, in the drawing's units; not a number is farther than that
ENDS = ("sourceRef", "targetRef")
WHOLES = frozenset({"process", "definitions", "collaboration", "subProcess"})  # their name is not that of their parts


@dataclass(frozen=True)
class Outline:
    """`names` has each id's own name, or that of the nearest element around it that has one; `processes` the executable
    processes' ids with the ids inside them; `namespaces` those of elements and attributes that are really used;
    `misdrawn` (element id, line) of shapes without a place.
    """

    names: Mapping[str, Text] = field(default_factory=dict)
    processes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    namespaces: frozenset[str] = frozenset()
    is_drawn: bool = False
    misdrawn: tuple[tuple[str, int | None], ...] = ()


def outline(xml: bytes) -> Outline:
    """The outline of a BPMN or DMN file; an empty one where it cannot be read at all."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml[:MAX_BYTES], parser)
    except (etree.XMLSyntaxError, ValueError):
        return Outline()
    if root.getroottree().docinfo.internalDTD is not None:
        return Outline()
    names = {node.get("id", ""): _name(node) for node in root.iter(etree.Element) if node.get("id")}
    for flow in root.iter(f"{BPMN}sequenceFlow", f"{BPMN}messageFlow"):
        if not flow.get("name"):
            names[flow.get("id", "")] = _between(*(names.get(flow.get(end, ""), Text("")) for end in ENDS))
    processes = {
        node.get("id", ""): frozenset(inner.get("id", "") for inner in node.iter(etree.Element))
        for node in root.iter(f"{BPMN}process")
        if is_true(node, "isExecutable")
    }
    is_drawn = next(root.iter(f"{_DI}BPMNShape"), None) is not None
    return Outline(names, processes, _namespaces(root), is_drawn, tuple(_misdrawn(root)))


def _misdrawn(root: Node) -> Iterator[tuple[str, int | None]]:
    """Shapes and flows whose places are missing or no numbers, so that nobody could draw them."""
    for shape in root.iter(f"{_DI}BPMNShape"):
        bounds = shape.find(f"{_DC}Bounds")
        if bounds is None or not all(_is_place(bounds.get(name)) for name in ("x", "y", "width", "height")):
            yield shape.get("bpmnElement") or "", shape.sourceline
    for place in root.iter(f"{_DD}waypoint", f"{_DC}Bounds"):
        if not (_is_place(place.get("x")) and _is_place(place.get("y"))):
            yield "", place.sourceline


def _is_place(text: str | None) -> bool:
    try:
        return text is not None and abs(float(text)) <= FARTHEST
    except ValueError:
        return False


def _between(source: Text, target: Text) -> Text:
    """A flow without a name by the names of its ends."""
    if not (source.zh or target.zh):
        return Text("")
    zh, en = (" → ".join(end.of(language) or "?" for end in (source, target)) for language in ("zh", "en"))
    return Text(zh, en)


def _name(node: Node) -> Text:
    around: Node | None = node
    while around is not None and (around is node or etree.QName(around).localname not in WHOLES):
        own = around.get("name") or around.get("label")
        if own:
            return Text(" ".join(own.split()), _english(around))
        around = around.getparent()
    return Text("")


def _english(node: Node) -> str:
    for one in node.iterfind(f"{{*}}extensionElements/{ZEEBE}properties/{ZEEBE}property"):
        if one.get("name") == "name_en":
            return str(one.get("value") or "")
    return ""


def _namespaces(root: Node) -> frozenset[str]:
    used = set()
    for node in root.iter(etree.Element):
        used.add(etree.QName(node).namespace or _MODEL)
        used |= {etree.QName(name).namespace for name in node.attrib if name.startswith("{")}
    return frozenset(space for space in used if space)
