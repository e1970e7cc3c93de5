"""Fifteen broken and hostile files, made here: name -> file name, content and what the answer has to say in English."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from tests.engine.diagrams import END, START, bpmn, element, flows, line, process, user
from tests.use_cases.definitions.uploads import INTAKE, shipped

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BILLION = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><definitions>&l11;</definitions>'
ENTITY = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>'
SPIFF = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core">
<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"><bpmn:outgoing>f</bpmn:outgoing></bpmn:startEvent>
<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t"/>
<bpmn:scriptTask id="t" name="Run"><bpmn:extensionElements>
<spiffworkflow:preScript>import os</spiffworkflow:preScript></bpmn:extensionElements>
<bpmn:script>open("/etc/passwd")</bpmn:script></bpmn:scriptTask></bpmn:process></bpmn:definitions>"""
CAMUNDA_7 = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/>
<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t"/>
<bpmn:userTask id="t" name="Review" camunda:candidateGroups="reviewers" camunda:formKey="review"/>
</bpmn:process></bpmn:definitions>"""


def archive() -> bytes:
    held = BytesIO()
    with ZipFile(held, "w") as made:
        made.writestr("loan_intake.bpmn", shipped(INTAKE))
    return held.getvalue()


def many_tasks() -> bytes:
    ids = [f"t{n}" for n in range(900)]
    tasks = [user(one) for one in ids]
    tasks[450] = element("userTask", "t450")  # without anybody who may do it
    return bpmn(process(START, *tasks, END, line("start", *ids, "end")))


HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "truncated": ("a.bpmn", shipped(INTAKE)[:9000], "breaks off"),
    "billion laughs": ("a.bpmn", BILLION.encode(), "DOCTYPE"),
    "external entity": ("a.bpmn", ENTITY.encode(), "DOCTYPE"),
    "deep nesting": ("a.bpmn", b"<a>" * 100_000 + b"</a>" * 100_000, "nest"),
    "900 tasks": ("a.bpmn", many_tasks(), "candidate groups"),
    "duplicate ids": (
        "a.bpmn",
        bpmn(process(START, user("x"), user("x"), END, line("start", "x", "end"))),
        "used twice",
    ),
    "self-loop": ("a.bpmn", bpmn(process(START, user("x"), END, flows("start>x", "x>x", "x>end"))), "to itself"),
    "missing reference": ("a.bpmn", bpmn(process(START, END, flows("start>gone", "start>end"))), "from or to nothing"),
    "self-calling": (
        "a.bpmn",
        bpmn(
            process(
                START,
                element("callActivity", "x", '<zeebe:calledElement processId="p" />'),
                END,
                line("start", "x", "end"),
            )
        ),
        "calls itself",
    ),
    "endless loop": (
        "a.bpmn",
        bpmn(process(START, element("exclusiveGateway", "g"), element("task", "x"), flows("start>g", "g>x", "x>g"))),
        "endless loop",
    ),
    "5 MB": ("a.bpmn", b"<!--" + b"x" * 5_000_000 + b"-->", "5.0 MB"),
    "a SpiffWorkflow file": ("a.bpmn", SPIFF.encode(), "SpiffWorkflow"),
    "a Camunda 7 file": ("a.bpmn", CAMUNDA_7.encode(), "Camunda 7"),
    "HTML": ("a.bpmn", b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    "a zip": ("a.bpmn", archive(), "archive"),
}
# and what else a form or a table may be
OTHERS: dict[str, tuple[str, bytes, str]] = {
    "a deep form": ("a.form", b'{"id":"a","components":' * 5_000 + b"[]" + b"}" * 5_000, "JSON"),
    "a form of numbers": ("a.form", b"[1,2,3]", "one JSON object"),
    "a form in another encoding": ("a.form", '{"id":"表单"}'.encode("gbk"), "JSON"),
    "a table with entities": ("a.dmn", BILLION.encode(), "DOCTYPE"),
    "a table without decisions": (
        "a.dmn",
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"/>',
        "no decision",
    ),
    "a diagram called a table": ("a.dmn", shipped(INTAKE), "DMN"),
    "nothing": ("a.bpmn", b"  \n", "empty"),
    "another ending": ("a.exe", b"MZ\x90", ".bpmn"),
    "zeros": ("a.bpmn", bytes(1000), "XML"),
}
