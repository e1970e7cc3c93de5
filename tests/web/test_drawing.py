"""A published diagram becomes shapes that say where the case is; a ratio becomes points."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from app.texts import Text
from app.web.charts import sparkline
from app.web.drawing import Progress, draw, draw_all

DIAGRAM = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">
  <process id="p">
    <startEvent id="begin"><messageEventDefinition/></startEvent>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="look" name="到达"/>
    <userTask id="look" name="核对这家企业的全部资料并写下意见"><extensionElements><zeebe:properties>
      <zeebe:property name="name_en" value="Check"/></zeebe:properties></extensionElements></userTask>
    <sequenceFlow id="f2" sourceRef="look" targetRef="over"/>
    <endEvent id="over"/>
  </process>
  <di:BPMNDiagram><di:BPMNPlane bpmnElement="p">
    <di:BPMNShape bpmnElement="begin"><dc:Bounds x="100" y="100" width="36" height="36"/></di:BPMNShape>
    <di:BPMNShape bpmnElement="look"><dc:Bounds x="200" y="78" width="100" height="80"/></di:BPMNShape>
    <di:BPMNShape bpmnElement="over"><dc:Bounds x="360" y="100" width="36" height="36"/></di:BPMNShape>
    <di:BPMNEdge bpmnElement="f1"><dd:waypoint x="136" y="118"/><dd:waypoint x="200" y="118"/></di:BPMNEdge>
    <di:BPMNEdge bpmnElement="f2"><dd:waypoint x="300" y="118"/><dd:waypoint x="360" y="118"/></di:BPMNEdge>
  </di:BPMNPlane></di:BPMNDiagram>
</definitions>"""

REACHED = {"begin": Progress("done"), "look": Progress("current", Text("周启明", "Zhou"))}


@dataclass(frozen=True)
class Ratio:
    points: tuple[tuple[str, Decimal], ...]
    bound: Decimal | None
    bound_side: str = "max"


def test_the_case_stands_at_its_element_and_the_walked_flow_is_marked() -> None:
    drawing = draw(DIAGRAM.encode(), REACHED, "zh")
    assert drawing is not None
    assert {node.element_id: node.state for node in drawing.nodes} == {
        "begin": "done",
        "look": "current",
        "over": "ahead",
    }
    assert [edge.state for edge in drawing.edges] == ["done", "ahead"]


@pytest.mark.parametrize(
    ("language", "lines"), [("zh", ("核对这家企业的", "全部资料并写下", "意见")), ("en", ("Check",))]
)
def test_names_are_cut_to_the_box_and_follow_the_language(language: str, lines: tuple[str, ...]) -> None:
    drawing = draw(DIAGRAM.encode(), REACHED, language)
    assert drawing is not None
    assert next(node.lines for node in drawing.nodes if node.element_id == "look") == lines


def test_signs_say_what_kind_of_step_it_is() -> None:
    drawing = draw(DIAGRAM.encode(), {}, "zh")
    assert drawing is not None
    assert [(node.shape, node.sign) for node in drawing.nodes] == [("event", "mail"), ("task", "user"), ("event", "")]


def test_the_view_box_holds_every_shape_with_air() -> None:
    drawing = draw(DIAGRAM.encode(), {}, "zh")
    assert drawing is not None
    left, top, width, height = map(float, drawing.view_box.split())
    assert (left, top) == (51, 66)
    assert (left + width, top + height) == (445, 170)


