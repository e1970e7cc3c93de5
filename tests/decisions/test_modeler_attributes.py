"""What Camunda Modeler and dmn-js write for themselves into a file does no harm."""

from __future__ import annotations

from app.decisions import parse_dmn
from tests.decisions.dmn_texts import NOON

PLAIN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" namespace="n"{root}>
  <decision id="d" name="d"{decision}>{extension}
    <decisionTable id="t" hitPolicy="FIRST"{table}>
      <input id="i" label="x"{input}><inputExpression id="e" typeRef="number"><text>x</text></inputExpression></input>
      <output id="o" name="o" typeRef="string"{input}/>{annotation}
      <rule id="r1"><inputEntry id="c1"><text>&lt; 5</text></inputEntry><outputEntry id="u1"><text>"low"</text>
        </outputEntry>{note}</rule>
      <rule id="r2"><inputEntry id="c2"><text></text></inputEntry><outputEntry id="u2"><text>"high"</text>
        </outputEntry>{note}</rule>
    </decisionTable>
  </decision>{drawing}
</definitions>"""
NONE = dict.fromkeys(("root", "decision", "extension", "table", "input", "annotation", "note", "drawing"), "")
MODELER = {
    "root": ' xmlns:modeler="http://camunda.org/schema/modeler/1.0" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/dmn" xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0"'
    ' xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"'
    ' exporter="Camunda Modeler" exporterVersion="5.30.0" modeler:executionPlatform="Camunda Cloud"'
    ' modeler:executionPlatformVersion="8.6.0" camunda:diagramRelationId="1"',
    "decision": ' camunda:historyTimeToLive="P30D" camunda:versionTag="3"',
    "extension": '<extensionElements><zeebe:versionTag value="3"/><biodi:bounds x="150" y="150" width="180"/>'
    "</extensionElements>",
    "table": ' biodi:annotationsWidth="300"',
    "input": ' biodi:width="192" camunda:inputVariable="x"',
    "annotation": '<annotation name="Note"/>',
    "note": "<annotationEntry><text>why</text></annotationEntry>",
    "drawing": '<dmndi:DMNDI><dmndi:DMNDiagram id="g"><dmndi:DMNShape id="s" dmnElementRef="d">'
    '<dc:Bounds height="80" width="180" x="150" y="80"/></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>',
}


def test_attributes_of_the_modeler_change_no_outcome() -> None:
    plain, modelled = (parse_dmn(PLAIN.format(**parts).encode()) for parts in (NONE, MODELER))

    for x in (4, 5, None, "text"):
        one, other = (model.evaluate("d", {"x": x}, NOON) for model in (plain, modelled))
        assert one.value == other.value
        assert [hit.number for trace in one.traces for hit in trace.hits] == [
            hit.number for trace in other.traces for hit in trace.hits
        ]
    assert modelled.evaluate("d", {"x": 4}, NOON).traces[0].hits[0].note.zh == "why"
