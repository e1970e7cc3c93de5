"""A BPMN diagram as shapes for SVG: what is done, where the case is, what lies ahead, by the file's own layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from app.texts import Text
from app.web.lettering import cut_lines

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
AIR = 12.0
BESIDE = 20.0  # so near to an upright line its words belong to it

TASK_ICONS = {
    "userTask": "user",
    "manualTask": "user",
    "serviceTask": "gear",
    "scriptTask": "gear",
    "businessRuleTask": "table",
    "sendTask": "mail",
    "receiveTask": "mail",
}
EVENT_ICONS = {
    "messageEventDefinition": "mail",
    "timerEventDefinition": "clock",
    "errorEventDefinition": "bolt",
    "escalationEventDefinition": "up",
}
REACHED = ("done", "current", "late", "failed")
DECIDING = ("exclusiveGateway", "inclusiveGateway", "eventBasedGateway")
GATEWAY_SIGNS = {"exclusiveGateway": "×", "parallelGateway": "+", "inclusiveGateway": "○", "eventBasedGateway": "◇"}


@dataclass(frozen=True)
class Progress:
    """How far an element is: `state` done, current, late, failed, ahead, skipped or outside, and who and when in words.

    `url` leads to what the element stands for; `tip` is said on hover and focus; `badge` is a number on the corner,
    `badge_tone` plain or red; `heat` 0 to 4 how much went through.
    """

    state: str
    note: Text | None = None
    url: str = ""
    tip: Text | None = None
    badge: int = 0
    badge_tone: str = "plain"
    heat: int = 0


@dataclass(frozen=True)
class Box:
    """A rectangle in the drawing's own units."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle_x(self) -> float:
        return self.x + self.width / 2

    @property
    def middle_y(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Node:
    """One element: `shape` lane, pool, party, task, group, event, gateway or text; `lines` its name cut to the width.

    `sign` is an icon of the sprite, or the character inside a gateway.
    """

    element_id: str
    shape: str
    kind: str
    box: Box
    lines: tuple[str, ...]
    sign: str
    state: str
    note: tuple[str, ...]
    label: Box | None
    words: str = ""
    url: str = ""
    tip: str = ""
    badge: int = 0
    badge_tone: str = "plain"
    heat: int = 0
    name: str = ""


@dataclass(frozen=True)
class Edge:
    """One flow: its points, whether it was walked, and its words."""

    points: str
    state: str
    lines: tuple[str, ...]
    label_x: float
    label_y: float
    anchor: str = "middle"


@dataclass(frozen=True)
class Drawing:
    """What parts/drawing.html draws; `view_box` is in the diagram's units."""

    view_box: str
    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


Elements = Mapping[str, etree._Element]
States = Mapping[str, Progress]


def draw(bpmn: bytes, progress: States, language: str, *, others: str = "ahead") -> Drawing | None:
    """The diagram of a published file that holds what `progress` names, else its first; None without a layout.

    `others` is the state of what `progress` does not name.
    """
    drawn = draw_all(bpmn, progress, language, others=others)
    meant = (one for one in drawn if any(node.element_id in progress for node in one.nodes))
    return next(meant, next(iter(drawn), None))


def draw_all(bpmn: bytes, progress: States, language: str, *, others: str = "ahead") -> tuple[Drawing, ...]:
    """Every diagram of a published file, in the file's order: each has a plane of its own."""
    root = etree.fromstring(bpmn, etree.XMLParser(resolve_entities=False, no_network=True))
    elements = {
        element.get("id"): element for element in root.iter() if isinstance(element.tag, str) and element.get("id")
    }
    planes = (_plane(one, elements, progress, language, others) for one in root.iter(f"{DI}BPMNDiagram"))
    return tuple(one for one in planes if one is not None)


def _plane(diagram: etree._Element, elements: Elements, progress: States, language: str, others: str) -> Drawing | None:
    shapes = [
        (elements[shape.get("bpmnElement")], shape)
        for shape in diagram.iter(f"{DI}BPMNShape")
        if shape.get("bpmnElement") in elements
    ]
    if not shapes:
        return None
    nodes = tuple(
        _node(element, shape, progress.get(element.get("id", ""), Progress(others)), language)
        for element, shape in shapes
    )
    edges = tuple(_edges(diagram, elements, progress, language, others))
    order = {"pool": 0, "lane": 1, "group": 2}
    return _framed(tuple(sorted(nodes, key=lambda node: order.get(node.shape, 3))), edges)


def _framed(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> Drawing:
    xs = [x for node in nodes for x in (node.box.x, node.box.x + node.box.width)]
    ys = [y for node in nodes for y in (node.box.y, node.box.y + node.box.height)]
    xs += [x for node in nodes if node.label for x in (node.label.x, node.label.x + node.label.width)]
    ys += [y for node in nodes if node.label for y in (node.label.y, node.label.y + node.label.height)]
    points = [point.split(",") for edge in edges for point in edge.points.split()]
    xs, ys = xs + [float(x) for x, _ in points], ys + [float(y) for _, y in points]
    left, top = min(xs) - AIR, min(ys) - AIR
    width, height = max(xs) + AIR - left, max(ys) + AIR - top
    return Drawing(f"{left:g} {top:g} {width:g} {height:g}", round(width), round(height), nodes, edges)


def _node(element: etree._Element, shape: etree._Element, reached: Progress, language: str) -> Node:
    kind = etree.QName(element).localname
    shape_name = _shape_name(element, kind, shape)
    box = _box(shape.find(f"{DC}Bounds"))
    words = _name(element).of(language)
    inside = shape_name in ("task", "party", "group")
    room = box.height - 10 if shape_name in ("lane", "pool") else box.width - 12 if inside else 110.0
    note = reached.note.of(language) if reached.note else ""
    return Node(
        element.get("id", ""),
        shape_name,
        kind,
        box,
        cut_lines(words, room, 3),
        _sign(element, kind),
        reached.state,
        cut_lines(note, room + 6, 2) if note else (),
        _label(shape, box, shape_name),
        f"{words} {note}".strip(),
        reached.url,
        reached.tip.of(language) if reached.tip else "",
        reached.badge,
        reached.badge_tone,
        reached.heat,
        words,
    )


def _shape_name(element: etree._Element, kind: str, shape: etree._Element) -> str:
    if kind == "participant":
        return "pool" if element.get("processRef") else "party"
    if kind == "lane":
        return kind
    if kind.endswith("Event"):
        return "event"
    if kind.endswith("Gateway"):
        return "gateway"
    if kind in ("subProcess", "adHocSubProcess", "transaction") and shape.get("isExpanded") != "false":
        return "group"
    return "text" if kind in ("textAnnotation", "dataObjectReference", "dataStoreReference") else "task"


def _sign(element: etree._Element, kind: str) -> str:
    if kind in GATEWAY_SIGNS:
        return GATEWAY_SIGNS[kind]
    events = (EVENT_ICONS.get(etree.QName(child).localname) for child in element if isinstance(child.tag, str))
    return TASK_ICONS.get(kind) or next((icon for icon in events if icon), "")


def _label(shape: etree._Element, box: Box, shape_name: str) -> Box | None:
    if shape_name not in ("event", "gateway"):
        return None
    bounds = shape.find(f"{DI}BPMNLabel/{DC}Bounds")
    return Box(box.middle_x - 55, box.y + box.height + 4, 110, 14) if bounds is None else _box(bounds)


def _edges(diagram: etree._Element, elements: Elements, progress: States, language: str, others: str) -> Iterator[Edge]:
    for drawn in diagram.iter(f"{DI}BPMNEdge"):
        flow = elements.get(drawn.get("bpmnElement", ""))
        points = [(float(point.get("x", "0")), float(point.get("y", "0"))) for point in drawn.iter(f"{DD}waypoint")]
        if flow is None or len(points) < 2:
            continue
        x, y, anchor = _label_place(drawn, points)
        words = cut_lines(_name(flow).of(language), 130, 2)
        yield Edge(
            " ".join(f"{x:g},{y:g}" for x, y in points), _walked(flow, elements, progress, others), words, x, y, anchor
        )


def _label_place(drawn: etree._Element, points: Sequence[tuple[float, float]]) -> tuple[float, float, str]:
    """Where a flow's words stand and how they are anchored: beside an upright line they grow away from it."""
    label = drawn.find(f"{DI}BPMNLabel/{DC}Bounds")
    if label is None:
        (ax, ay), (bx, by) = points[0], points[1]
        return (ax + bx) / 2, (ay + by) / 2 - 6, "middle"
    box = _box(label)
    for (ax, ay), (bx, by) in pairwise(points):
        if ax == bx and min(ay, by) <= box.middle_y <= max(ay, by) and abs(ax - box.middle_x) < box.width / 2 + BESIDE:
            if box.x >= ax:
                return box.x, box.y + 11, "start"
            if box.x + box.width <= ax:
                return box.x + box.width, box.y + 11, "end"
    return box.middle_x, box.y + 11, "middle"


def _walked(flow: etree._Element, elements: Elements, progress: States, others: str) -> str:
    """done, ahead, or skipped where a decision went another way or the run is over."""
    ends = [progress.get(flow.get(end, ""), Progress(others)).state for end in ("sourceRef", "targetRef")]
    if etree.QName(flow).localname != "sequenceFlow":
        sent = progress.get(flow.get("id", ""), Progress("ahead")).state == "done"
        return "message-sent" if sent else "message"
    if ends[0] == "done" and ends[1] in REACHED:
        return "done"
    source = elements.get(flow.get("sourceRef", ""))
    decided = source is not None and etree.QName(source).localname in DECIDING and ends[0] == "done"
    return "skipped" if decided or others == "skipped" else "ahead"


def _name(element: etree._Element) -> Text:
    english = next(
        (
            one.get("value", "")
            for one in element.iterfind(f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property")
            if one.get("name") == "name_en"
        ),
        "",
    )
    words = element.findtext(f"{BPMN}text") or element.get("name") or ""
    return Text(words, english)


def _box(bounds: etree._Element | None) -> Box:
    assert bounds is not None, "a published shape has bounds"
    x, y, width, height = (float(bounds.get(name, "0")) for name in ("x", "y", "width", "height"))
    return Box(x, y, width, height)
