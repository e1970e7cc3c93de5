"""Small BPMN files for the engine's tests, written as the parts that matter; the frame is added here."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.engine import Outcome, Release, complete_task, load_release, parse_release, start
from app.moment import Moment

FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="file" targetNamespace="test">
{declared}
{processes}
</bpmn:definitions>"""

DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="file" name="band" namespace="test">
  <decision id="band" name="额度档">
    <decisionTable id="band_table" hitPolicy="{hit_policy}">
      <input id="in" label="金额">
        <inputExpression id="in_text" typeRef="number"><text>amount</text></inputExpression></input>
      <output id="out" name="band" typeRef="string" />
      <rule id="low"><inputEntry id="l1"><text>&lt; 100</text></inputEntry>
        <outputEntry id="l2"><text>"low"</text></outputEntry></rule>
      <rule id="high"><inputEntry id="h1"><text>&gt;= 50</text></inputEntry>
        <outputEntry id="h2"><text>"high"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""

NOW = Moment.at(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))

DECLARED = """
<bpmn:message id="m_paid" name="Paid"><bpmn:extensionElements>
  <zeebe:subscription correlationKey="=case_number" /></bpmn:extensionElements></bpmn:message>
<bpmn:message id="m_opened" name="Opened" />
<bpmn:error id="e_refused" name="refused" errorCode="REFUSED" />
<bpmn:error id="e_other" name="other" errorCode="OTHER" />
<bpmn:escalation id="x_late" name="late" escalationCode="LATE" />
"""


def process(*parts: str, key: str = "p", properties: str = "") -> str:
    """An executable process of the given elements."""
    extension = f"<bpmn:extensionElements>{properties}</bpmn:extensionElements>" if properties else ""
    return f'<bpmn:process id="{key}" name="流程" isExecutable="true">{extension}{"".join(parts)}</bpmn:process>'


def bpmn(*processes: str, declared: str = DECLARED) -> bytes:
    """A BPMN file of the given processes."""
    return FRAME.format(declared=declared, processes="\n".join(processes)).encode()


def flows(*pairs: str, **conditions: str) -> str:
    """Sequence flows "a>b"; a condition is given by the flow's id a_b, for example a_b="= x > 1"."""
    drawn = []
    for pair in pairs:
        source, target = pair.split(">")
        key = f"{source}_{target}"
        text = conditions.get(key, "")
        inner = f"<bpmn:conditionExpression>{text.replace('<', '&lt;')}</bpmn:conditionExpression>" if text else ""
        drawn.append(
            f'<bpmn:sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )
    return "".join(drawn)


def line(*ids: str) -> str:
    """Sequence flows that connect the ids one after the other."""
    return flows(*(f"{a}>{b}" for a, b in itertools.pairwise(ids)))


def element(tag: str, key: str, extension: str = "", inner: str = "", **attributes: str) -> str:
    """One BPMN element with its zeebe extensions; attributes are written as given."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    extended = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
    return f'<bpmn:{tag} id="{key}"{written}>{extended}{inner}</bpmn:{tag}>'


def user(key: str, outputs: Mapping[str, str] | None = None, extension: str = "", inner: str = "", **more: str) -> str:
    """A user task for reviewers; `outputs` maps targets to sources."""
    group = '<zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="reviewers" />'
    return element(
        "userTask", key, group + mapping(outputs=outputs) + extension, inner, **({"name": f"任务 {key}"} | more)
    )


def service(key: str, extension: str = "", inner: str = "", type: str = "do_it") -> str:
    """A service task."""
    return element("serviceTask", key, f'<zeebe:taskDefinition type="{type}" retries="2" />{extension}', inner)


def script(key: str, result: str, expression: str) -> str:
    """A script task that sets one variable."""
    return element("scriptTask", key, f'<zeebe:script expression="{escaped(expression)}" resultVariable="{result}" />')


def mapping(inputs: Mapping[str, str] | None = None, outputs: Mapping[str, str] | None = None) -> str:
    """An ioMapping; both map targets to sources."""
    rows = [
        f'<zeebe:input source="{escaped(source)}" target="{target}" />' for target, source in (inputs or {}).items()
    ]
    rows += [
        f'<zeebe:output source="{escaped(source)}" target="{target}" />' for target, source in (outputs or {}).items()
    ]
    return f"<zeebe:ioMapping>{''.join(rows)}</zeebe:ioMapping>" if rows else ""


def timer(text: str, sort: str = "timeDuration") -> str:
    """A timer event definition."""
    return f"<bpmn:timerEventDefinition><bpmn:{sort}>{text}</bpmn:{sort}></bpmn:timerEventDefinition>"


def boundary(key: str, host: str, definition: str, interrupting: bool = True, extension: str = "") -> str:
    """A boundary event."""
    cancels = "true" if interrupting else "false"
    return element("boundaryEvent", key, extension, definition, attachedToRef=host, cancelActivity=cancels)


def escaped(text: str) -> str:
    """The text as an XML attribute."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


MESSAGE = '<bpmn:messageEventDefinition messageRef="m_paid" />'
OPENED = '<bpmn:messageEventDefinition messageRef="m_opened" />'
ERROR = '<bpmn:errorEventDefinition errorRef="e_refused" />'
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="x_late" />'
TERMINATE = "<bpmn:terminateEventDefinition />"
START = element("startEvent", "start")
END = element("endEvent", "end")


def release(*parts: str, called: str = "", **files: bytes) -> Release:
    """The release of one process "p" of the given parts, with other processes and files."""
    return release_of(bpmn(process(*parts), called), **files)


def release_of(main: bytes, **files: bytes) -> Release:
    """The release of the process "p" in the file `main`; further files by name, dots written as double underscores."""
    named = {"processes/p.bpmn": main} | {f"rules/{name}.dmn": data for name, data in files.items()}
    return load_release(parse_release("p", named), named)


def begin(of: Release, **variables: Any) -> Outcome:
    """Start an instance at the fixed moment."""
    return start(of, {"case_number": "C-1"} | variables, NOW)


def complete(of: Release, outcome: Outcome, element_id: str, moment: Moment = NOW, **variables: Any) -> Outcome:
    """Complete the task of `element_id` that `outcome` created."""
    assert outcome.state is not None
    return complete_task(of, outcome.state, task_id(outcome, element_id), variables, moment)


def task_id(outcome: Outcome, element_id: str) -> str:
    """The id of the task, operation, timer or subscription that `outcome` created at the element."""
    rows = (
        *outcome.tasks_created,
        *outcome.operations_created,
        *outcome.timers_created,
        *outcome.subscriptions_created,
    )
    return next(row.task_id for row in rows if row.element_id == element_id)


def done(outcome: Outcome) -> list[str]:
    """The element ids of the steps of this run."""
    return [step.element_id for step in outcome.steps]
