"""Reads the executable processes of a BPMN file; every fault is noted with element and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from app.engine.checks import check_structure
from app.engine.definition import ACTIVITIES, KINDS, Element, Flow, ProcessDefinition
from app.engine.event_reading import EventReader
from app.engine.extensions import Extensions, check_feel, check_literal
from app.engine.timers import parse_instant
from app.engine.xml_source import BPMN, Faults, Node, bpmn_children, is_true, read_xml, tag_of, text_of
from app.texts import Text

MAX_ELEMENTS = 2_000
MAX_NESTING = 10  # ending a scope calls the one around it, so depth is bounded here and in `release`
ID = re.compile(r"[^\W\d][\w.-]*")
DRAWINGS = frozenset(
    {
        *("extensionElements", "documentation", "laneSet", "dataObject", "dataObjectReference", "dataStoreReference"),
        *("textAnnotation", "association", "group", "incoming", "outgoing", "property", "ioSpecification"),
        *("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"),
    }
)


def read_processes(data: bytes, file: str) -> list[ProcessDefinition]:
    """The executable processes of a BPMN file; DefinitionRefused with every fault found."""
    root, faults = read_xml(data, file), Faults(file)
    refuse_double_ids(root, faults)
    faults.refuse()
    events = EventReader(root, faults)
    nodes = [node for node in bpmn_children(root, "process") if is_true(node, "isExecutable")]
    definitions = [ProcessReader(node, events, faults).read() for node in nodes]
    faults.refuse()
    return definitions


def refuse_double_ids(root: Node, faults: Faults) -> None:
    """Two BPMN nodes of one id would silently be one."""
    seen: dict[str, Node] = {}
    for node in root.iter(f"{BPMN}*"):
        key = node.get("id")
        if key and seen.setdefault(key, node) is not node:
            first = seen[key].sourceline
            zh, en = f"编号 {key} 重复（首次在第 {first} 行）。", f"The id {key} is used twice (first in line {first})."
            faults.at(node, zh, en)


class ProcessReader:
    """Reads one process."""

    def __init__(self, node: Node, events: EventReader, faults: Faults) -> None:
        self.node, self.events, self.faults = node, events, faults
        self.elements: dict[str, Element] = {}
        self.flows: list[Flow] = []
        self.lanes: dict[str, tuple[str, str]] = {}

    def read(self) -> ProcessDefinition:
        """The definition; faults of its structure are noted too."""
        for lane in self.node.iter(f"{BPMN}lane"):
            role = Extensions(lane, self.faults).properties.get("role", "")
            for reference in bpmn_children(lane, "flowNodeRef"):
                self.lanes[text_of(reference)] = lane.get("name", ""), role
        self._read_scope(self.node, "", 0)
        self._link_events()
        properties = Extensions(self.node, self.faults).properties
        key = self.node.get("id", "")
        if ID.fullmatch(key) is None:
            self.faults.at(self.node, f"流程的编号 {key!r} 无效。", f"The process id {key!r} is not valid.")
        name = Text(self.node.get("name") or key, properties.get("name_en", ""))
        definition = ProcessDefinition(key, name, properties, self.elements, tuple(self.flows))
        if len(self.elements) > MAX_ELEMENTS:
            self.faults.at(self.node, f"元素超过 {MAX_ELEMENTS} 个。", f"It has more than {MAX_ELEMENTS} elements.")
        check_structure(definition, self.node.sourceline or 0, self.faults)
        return definition

    def _read_scope(self, scope_node: Node, scope: str, depth: int) -> None:
        if depth > MAX_NESTING:
            zh, en = f"子流程嵌套超过 {MAX_NESTING} 层。", f"Sub-processes nest deeper than {MAX_NESTING}."
            self.faults.at(scope_node, zh, en)
            return
        for node in bpmn_children(scope_node):
            tag = tag_of(node)
            if tag == "sequenceFlow":
                self._read_flow(node)
            elif tag in KINDS:
                self._read_element(node, scope)
                if tag == "subProcess":
                    self._read_scope(node, node.get("id", ""), depth + 1)
            elif tag not in DRAWINGS:
                self.faults.at(node, f"不支持的元素 {tag}。", f"The element {tag} is not supported.")

    def _read_flow(self, node: Node) -> None:
        conditions = list(bpmn_children(node, "conditionExpression"))
        condition = check_feel(text_of(conditions[0]), node, self.faults) if conditions else None
        source, target = node.get("sourceRef", ""), node.get("targetRef", "")
        self.flows.append(Flow(node.get("id", ""), source, target, condition, node.sourceline or 0))

    def _read_element(self, node: Node, scope: str) -> None:
        tag, key, own = tag_of(node), node.get("id", ""), Extensions(node, self.faults)
        if ID.fullmatch(key) is None:
            self.faults.at(
                node, f"元素 {tag} 的编号 {key!r} 无效。", f"The id {key!r} of an element {tag} is not valid."
            )
            return
        properties, (lane, lane_role) = own.properties, self.lanes.get(key, ("", ""))
        self.elements[key] = Element(
            id=key,
            tag=tag,
            name=Text(node.get("name") or (key if tag in ACTIVITIES else ""), properties.get("name_en", "")),
            line=node.sourceline or 0,
            scope=scope,
            lane=lane,
            lane_role=lane_role,
            properties=properties,
            inputs=own.mappings("input"),
            outputs=own.mappings("output"),
            default=node.get("default", ""),
            multi=self._multi_instance(node) if tag in ACTIVITIES else None,
            detail=self._detail(node, own),
        )

    def _detail(self, node: Node, own: Extensions) -> dict[str, Any]:
        tag = tag_of(node)
        reader = getattr(self, f"_{tag}", None)
        if reader is not None:
            return dict(reader(node, own))
        return self.events.event_detail(node, tag) if tag.endswith("Event") else {}

    def _startEvent(self, node: Node, own: Extensions) -> dict[str, Any]:
        around = node.getparent()
        place = "startEvent"
        if tag_of(around) == "subProcess":
            triggered = is_true(around, "triggeredByEvent")
            place = "startEvent in event subProcess" if triggered else "startEvent in subProcess"
        detail = {"interrupting": is_true(node, "isInterrupting", default=True)} | self.events.event_detail(node, place)
        form = self._form(node, own)
        return detail | ({"form": form} if form else {})

    def _boundaryEvent(self, node: Node, _: Extensions) -> dict[str, Any]:
        interrupting = is_true(node, "cancelActivity", default=True)
        detail = {"interrupting": interrupting, "host": node.get("attachedToRef", "")}
        return detail | self.events.event_detail(node, "boundaryEvent")

    def _userTask(self, node: Node, own: Extensions) -> dict[str, Any]:
        if own.attribute("assignmentDefinition", "candidateUsers"):
            zh, en = "不支持候选人，请填写候选组。", "Candidate users are not supported; name candidate groups."
            self.faults.at(node, zh, en)
        given = {
            "groups": own.attribute("assignmentDefinition", "candidateGroups"),
            "assignee": own.attribute("assignmentDefinition", "assignee"),
            "form": self._form(node, own),
            "due": own.attribute("taskSchedule", "dueDate"),
            "follow_up": own.attribute("taskSchedule", "followUpDate"),
            "priority": own.attribute("priorityDefinition", "priority"),
        }
        if not given["groups"] and not given["assignee"]:
            zh, en = "用户任务没有候选组。", "The user task names no candidate groups."
            self.faults.at(node, zh, en)
        for key, read in LITERALS.items():
            check_literal(given[key] or "=", read, node, self.faults)
        return {key: value for key, value in given.items() if value}

    def _form(self, node: Node, own: Extensions) -> str | None:
        form = next(filter(None, (own.attribute("formDefinition", each) for each in FORM_KEYS)), None)
        if form and form.startswith("camunda-forms:bpmn:"):
            zh = "不支持内嵌表单，请单独建立表单文件。"
            self.faults.at(node, zh, "A form inside the diagram is not supported; put it into a file.")
        return form

    def _serviceTask(self, node: Node, own: Extensions) -> dict[str, Any]:
        job = own.job()
        if job is None:
            zh, en = "服务任务没有指定操作（任务类型）。", "The service task names no operation (task type)."
            self.faults.at(node, zh, en)
        return {"job": job} if job else {}

    def _sendTask(self, node: Node, own: Extensions) -> dict[str, Any]:
        return self.events.message_task_detail(node)

    _receiveTask = _sendTask

    def _businessRuleTask(self, node: Node, own: Extensions) -> dict[str, Any]:
        if "taskDefinition" in own:
            return {"job": own.job()}
        decision = own.required("calledDecision", "decisionId")
        return {"decision": decision, "result": own.name("calledDecision", "resultVariable")}

    def _scriptTask(self, node: Node, own: Extensions) -> dict[str, Any]:
        if "taskDefinition" in own:
            return {"job": own.job()}
        expression = check_feel(own.required("script", "expression"), node, self.faults)
        return {"expression": expression, "result": own.name("script", "resultVariable")}

    def _callActivity(self, node: Node, own: Extensions) -> dict[str, Any]:
        process = own.required("calledElement", "processId")
        if process.startswith("="):
            zh, en = "被调用的流程不能是表达式。", "The called process cannot be an expression."
            self.faults.at(node, zh, en)
        flags = {key: own.flag("calledElement", f"propagateAll{name}Variables") for key, name in PROPAGATION}
        return {"process": process} | flags

    def _subProcess(self, node: Node, _: Extensions) -> dict[str, Any]:
        return {"triggered": True} if is_true(node, "triggeredByEvent") else {}

    def _multi_instance(self, node: Node) -> dict[str, Any] | None:
        for _ in bpmn_children(node, "standardLoopCharacteristics"):
            zh, en = "不支持标准循环，请用网关画出循环。", "A standard loop is not supported; draw it with a gateway."
            self.faults.at(node, zh, en)
        for loop in bpmn_children(node, "multiInstanceLoopCharacteristics"):
            own = Extensions(loop, self.faults)
            conditions = [text_of(child) for child in bpmn_children(loop, "completionCondition") if text_of(child)]
            return {
                "sequential": is_true(loop, "isSequential"),
                "items": check_feel(own.required("loopCharacteristics", "inputCollection"), node, self.faults),
                "item": own.name("loopCharacteristics", "inputElement", needed=False),
                "collection": own.name("loopCharacteristics", "outputCollection", needed=False),
                "output": own.attribute("loopCharacteristics", "outputElement") or "",
                "condition": check_feel(conditions[0], node, self.faults) if conditions else "",
            }
        return None

    def _link_events(self) -> None:
        """A link is a flow: every throw leads to the one catch of its name in the same scope."""
        links = [element for element in self.elements.values() if element.event == "link"]
        catches = [element for element in links if element.tag == "intermediateCatchEvent"]
        for throw in (element for element in links if element.tag == "intermediateThrowEvent"):
            name = throw.detail["link"]
            targets = [each for each in catches if each.detail["link"] == name and each.scope == throw.scope]
            if len(targets) != 1:
                zh = f"链接“{name}”应当恰好有一个接收事件，实际有 {len(targets)} 个。"
                en = f"The link “{name}” must have one catch event, not {len(targets)}."
                self.faults.add(throw.id, throw.line, zh, en)
                continue
            self.flows.append(Flow(f"{throw.id}.link", throw.id, targets[0].id, None, throw.line))


LITERALS: dict[str, Callable[[str], object]] = {"due": parse_instant, "follow_up": parse_instant, "priority": int}
FORM_KEYS = ("formId", "formKey", "externalReference")
PROPAGATION = (("all_in", "Parent"), ("all_out", "Child"))
