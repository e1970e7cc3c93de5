"""Checks one uploaded diagram, form or table by itself, without a database: run in a child process (checking_child)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import orjson

from app import engine
from app.decisions import list_decisions, parse_dmn
from app.errors import DefinitionRefused, Problem
from app.forms import parse_form
from app.texts import Text
from app.use_cases.definitions.check_tables import table_problems
from app.use_cases.definitions.example_files import key_of, read_example_file
from app.use_cases.definitions.file_kinds import EXAMPLES, kind_of
from app.use_cases.definitions.foreign_files import REDRAW, made_for, not_a_definition
from app.use_cases.definitions.mends import mend_of
from app.use_cases.definitions.verdicts import (
    ERROR,
    OK,
    REFUSED,
    SEVERITIES,
    WARNING,
    Asked,
    CheckedFile,
    CheckedProcess,
    Finding,
)

NO_PROCESS = Text("文件里没有可执行的流程。", "The file has no process that can be executed.")
NOT_DRAWN = Text("文件里没有图形，页面上不会有流程图。", "The file has no layout, so no page can show the diagram.")
MISDRAWN = Text("图形缺少有效的位置，画不出来。", "A shape has no valid place, so it cannot be drawn.")
DRAW_IT = Text("请在 Camunda Modeler 里打开并重新保存。", "Open it in Camunda Modeler and save it again.")
NO_MODEL_NAME = Text("缺少 modelName：用例属于哪张规则表。", "modelName is missing: which table these cases are about.")
MOST_FINDINGS = 200  # of one file; whoever has more begins with these


def check_file(file: str, content: bytes) -> CheckedFile:
    """The verdict on a file by its name's ending and its content; every fault that can be found at once is told."""
    foreign = not_a_definition(file, content)
    if foreign is not None:
        return CheckedFile(file, kind_of(file), Text(file, file), problems=(foreign,))
    checked = _CHECKS[kind_of(file)](file, content)
    kept = sorted(checked.problems, key=lambda one: (SEVERITIES.index(one.severity), one.line or 0))[:MOST_FINDINGS]
    return CheckedFile(**{**vars(checked), "problems": tuple(kept)})


def _diagram(file: str, content: bytes) -> CheckedFile:
    outline = engine.outline(content)
    foreign = made_for(set(outline.namespaces))
    problems = [] if foreign is None else [Finding("", Text(file, file), None, ERROR, foreign, REDRAW)]
    definitions: list[engine.ProcessDefinition] = []
    overview = None
    try:
        definitions = engine.read_processes(content, file)
        overview = engine.collaboration_facts(content, file)
    except DefinitionRefused as refused:
        problems += [_finding(problem, outline.names, file) for problem in refused.problems]
    else:
        problems += _circles(definitions)
        if not definitions and overview is None:
            mend = Text("请在流程的属性里勾选“可执行”。", "Tick Executable in the process's properties.")
            problems.append(Finding("", Text(file, file), None, ERROR, NO_PROCESS, mend))
        elif outline.misdrawn:
            problems += [
                Finding(key, outline.names.get(key, Text(file, file)), line, ERROR, MISDRAWN, DRAW_IT)
                for key, line in dict.fromkeys(outline.misdrawn)
            ]
        elif not outline.is_drawn:
            problems.append(Finding("", Text(file, file), None, WARNING, NOT_DRAWN, DRAW_IT))
    named = {one.key: one.name for one in definitions}
    keys = tuple(outline.processes) or ((overview.key,) if overview else ())
    first = next(iter(named.values()), None) or (overview.name if overview else Text(""))
    return CheckedFile(
        file,
        "processes",
        first if first.zh else next((outline.names[key] for key in outline.processes if key in outline.names), first),
        keys,
        tuple(
            CheckedProcess(key, outline.names.get(key, Text(key)), REFUSED if _hit(ids, problems) else OK)
            for key, ids in outline.processes.items()
        ),
        tuple(problems),
        tuple(asked for definition in definitions for asked in _asked(definition)),
        tuple(message for facts in _facts(content, file, definitions) for message in facts.start_messages),
    )


def _facts(content: bytes, file: str, definitions: list[engine.ProcessDefinition]) -> tuple[engine.ProcessFacts, ...]:
    return engine.process_facts(content, file) if definitions else ()


def _hit(ids: frozenset[str], problems: list[Finding]) -> bool:
    """Whether a fault lies in the process, or in the file as a whole."""
    known = {one.element for one in problems if one.severity == ERROR}
    return bool(known & ids) or "" in known