def test_each_diagram_of_a_file_is_drawn_by_itself_and_a_case_stands_in_its_own() -> None:
    first, rest = DIAGRAM.split("  <di:BPMNDiagram>")
    second = (
        '<process id="q"><userTask id="send" name="发送"/></process><di:BPMNDiagram><di:BPMNPlane bpmnElement="q">'
        '<di:BPMNShape bpmnElement="send"><dc:Bounds x="100" y="100" width="100" height="80"/></di:BPMNShape>'
        "</di:BPMNPlane></di:BPMNDiagram></definitions>"
    )
    both = (first + "<di:BPMNDiagram>" + rest.replace("</definitions>", second)).encode()

    found = draw_all(both, {}, "zh")
    standing = draw(both, {"send": Progress("current")}, "zh")

    assert [[node.element_id for node in one.nodes] for one in found] == [["begin", "look", "over"], ["send"]]
    assert [len(one.edges) for one in found] == [2, 0]
    assert standing is not None and [node.state for node in standing.nodes] == ["current"]


def test_a_file_without_a_layout_has_no_drawing() -> None:
    assert draw(DIAGRAM.split("<di:BPMNDiagram>")[0].encode() + b"</definitions>", {}, "zh") is None


@pytest.mark.parametrize(("side", "area"), [("max", "above"), ("min", "below")])
def test_the_wrong_side_of_a_bound_is_shaded(side: str, area: str) -> None:
    chart = sparkline(Ratio((("2024", Decimal("54")), ("2025", Decimal("61"))), Decimal("65"), side))
    assert chart.bound_y is not None
    shaded = (chart.area_y, chart.area_y + chart.area_height)
    assert (shaded[1] == chart.bound_y) if area == "above" else (shaded[0] == chart.bound_y)


def test_a_higher_value_stands_higher_and_one_alone_is_drawn() -> None:
    low, high = sparkline(Ratio((("a", Decimal(1)), ("b", Decimal(2))), None)).dots
    assert high.y < low.y
    assert len(sparkline(Ratio((("a", Decimal(0)),), None)).dots) == 1


OVERVIEW = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI">
  <collaboration id="c"><participant id="one" name="进件"/><participant id="two" name="银行"/>
    <messageFlow id="m1" name="付款指令" sourceRef="one" targetRef="two"/>
    <messageFlow id="m2" name="付款结果" sourceRef="two" targetRef="one"/></collaboration>
  <di:BPMNDiagram><di:BPMNPlane bpmnElement="c">
    <di:BPMNShape bpmnElement="one"><dc:Bounds x="0" y="0" width="140" height="60"/></di:BPMNShape>
    <di:BPMNShape bpmnElement="two"><dc:Bounds x="0" y="160" width="140" height="40"/></di:BPMNShape>
    <di:BPMNEdge bpmnElement="m1"><dd:waypoint x="40" y="60"/><dd:waypoint x="40" y="160"/>
      <di:BPMNLabel><dc:Bounds x="-12" y="100" width="48" height="14"/></di:BPMNLabel></di:BPMNEdge>
    <di:BPMNEdge bpmnElement="m2"><dd:waypoint x="100" y="160"/><dd:waypoint x="100" y="60"/>
      <di:BPMNLabel><dc:Bounds x="106" y="100" width="48" height="14"/></di:BPMNLabel></di:BPMNEdge>
  </di:BPMNPlane></di:BPMNDiagram></definitions>"""


def test_an_overview_links_its_processes_and_marks_the_messages_that_were_sent() -> None:
    reached = {"one": Progress("done", Text("陈静 11-21"), "/cases/1/processes/p"), "m1": Progress("done")}
    drawing = draw(OVERVIEW.encode(), reached, "zh", others="outside")
    assert drawing is not None
    shown = {node.element_id: (node.shape, node.state, node.url, node.words) for node in drawing.nodes}
    assert shown["one"] == ("party", "done", "/cases/1/processes/p", "进件 陈静 11-21")
    assert shown["two"] == ("party", "outside", "", "银行")
    assert [edge.state for edge in drawing.edges] == ["message-sent", "message"]


def test_words_beside_an_upright_line_grow_away_from_it() -> None:
    drawing = draw(OVERVIEW.encode(), {}, "zh")
    assert drawing is not None
    assert [(edge.anchor, edge.label_x) for edge in drawing.edges] == [("end", 36), ("start", 106)]
