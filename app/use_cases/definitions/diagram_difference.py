"""How two versions of a diagram differ: steps, who does them, forms, times, conditions and connections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app import engine
from app.texts import Text
from app.use_cases.definitions.difference import (
    ADDED,
    CHANGED,
    REMOVED,
    Detail,
    Difference,
    detail,
    details_of,
    differing,
    plain,
    yes_or_no,
)

SORTS = {
    "startEvent": Text("开始事件", "start event"),
    "endEvent": Text("结束事件", "end event"),
    "intermediateCatchEvent": Text("等待事件", "waiting event"),
    "intermediateThrowEvent": Text("发出事件", "throwing event"),
    "boundaryEvent": Text("边界事件", "boundary event"),
    "userTask": Text("人工步骤", "step of a person"),
    "serviceTask": Text("系统步骤", "system step"),
    "sendTask": Text("发送消息", "send task"),
    "receiveTask": Text("等待消息", "receive task"),
    "businessRuleTask": Text("规则判断", "rule step"),
    "scriptTask": Text("计算步骤", "calculation"),
    "subProcess": Text("子流程", "sub-process"),
    "callActivity": Text("调用流程", "called process"),
    "exclusiveGateway": Text("排他网关", "choice"),
    "parallelGateway": Text("并行网关", "parallel gateway"),
    "inclusiveGateway": Text("包容网关", "inclusive gateway"),
    "eventBasedGateway": Text("事件网关", "event gateway"),
}
STEP, FLOW, PROCESS = Text("步骤", "step"), Text("连线", "connection"), Text("流程", "process")
LABELS = {
    "groups": Text("办理角色", "done by"),
    "assignee": Text("指定办理人", "assigned to"),
    "form": Text("表单", "form"),
    "due": Text("时限", "due"),
    "follow_up": Text("提醒时间", "follow-up"),
    "priority": Text("优先级", "priority"),
    "decision": Text("规则表", "rule table"),
    "result": Text("结果变量", "result variable"),
    "expression": Text("计算公式", "formula"),
    "process": Text("调用的流程", "calls"),
    "message": Text("消息", "message"),
    "key": Text("消息的关联键", "the message's key"),
    "timer_value": Text("时间", "time"),
    "code": Text("错误码", "code"),
    "interrupting": Text("中断所附着的步骤", "interrupts its step"),
    "host": Text("附着在", "attached to"),
    "triggered": Text("由事件触发", "triggered by an event"),
    "link": Text("链接", "link"),
    "all_in": Text("传入全部变量", "passes all variables in"),
    "all_out": Text("传出全部变量", "passes all variables out"),
}
PROPERTIES = {
    "name_en": Text("英文名称", "English name"),
    "duty": Text("职责", "duty"),
    "four_eyes": Text("不得由同一人办理", "not by who did"),
    "milestone": Text("里程碑", "milestone"),
    "act": Text("办理时的动作", "act on completion"),
    "opens_at": Text("页面先打开", "its page opens at"),
    "sealed_by": Text("投票是否保密取自", "secret where this is true"),
    "refused_at_form": Text("退回表单的错误", "errors told at the form"),
    "stage": Text("阶段", "stage"),
    "stage_name": Text("阶段名称", "name of the stage"),
    "stage_name_en": Text("阶段英文名称", "English name of the stage"),
}


@dataclass(frozen=True)
class Names:
    """What keys are called, by (sort, key): roles, forms, tables, processes, operations; see verdicts.Asked."""

    by_key: Mapping[tuple[str, str], Text]

    def of(self, sort: str, key: str) -> Text:
        return self.by_key.get((sort, key)) or plain(key)


def diagram_differences(before: bytes, after: bytes, names: Names) -> list[Difference]:
    """The differences of two versions of a file that were both published or checked."""
    old = {one.key: one for one in engine.read_processes(before, "")}
    new = {one.key: one for one in engine.read_processes(after, "")}
    found: list[Difference] = []
    for key in dict.fromkeys([*old, *new]):
        if key not in old:
            found.append(Difference(ADDED, key, PROCESS, new[key].name))
        elif key not in new:
            found.append(Difference(REMOVED, key, PROCESS, old[key].name))
        else:
            found += _Two(old[key], new[key], names).differences()
    return found


class _Two:
    """Two versions of one process."""

    def __init__(self, old: engine.ProcessDefinition, new: engine.ProcessDefinition, names: Names) -> None:
        self.old, self.new, self.names = old, new, names

    def differences(self) -> Iterator[Difference]:
        own = tuple(differing(_process_values(self.old), _process_values(self.new)))
        if own:
            yield Difference(CHANGED, self.new.key, PROCESS, self.new.name, own)
        for key, element in self.new.elements.items():
            if key not in self.old.elements:
                yield Difference(ADDED, key, _sort(element), _called(element), self._arrival(element))
            elif details := tuple(self._details(self.old.elements[key], element)):
                yield Difference(CHANGED, key, _sort(element), _called(element), details)
        for key, element in self.old.elements.items():
            if key not in self.new.elements:
                yield Difference(REMOVED, key, _sort(element), _called(element))
        yield from self._flows()

    def _details(self, old: engine.Element, new: engine.Element) -> Iterator[Detail]:
        if old.name != new.name:
            yield detail(Text("名称", "name"), old.name, new.name)
        if old.tag != new.tag:
            yield Detail(Text("类型", "kind"), _sort(old), _sort(new))
        before, after = self._values(old, self.old), self._values(new, self.new)
        same = {
            "default": _default_target(old, self.old) == _default_target(new, self.new),
            "host": old.detail.get("host") == new.detail.get("host"),
        }
        for key in (key for key, is_same in same.items() if is_same):  # another name of it is told where it is
            before.pop(key, None), after.pop(key, None)
        yield from differing(before, after)

    def _arrival(self, element: engine.Element) -> tuple[Detail, ...]:
        """Where a new step stands, and what it is set to."""
        before = [self.new.elements[flow.source] for flow in self.new.flows if flow.target == element.id]
        after = [self.new.elements[flow.target] for flow in self.new.flows if flow.source == element.id]
        places = {
            "before": (Text("在它之前", "comes after"), _all(before)),
            "after": (Text("在它之后", "is followed by"), _all(after)),
        }
        return details_of(places | self._values(element, self.new))

    def _values(self, one: engine.Element, process: engine.ProcessDefinition) -> dict[str, tuple[Text, Text]]:
        values = {
            key: (LABELS[key], self._value(key, value, process)) for key, value in one.detail.items() if key in LABELS
        }
        job = one.detail.get("job") or {}
        if job:
            values["job"] = Text("操作", "operation"), self._value("operation", job["type"], process)
            values["retries"] = Text("重试次数", "retries"), plain(job["retries"])
            for key, value in job["headers"].items():
                values[f"header {key}"] = Text(f"任务头 {key}", f"header {key}"), plain(value)
        for key, value in one.properties.items():
            values[f"property {key}"] = PROPERTIES.get(key, Text(f"属性 {key}", f"property {key}")), plain(value)
        for label, pairs in ((Text("输入", "input"), one.inputs), (Text("输出", "output"), one.outputs)):
            for source, target in pairs:
                values[f"{label.en} {target}"] = Text(f"{label.zh} {target}", f"{label.en} {target}"), plain(source)
        if one.multi:
            values["multi"] = Text("对每一项重复", "repeated for each of"), plain(one.multi["items"])
            values["sequential"] = Text("逐项进行", "one after the other"), yes_or_no(one.multi["sequential"])
            values["enough"] = Text("提前结束的条件", "ends early when"), plain(one.multi["condition"])
        if one.default:
            values["default"] = Text("其他情况走向", "otherwise to"), _end(process, _default_target(one, process))
        return values

    def _value(self, key: str, value: object, process: engine.ProcessDefinition) -> Text:
        text = str(value or "")
        if isinstance(value, bool):
            return yes_or_no(value)
        if text.startswith("="):
            return plain(text)
        if key == "groups":
            named = [self.names.of("role", group.strip()) for group in text.split(",") if group.strip()]
            return Text("、".join(one.zh for one in named), ", ".join(one.of("en") for one in named))
        if key in ("form", "decision", "process", "operation"):
            return self.names.of(key, text)
        return _end(process, text) if key == "host" else plain(text)

    def _flows(self) -> Iterator[Difference]:
        old = {flow.id: flow for flow in self.old.flows}
        new = {flow.id: flow for flow in self.new.flows}
        pairs = {(flow.source, flow.target) for flow in self.old.flows}, {(f.source, f.target) for f in self.new.flows}
        for key, flow in new.items():
            was = old.get(key) or next(
                (f for f in old.values() if (f.source, f.target) == (flow.source, flow.target) and f.id not in new),
                None,
            )
            if was is None:
                if self._both_stay(flow.source, flow.target) and (flow.source, flow.target) not in pairs[0]:
                    yield self._flow(ADDED, key, self.new, flow.source, flow.target)
            elif details := tuple(self._flow_details(was, flow)):
                yield self._flow(CHANGED, key, self.new, flow.source, flow.target, details)
        for key, flow in old.items():
            gone = key not in new and (flow.source, flow.target) not in pairs[1]
            if gone and self._both_stay(flow.source, flow.target):
                yield self._flow(REMOVED, key, self.old, flow.source, flow.target)

    def _flow_details(self, was: engine.Flow, now: engine.Flow) -> Iterator[Detail]:
        """What differs of a connection; that an end has another name is told at that end."""
        if was.source != now.source:
            yield Detail(Text("从", "from"), _end(self.old, was.source), _end(self.new, now.source))
        if was.target != now.target:
            yield Detail(Text("到", "to"), _end(self.old, was.target), _end(self.new, now.target))
        if was.condition != now.condition:
            before, after = (plain((one.condition or "").removeprefix("=").strip()) for one in (was, now))
            yield Detail(Text("条件", "condition"), before, after)

    def _both_stay(self, *ends: str) -> bool:
        return all(end in self.old.elements and end in self.new.elements for end in ends)

    def _flow(
        self,
        kind: str,
        key: str,
        process: engine.ProcessDefinition,
        source: str,
        target: str,
        details: tuple[Detail, ...] = (),
    ) -> Difference:
        one, other = _end(process, source), _end(process, target)
        name = Text(f"{one.zh} → {other.zh}", f"{one.of('en')} → {other.of('en')}")
        return Difference(kind, key, FLOW, name, details)


def _process_values(one: engine.ProcessDefinition) -> dict[str, tuple[Text, Text]]:
    values = {"name": (Text("名称", "name"), one.name)}
    for key, value in one.properties.items():
        values[key] = PROPERTIES.get(key, Text(f"属性 {key}", f"property {key}")), plain(value)
    return values


def _default_target(one: engine.Element, process: engine.ProcessDefinition) -> str:
    """The id of the element to which the default flow leads; "" without one."""
    return next((flow.target for flow in process.flows if flow.id == one.default), "") if one.default else ""


def _end(process: engine.ProcessDefinition, key: str) -> Text:
    element = process.elements.get(key)
    return plain(key) if element is None else _called(element)


def _called(element: engine.Element) -> Text:
    """The element's name, or what it is where it has none."""
    return element.name if element.name.zh or element.name.en else _sort(element)


def _sort(element: engine.Element) -> Text:
    return SORTS.get(element.tag, STEP)


def _all(elements: list[engine.Element]) -> Text:
    named = [_called(one) for one in elements]
    return Text("、".join(one.zh for one in named), ", ".join(one.of("en") for one in named))