def _circles(definitions: list[engine.ProcessDefinition]) -> list[Finding]:
    """Processes of the file that call themselves, directly or by others of the file."""
    calls = {one.key: [part for part in one.elements.values() if part.tag == "callActivity"] for one in definitions}
    found = []
    for start, activities in calls.items():
        for activity in activities:
            todo, seen = [activity.detail["process"]], set()
            while todo:
                key = todo.pop()
                if key not in seen and key in calls:
                    seen.add(key)
                    todo += [part.detail["process"] for part in calls[key]]
            if start in seen:
                text = Text("流程调用了自己，永远走不完。", "The process calls itself and would never be done.")
                mend = Text(
                    "请让它调用另一个流程，或用网关画回去。", "Let it call another process, or lead back by a gateway."
                )
                found.append(Finding(activity.id, activity.name, activity.line, ERROR, text, mend))
    return found


def _asked(definition: engine.ProcessDefinition) -> Iterator[Asked]:
    for one in definition.elements.values():
        for sort, key in _names_of(one):
            if key and not key.startswith("="):
                yield Asked(sort, key, one.id, one.name, one.line)


def _names_of(one: engine.Element) -> Iterator[tuple[str, str]]:
    detail = one.detail
    yield "form", str(detail.get("form") or "")
    yield "decision", str(detail.get("decision") or "")
    yield "operation", str((detail.get("job") or {}).get("type") or "")
    if one.tag == "callActivity":
        yield "process", str(detail["process"])
    groups = str(detail.get("groups") or "")
    if not groups.startswith("="):
        yield from (("role", group.strip()) for group in groups.split(",") if group.strip())
    message = str(detail.get("message") or "")
    if one.tag in ("sendTask", "endEvent", "intermediateThrowEvent"):
        yield "thrown", message
    elif one.tag != "startEvent" or one.scope:
        yield "caught", message


def _form(file: str, content: bytes) -> CheckedFile:
    try:
        form = parse_form(content)
    except (DefinitionRefused, UnicodeDecodeError) as refused:
        labels = _labels(content)
        given = refused.problems if isinstance(refused, DefinitionRefused) else (_not_utf8(),)
        return CheckedFile(
            file,
            "forms",
            labels.get("", Text(file, file)),
            problems=tuple(_finding(problem, labels, file) for problem in given),
        )
    process = form.properties.get("process", "")
    asked = [Asked("process", process, "", form.name, None)] if process else []
    return CheckedFile(file, "forms", form.name, (form.key,), asked=tuple(asked), for_process=process)


def _not_utf8() -> Problem:
    return Problem("form", None, Text("文字编码不是 UTF-8。", "Its text is not encoded in UTF-8."))


def _labels(content: bytes) -> dict[str, Text]:
    """Component id -> its label, "" -> the form's own name, as far as the file can be read."""
    try:
        given = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(given, dict):
        return {}
    found = {"": Text(str(given.get("name") or given.get("id") or ""))}
    todo = [given]
    while todo:
        one = todo.pop()
        inner = one.get("components")
        todo += [part for part in inner if isinstance(part, dict)] if isinstance(inner, list) else []
        key = str(one.get("id") or one.get("key") or one.get("type") or "")
        own = one.get("label") or one.get("dateLabel") or one.get("timeLabel")
        if key and own:
            found[key] = Text(str(own)[:200])
    return found


def _table(file: str, content: bytes) -> CheckedFile:
    names = engine.outline(content).names
    try:
        model = parse_dmn(content)
    except DefinitionRefused as refused:
        return CheckedFile(
            file, "rules", Text(file, file), problems=tuple(_finding(one, names, file) for one in refused.problems)
        )
    first = next(iter(list_decisions(content)))
    name = model.name if model.name.zh and len(model.decisions) > 1 else first.name
    return CheckedFile(file, "rules", name, tuple(model.decisions), problems=table_problems(model, content))


def _examples(file: str, content: bytes) -> CheckedFile:
    try:
        key = key_of(read_example_file(file, content))
        if not key:
            raise DefinitionRefused([Problem(file, None, NO_MODEL_NAME)])
    except DefinitionRefused as refused:
        return CheckedFile(
            file, EXAMPLES, Text(file, file), problems=tuple(_finding(one, {}, file) for one in refused.problems)
        )
    name = Text(key, key)
    return CheckedFile(file, EXAMPLES, name, (key,), asked=(Asked("decision", key, "", name, None),))


def _finding(problem: Problem, names: Mapping[str, Text], file: str) -> Finding:
    where = problem.where if problem.where in names else ""
    name = names.get(where, Text("")) if where else Text(file, file)
    return Finding(where, name, problem.line, ERROR, problem.text, mend_of(problem.text))


_CHECKS = {"processes": _diagram, "forms": _form, "rules": _table, EXAMPLES: _examples}
