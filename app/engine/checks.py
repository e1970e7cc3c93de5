"""Refuses at publication what would go silently wrong in a run: open ends, stray conditions, misplaced events."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.definition import ACTIVITIES, Element, Flow, ProcessDefinition
from app.engine.loops import endless_from
from app.engine.xml_source import Faults

CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway"})
NO_INPUTS = frozenset({"startEvent", "boundaryEvent", "intermediateCatchEvent"})
EVENT_TARGETS = frozenset({"intermediateCatchEvent", "receiveTask"})


def check_structure(definition: ProcessDefinition, line: int, faults: Faults) -> None:
    """Note the faults of one process; `line` is where it begins in the file."""
    if _flows_have_ends(definition, faults):
        network = Network(definition)
        for element in definition.elements.values():
            for zh, en in (*_flow_faults(element, network), *_place_faults(element, definition)):
                faults.add(element.id, element.line, zh, en)
        endless = endless_from(definition)
        if endless is not None:
            zh = "从这里起没有一步会等待或结束，流程会无限循环。"
            faults.add(endless.id, endless.line, zh, "From here on nothing ever waits or ends: an endless loop.")
    _check_starts(definition, "", definition.key, line, faults)
    for element in definition.elements.values():
        if element.tag == "subProcess":
            _check_starts(definition, element.id, element.id, element.line, faults)


def _flows_have_ends(definition: ProcessDefinition, faults: Faults) -> bool:
    sound = True
    for flow in definition.flows:
        ends = [definition.elements.get(flow.source), definition.elements.get(flow.target)]
        if None in ends:
            faults.add(flow.id, flow.line, "顺序流的一端没有元素。", "The sequence flow leads from or to nothing.")
        elif ends[0].scope != ends[1].scope:  # type: ignore[union-attr]
            zh, en = "顺序流不能穿过子流程的边界。", "The flow crosses the border of a sub-process."
            faults.add(flow.id, flow.line, zh, en)
        else:
            continue
        sound = False
    return sound


class Network:
    """The flows of a process by the element that they leave, and by that at which they arrive; what is ever reached."""

    def __init__(self, definition: ProcessDefinition) -> None:
        self.elements = definition.elements
        self.leaving: dict[str, list[Flow]] = {key: [] for key in definition.elements}
        self.arriving: dict[str, list[Flow]] = {key: [] for key in definition.elements}
        for flow in definition.flows:
            self.leaving[flow.source].append(flow)
            self.arriving[flow.target].append(flow)
        self.reached: set[str] = set()
        pending = [element.id for element in definition.elements.values() if begins_by_itself(element)]
        while pending:
            key = pending.pop()
            if key not in self.reached:
                self.reached.add(key)
                pending += [flow.target for flow in self.leaving[key]]


def begins_by_itself(element: Element) -> bool:
    """Whether an event, and no flow, sets the element going."""
    return element.tag in ("startEvent", "boundaryEvent") or bool(element.detail.get("triggered"))


def _flow_faults(element: Element, network: Network) -> Iterator[tuple[str, str]]:
    leaving = network.leaving[element.id]
    if begins_by_itself(element) and network.arriving[element.id]:
        yield "不能有进入的顺序流。", "No flow may lead here."
    if element.id not in network.reached:
        yield "从开始事件无法到达这里。", "It cannot be reached from a start event."
    if element.tag == "startEvent" and not leaving:
        yield "开始事件没有后续。", "Nothing follows the start event."
    if any(flow.target == element.id for flow in leaving):
        yield "顺序流从这里连回自己，永远走不完。", "A flow leads from here to itself, so it would never be done."
    if leaving and (element.tag == "endEvent" or element.detail.get("triggered")):
        yield "不能有离开的顺序流。", "No flow may leave from here."
    if element.tag == "eventBasedGateway":
        yield from _event_gateway_faults(leaving, network)
    yield from _condition_faults(element, leaving)


def _condition_faults(element: Element, leaving: list[Flow]) -> Iterator[tuple[str, str]]:
    if element.default and element.default not in {flow.id for flow in leaving}:
        yield "默认流不是从这里离开的顺序流。", "Its default flow does not leave from here."
    if element.tag in CHOICES:
        open_flows = [flow for flow in leaving if flow.condition is None and flow.id != element.default]
        if len(leaving) > 1 and open_flows:
            shown = "、".join(flow.id for flow in open_flows)
            zh = f"顺序流 {shown} 既没有条件也不是默认流。"
            yield zh, f"The flow {shown} has no condition and is not the default."
        return
    for flow in leaving:
        if flow.condition is not None:
            yield f"顺序流 {flow.id} 的条件只能放在网关之后。", f"The condition of {flow.id} belongs behind a gateway."


def _event_gateway_faults(leaving: list[Flow], network: Network) -> Iterator[tuple[str, str]]:
    if len(leaving) < 2:
        yield "事件网关至少需要两个分支。", "An event-based gateway needs two branches at least."
    for flow in leaving:
        target = network.elements[flow.target]
        if target.tag not in EVENT_TARGETS or target.event == "link" or target.multi:
            yield (
                f"事件网关之后只能是消息、定时事件或接收任务，{target.id} 不是。",
                f"Only message or timer events or receive tasks follow an event-based gateway, not {target.id}.",
            )
        elif len(network.arriving[target.id]) > 1:
            yield f"{target.id} 只能从事件网关到达。", f"{target.id} may be reached from the gateway only."


def _place_faults(element: Element, definition: ProcessDefinition) -> Iterator[tuple[str, str]]:
    if element.tag == "boundaryEvent":
        host = definition.elements.get(element.detail["host"])
        if host is None or host.tag not in ACTIVITIES or host.scope != element.scope or host.detail.get("triggered"):
            yield "边界事件没有附着在任务或子流程上。", "The boundary event is attached to no task or sub-process."
        if element.event == "error" and not element.detail["interrupting"]:
            yield "错误边界事件必须中断。", "An error boundary event must interrupt."
    if element.tag == "startEvent" and element.event == "error" and not element.detail["interrupting"]:
        yield "错误事件子流程必须中断。", "An event sub-process for an error must interrupt."
    if element.inputs and element.tag in NO_INPUTS:
        yield "这里不能有输入映射。", "Input mappings are not possible here."
    if (element.inputs or element.outputs) and element.tag.endswith("Gateway"):
        yield "网关不能有变量映射。", "A gateway cannot have mappings."
    if element.detail.get("triggered") and (element.multi or element.inputs or element.outputs):
        yield "事件子流程不能有多实例或变量映射。", "An event sub-process cannot be multi-instance or have mappings."
    if element.multi and element.multi["collection"] and not element.multi["output"]:
        yield "多实例的输出集合缺少输出元素。", "The output collection lacks its output element."


def _check_starts(definition: ProcessDefinition, scope: str, where: str, line: int, faults: Faults) -> None:
    starts = [element for element in definition.children(scope) if element.tag == "startEvent"]
    if not starts:
        faults.add(where, line, "没有开始事件。", "It has no start event.")
    if scope and len(starts) > 1:
        faults.add(where, line, "子流程只能有一个开始事件。", "A sub-process may have one start event only.")
    names = [str(start.detail.get("message", "")) for start in starts]
    if not scope and len(set(names)) < len(names):
        zh = "有两个相同的开始事件（无消息，或消息同名）。"
        faults.add(where, line, zh, "Two start events are alike (no message, or the same message).")
