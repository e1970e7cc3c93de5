"""Reads what Camunda 8 writes into extensionElements (namespace zeebe), and refuses what the engine does not do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from app.engine.expressions import is_feel, value_of
from app.engine.xml_source import ZEEBE, Faults, Node, bpmn_children, tag_of
from app.feel import FeelError

TARGET = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
ANYWHERE = ("properties", "ioMapping")
JOB = ("taskDefinition", "taskHeaders")
PLACES: dict[str, tuple[str, ...]] = {
    "startEvent": ("formDefinition",),  # told as a fact; whoever starts the process shows it
    "userTask": (
        *("userTask", "formDefinition", "assignmentDefinition", "taskSchedule", "priorityDefinition", "taskHeaders"),
    ),
    "serviceTask": JOB,
    "sendTask": (*JOB, "publishMessage"),
    "endEvent": (*JOB, "publishMessage"),
    "intermediateThrowEvent": (*JOB, "publishMessage"),
    "businessRuleTask": (*JOB, "calledDecision"),
    "scriptTask": (*JOB, "script"),
    "callActivity": ("calledElement",),
    "multiInstanceLoopCharacteristics": ("loopCharacteristics",),
    "message": ("subscription",),
}
IGNORED = frozenset({"userTaskForm", "versionTag"})


class Extensions:
    """The zeebe extensions of one node, checked while they are read; FEEL faults are noted with the element's line."""

    def __init__(self, node: Node, faults: Faults) -> None:
        self.node, self.faults = node, faults
        self.nodes: dict[str, Node] = {}
        for holder in bpmn_children(node, "extensionElements"):
            for child in holder:
                if isinstance(child.tag, str) and child.tag.startswith(ZEEBE):
                    self._keep(child)

    def _keep(self, child: Node) -> None:
        tag = tag_of(child)
        if tag in ANYWHERE or tag in PLACES.get(tag_of(self.node), ()):
            self.nodes[tag] = child
        elif tag in ("executionListeners", "taskListeners"):
            self.faults.at(child, "不支持监听器。", "Listeners are not supported.")
        elif tag not in IGNORED:
            zh, en = f"这里不支持扩展元素 zeebe:{tag}。", f"The extension zeebe:{tag} is not supported here."
            self.faults.at(child, zh, en)

    def __contains__(self, tag: str) -> bool:
        return tag in self.nodes

    def attribute(self, tag: str, name: str) -> str | None:
        """An attribute's text without spaces around it, checked where it is FEEL; None where it is missing or empty."""
        node = self.nodes.get(tag)
        source = (node.get(name) or "").strip() if node is not None else ""
        return check_value(source, self.node, self.faults) if source else None

    def required(self, tag: str, name: str) -> str:
        """Such an attribute that must be there; a fault is noted where it is not."""
        value = self.attribute(tag, name)
        if value is None:
            self.faults.at(self.node, f"缺少 zeebe:{tag} 的 {name}。", f"It lacks {name} of zeebe:{tag}.")
        return value or ""

    def name(self, tag: str, name: str, needed: bool = True) -> str:
        """An attribute that names a variable; "" where it is missing and not needed."""
        value = self.required(tag, name) if needed else self.attribute(tag, name) or ""
        if value and (TARGET.fullmatch(value) is None or "." in value):
            self.faults.at(self.node, f"{name} {value!r} 不是变量名。", f"{name} {value!r} is no variable name.")
        return value

    def flag(self, tag: str, name: str) -> bool:
        """A true/false attribute whose default is true."""
        return (self.attribute(tag, name) or "true") == "true"

    @property
    def properties(self) -> dict[str, str]:
        """The zeebe:property values by name."""
        return {child.get("name", ""): child.get("value", "") for child in self._inside("properties", "property")}

    @property
    def headers(self) -> dict[str, str]:
        """The task headers by key."""
        return {child.get("key", ""): child.get("value", "") for child in self._inside("taskHeaders", "header")}

    def mappings(self, direction: str) -> tuple[tuple[str, str], ...]:
        """The io mappings, "input" or "output", as (source, target)."""
        pairs = []
        for child in self._inside("ioMapping", direction):
            source, target = (child.get("source") or "").strip(), (child.get("target") or "").strip()
            if TARGET.fullmatch(target) is None:
                zh, en = f"映射目标 {target!r} 不是变量名。", f"The mapping target {target!r} is no variable name."
                self.faults.at(child, zh, en)
            pairs.append((check_value(source, self.node, self.faults), target))
        return tuple(pairs)

    def job(self) -> dict[str, Any] | None:
        """The task definition: operation type, retries and headers; None where there is none."""
        if "taskDefinition" not in self:
            return None
        retries = self.attribute("taskDefinition", "retries") or "3"
        check_literal(retries, int, self.node, self.faults)
        return {"type": self.required("taskDefinition", "type"), "retries": retries, "headers": self.headers}

    def _inside(self, tag: str, child_tag: str) -> list[Node]:
        node = self.nodes.get(tag)
        return [] if node is None else [child for child in node if tag_of(child) == child_tag]


def check_value(source: str, node: Node, faults: Faults) -> str:
    """The text itself; a fault is noted where it is FEEL that cannot be parsed."""
    if is_feel(source):
        try:
            value_of(source)
        except FeelError as fault:
            column, zh, en = fault.column, fault.text.zh, fault.text.of("en")
            faults.at(
                node,
                f"表达式 {source} 第 {column} 个字符处有误：{zh}",
                f"The expression {source} is wrong at character {column}: {en}",
            )
    return source


def check_literal(source: str, read: Callable[[str], object], node: Node, faults: Faults) -> None:
    """Note a fault where the text is no FEEL and `read` raises ValueError for it."""
    if not is_feel(source):
        try:
            read(source)
        except ValueError:
            faults.at(node, f"{source!r} 不是有效的值。", f"{source!r} is no valid value here.")


def check_feel(source: str, node: Node, faults: Faults) -> str:
    """Such a text that must be FEEL."""
    if not is_feel(source):
        zh, en = f"{source!r} 应当是以等号开头的 FEEL 表达式。", f"{source!r} must be FEEL that begins with =."
        faults.at(node, zh, en)
    return check_value(source, node, faults)
