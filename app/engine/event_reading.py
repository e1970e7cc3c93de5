"""Reads the event definitions of start, end, intermediate and boundary events and of send and receive tasks."""

from __future__ import annotations

from typing import Any

from app.engine.expressions import is_feel
from app.engine.extensions import Extensions, check_value
from app.engine.timers import check_timer
from app.engine.xml_source import Faults, Node, bpmn_children, is_true, nearest_id, tag_of, text_of

TIMERS = {"timeDuration": "duration", "timeDate": "date", "timeCycle": "cycle"}
ALLOWED: dict[str, frozenset[str]] = {
    "startEvent": frozenset({"", "message"}),
    "startEvent in subProcess": frozenset({""}),
    "startEvent in event subProcess": frozenset({"message", "timer", "error", "escalation"}),
    "endEvent": frozenset({"", "message", "error", "escalation", "terminate"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "link"}),
    "intermediateThrowEvent": frozenset({"", "message", "escalation", "link"}),
    "boundaryEvent": frozenset({"message", "timer", "error", "escalation"}),
}
THROWS = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})


class EventReader:
    """Reads event definitions of one file, where messages, errors and escalations are declared beside the processes."""

    def __init__(self, root: Node, faults: Faults) -> None:
        self.faults = faults
        declared = bpmn_children(root, "message", "error", "escalation")
        self.declared = {(tag_of(node), node.get("id", "")): node for node in declared}

    def event_detail(self, node: Node, place: str) -> dict[str, Any]:
        """What an event waits for or throws; `place` is its tag, or "startEvent in ..." within a sub-process."""
        definitions = [child for child in bpmn_children(node) if tag_of(child).endswith("EventDefinition")]
        if len(definitions) > 1:
            self.faults.at(node, "一个事件只能有一个事件定义。", "An event may have one event definition only.")
            return {}
        sort = tag_of(definitions[0]).removesuffix("EventDefinition") if definitions else ""
        if sort not in ALLOWED[place]:
            shown = sort or "none"
            zh, en = f"这里不支持 {shown} 类型的事件。", f"An event of the sort {shown} is not supported here."
            self.faults.at(node, zh, en)
            return {}
        if not definitions:
            return {}
        reader = getattr(self, f"_{sort}", None)
        detail: dict[str, Any] = {"event": sort}
        if reader is not None:
            detail |= reader(node, definitions[0])
        return detail

    def message_task_detail(self, node: Node) -> dict[str, Any]:
        """What a receive task waits for or a send task throws."""
        return {"event": "message"} | self._message(node, node)

    def _message(self, node: Node, definition: Node) -> dict[str, Any]:
        own = Extensions(node, self.faults)
        if tag_of(node) in THROWS and "taskDefinition" in own:
            return {"job": own.job()}
        message = self._referred(node, definition, "message")
        if message is None:
            return {}
        name = check_value((message.get("name") or "").strip(), message, self.faults)
        if not name:
            self.faults.at(message, "消息没有名称。", "The message has no name.")
        if tag_of(node) in THROWS:
            return {"message": name, "key": self._thrown_key(node, own)}
        if tag_of(node) == "startEvent" and tag_of(node.getparent()) == "process":
            if is_feel(name):
                zh, en = "启动消息的名称不能是表达式。", "The name of a start message cannot be an expression."
                self.faults.at(message, zh, en)
            return {"message": name}
        return {"message": name, "key": Extensions(message, self.faults).required("subscription", "correlationKey")}

    def _thrown_key(self, node: Node, own: Extensions) -> str:
        key = own.attribute("publishMessage", "correlationKey")
        if own.attribute("publishMessage", "messageId") or own.attribute("publishMessage", "timeToLive"):
            zh, en = "不支持消息编号和有效期。", "A message id or a time to live is not supported."
            self.faults.at(node, zh, en)
        if key is None and "case_number" not in {target for _, target in own.mappings("input")}:
            zh = "抛出消息需要输入映射 case_number（消息的关联键）。"
            self.faults.at(node, zh, "Throwing a message needs the input mapping case_number, its correlation key.")
        return key or ""

    def _timer(self, node: Node, definition: Node) -> dict[str, Any]:
        given = [child for child in bpmn_children(definition) if tag_of(child) in TIMERS]
        if len(given) != 1 or not text_of(given[0]):
            self.faults.at(node, "定时器没有时间。", "The timer has no time.")
            return {}
        sort, text = TIMERS[tag_of(given[0])], check_value(text_of(given[0]), node, self.faults)
        if sort == "cycle" and not self._may_repeat(node):
            self.faults.at(node, "只有非中断的定时器可以循环。", "Only a timer that interrupts nothing may repeat.")
        if not is_feel(text):
            try:
                check_timer(sort, text)
            except (ValueError, OverflowError):
                zh, en = f"定时器的值 {text!r} 不是 ISO 8601。", f"The timer's value {text!r} is not ISO 8601."
                self.faults.at(node, zh, en)
        return {"timer": sort, "timer_value": text}

    def _may_repeat(self, node: Node) -> bool:
        if tag_of(node) == "boundaryEvent":
            return not is_true(node, "cancelActivity", default=True)
        return tag_of(node) == "startEvent" and not is_true(node, "isInterrupting", default=True)

    def _error(self, node: Node, definition: Node) -> dict[str, Any]:
        return self._coded(node, definition, "error", "errorCode")

    def _escalation(self, node: Node, definition: Node) -> dict[str, Any]:
        return self._coded(node, definition, "escalation", "escalationCode")

    def _coded(self, node: Node, definition: Node, sort: str, attribute: str) -> dict[str, Any]:
        declared = None
        if definition.get(f"{sort}Ref") or tag_of(node) in THROWS:
            declared = self._referred(node, definition, sort)
        code = (declared.get(attribute) or "").strip() if declared is not None else ""
        if is_feel(code):
            self.faults.at(node, "错误码不能是表达式。", "The code cannot be an expression.")
        if declared is not None and not code and tag_of(node) in THROWS:
            self.faults.at(node, f"{sort} 没有代码 {attribute}。", f"Its {sort} has no {attribute}.")
        return {"code": code}

    def _link(self, node: Node, definition: Node) -> dict[str, Any]:
        name = (definition.get("name") or "").strip()
        if not name:
            self.faults.at(node, "链接事件没有名称。", "The link event has no name.")
        return {"link": name}

    def _referred(self, node: Node, definition: Node, sort: str) -> Node | None:
        reference = definition.get(f"{sort}Ref", "")
        found = self.declared.get((sort, reference))
        if found is None:
            where, names = nearest_id(node), {"message": "消息", "error": "错误", "escalation": "升级"}
            zh, en = f"没有引用已声明的{names[sort]}。", f"It refers to no {sort} that the file declares."
            self.faults.add(where, node.sourceline, zh, en)
        return found
