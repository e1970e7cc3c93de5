"""A release: one process with what it calls, decides and asks, checked once at publication and ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import zstandard

from app.decisions import DecisionModel, parse_dmn
from app.engine.assembly import BuiltProcess
from app.engine.definition import Element, ProcessDefinition, definition_from_json
from app.engine.element_spec import ElementSpec
from app.engine.expressions import is_feel
from app.engine.reading import read_processes
from app.errors import DefinitionRefused, Problem
from app.texts import Text

ENGINE_VERSION = "1"  # goes up when the same files would be parsed into another blob; blobs are cached by it
MAX_CALL_DEPTH = 5
MAX_SPEC_BYTES = 50_000_000


@dataclass(frozen=True)
class Release:
    """What an instance runs on. Immutable and shared by all its instances in one thread; cache it by the release's id.

    `processes` has the main process and those it calls, by key; `decisions` the model that holds each decision id.
    """

    process: BuiltProcess
    processes: Mapping[str, BuiltProcess]
    decisions: Mapping[str, DecisionModel]

    def spec(self, reference: str) -> ElementSpec:
        """The task spec that a stored state refers to."""
        process, name = reference.split("/", 1) if "/" in reference else (self.process.definition.key, reference)
        found: ElementSpec = self.processes[process].spec.task_specs[name]
        return found

    def reference(self, spec: ElementSpec) -> str:
        """How a stored state refers to a task spec: its name, with the process before it where that was called."""
        process = spec._wf_spec.name
        return spec.name if process == self.process.definition.key else f"{process}/{spec.name}"


def parse_release(process_key: str, files: Mapping[str, bytes]) -> bytes:
    """The spec blob of a process: the definitions of it and of what it calls, as JSON under zstd.

    `files` are named "processes/x.bpmn", "rules/y.dmn" and "forms/z.form". DefinitionRefused with every fault found:
    of the files themselves, of missing called processes, decisions and forms, and of calls that go in a circle.
    """
    defined = _definitions(files)
    used = _with_called(process_key, defined)
    decisions = _decisions(files)
    problems = [problem for definition in used.values() for problem in _missing(definition, decisions, files)]
    if problems:
        raise DefinitionRefused(problems)
    blob = orjson.dumps({"engine": ENGINE_VERSION, "process": process_key, "processes": used})
    return zstandard.compress(blob, 9)


def load_release(spec: bytes, files: Mapping[str, bytes]) -> Release:
    """The release of a spec blob that `parse_release` made of the same files."""
    stored = orjson.loads(zstandard.decompress(spec, max_output_size=MAX_SPEC_BYTES))
    assert stored["engine"] == ENGINE_VERSION, "the spec was parsed by another version of the engine"
    processes = {key: BuiltProcess(definition_from_json(value)) for key, value in stored["processes"].items()}
    for process in processes.values():
        for call in process.calls:
            call.called = processes[call.element.detail["process"]].scope
    return Release(processes[stored["process"]], processes, _decisions(files))


def _definitions(files: Mapping[str, bytes]) -> dict[str, tuple[str, ProcessDefinition]]:
    defined: dict[str, tuple[str, ProcessDefinition]] = {}
    for path in sorted(files):
        if not path.startswith("processes/"):
            continue
        for definition in read_processes(files[path], path):
            if definition.key in defined:
                zh = f"流程 {definition.key} 在 {defined[definition.key][0]} 中也有定义。"
                en = f"The process {definition.key} is defined in {defined[definition.key][0]} too."
                raise DefinitionRefused([Problem(path, None, Text(zh, en))])
            defined[definition.key] = (path, definition)
    return defined


Defined = Mapping[str, tuple[str, ProcessDefinition]]  # by process key: the path of its file, and the process


def _with_called(process_key: str, defined: Defined) -> dict[str, ProcessDefinition]:
    """The process and all it calls, in depth; refused where one is missing or the calls go in a circle."""
    used: dict[str, ProcessDefinition] = {}

    def include(key: str, caller: Element | None, path: tuple[str, ...]) -> None:
        where, line = (caller.id, caller.line) if caller else (process_key, None)
        if key in path:
            circle = " → ".join((*path, key))
            raise _refused(where, line, f"流程调用成环：{circle}", f"The calls go in a circle: {circle}")
        if len(path) > MAX_CALL_DEPTH:
            zh, en = f"流程调用超过 {MAX_CALL_DEPTH} 层。", f"The calls are deeper than {MAX_CALL_DEPTH}."
            raise _refused(where, line, zh, en)
        if key not in defined:
            raise _refused(where, line, f"找不到可执行的流程 {key}。", f"There is no executable process {key}.")
        used[key] = definition = defined[key][1]
        for element in definition.elements.values():
            called = element.detail.get("process") if element.tag == "callActivity" else None
            if called is not None:
                include(called, element, (*path, key))
                if not _has_plain_start(used[called]):
                    zh = f"被调用的流程 {called} 没有普通开始事件。"
                    en = f"The called process {called} has no plain start."
                    raise _refused(element.id, element.line, zh, en)

    include(process_key, None, ())
    return used


def _has_plain_start(definition: ProcessDefinition) -> bool:
    starts = [element for element in definition.children("") if element.tag == "startEvent"]
    return any(not start.event for start in starts)


def _decisions(files: Mapping[str, bytes]) -> dict[str, DecisionModel]:
    found: dict[str, DecisionModel] = {}
    for path in sorted(files):
        if not path.startswith("rules/"):
            continue
        model = parse_dmn(files[path])
        for key in model.decisions:
            if key in found:
                raise _refused(key, None, f"决策 {key} 在两个文件中。", f"The decision {key} is in two files.")
            found[key] = model
    return found


def _missing(
    definition: ProcessDefinition, decisions: Mapping[str, DecisionModel], files: Mapping[str, bytes]
) -> list[Problem]:
    problems = []
    for element in definition.elements.values():
        decision, form = element.detail.get("decision", ""), element.detail.get("form", "")
        if decision and not is_feel(decision) and decision not in decisions:
            problems.append(_problem(element, f"找不到决策 {decision}。", f"There is no decision {decision}."))
        if form and not is_feel(form) and f"forms/{form}.form" not in files:
            problems.append(_problem(element, f"找不到表单 {form}。", f"There is no form {form}."))
    return problems


def _problem(element: Element, zh: str, en: str) -> Problem:
    return Problem(element.id, element.line, Text(zh, en))


def _refused(where: str, line: int | None, zh: str, en: str) -> DefinitionRefused:
    return DefinitionRefused([Problem(where, line, Text(zh, en))])
