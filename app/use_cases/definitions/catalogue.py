"""The files of a publication, read and checked as a whole: what each defines, and that all of it can be run here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from app import engine
from app.decisions import parse_dmn
from app.errors import DefinitionRefused, Problem
from app.forms import Form, parse_form
from app.texts import Text
from app.use_cases.operations import OPERATIONS
from app.use_cases.payments.payment_kinds import PAYMENT_KINDS
from app.use_cases.tasks.acts import ACT, ACTS, PAYMENT_KIND
from app.use_cases.tasks.contracts_of_task import CONTRACTS, WAYS

KEPT_FILES = 256


@dataclass(frozen=True)
class Catalogue:
    """All files (path -> bytes) with what was read from each; the `..._paths` say which file defines a key."""

    files: Mapping[str, bytes]
    processes: dict[str, engine.ProcessFacts] = field(default_factory=dict)
    process_paths: dict[str, str] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    form_paths: dict[str, str] = field(default_factory=dict)
    decision_paths: dict[str, str] = field(default_factory=dict)
    overviews: dict[str, engine.CollaborationFacts] = field(default_factory=dict)
    overview_paths: dict[str, str] = field(default_factory=dict)

    def closure(self, process_key: str) -> dict[str, bytes]:
        """What a process runs on: its diagram, called processes, their tables, and their forms."""
        wanted, todo, seen = set(), [process_key], set()
        while todo:
            facts = self.processes[todo.pop()]
            if facts.process_key in seen:
                continue
            seen.add(facts.process_key)
            wanted.add(self.process_paths[facts.process_key])
            wanted |= {self.decision_paths[d] for d in facts.decision_ids if d in self.decision_paths}
            wanted |= {self.form_paths[f] for f in facts.form_keys if f in self.form_paths}
            wanted |= {
                self.form_paths[k]
                for k, form in self.forms.items()
                if form.properties.get("process") == facts.process_key
            }
            todo += [called for called in facts.called_processes if called in self.processes]
        return {path: self.files[path] for path in sorted(wanted)}


def read_catalogue(files: Mapping[str, bytes], roles: Collection[str], published: Collection[str]) -> Catalogue:
    """Reads every file; raises DefinitionRefused with the faults of all files, each with file, element and line.

    `roles` are the keys of the installation's roles, `published` the processes that are in force already.
    """
    read, problems = Catalogue(files), []
    for path, content in sorted(files.items()):
        try:
            _take(read, path, content)
        except DefinitionRefused as refused:
            problems += [_in_file(path, problem) for problem in refused.problems]
    problems += [*_unknown(read, roles), *_bad_acts(read), *_bad_products(read, published)]
    if problems:
        raise DefinitionRefused(problems)
    return read


def _take(read: Catalogue, path: str, content: bytes) -> None:
    if path.endswith(".form"):
        form = _form(content)
        _once(read.form_paths, form.key, path)
        read.forms[form.key] = form
    elif path.endswith(".dmn"):
        for key in _decision_keys(content):
            _once(read.decision_paths, key, path)
    elif path.endswith(".bpmn"):
        for facts in _process_facts(content, path):
            _once(read.process_paths, facts.process_key, path)
            read.processes[facts.process_key] = facts
        overview = _overview(content, path)
        if overview is not None:
            _once(read.overview_paths, overview.key, path)
            read.overviews[overview.key] = overview


# A publication reads all files anew, of which one or two have changed: what was read of a file is kept by its content.
_form = lru_cache(KEPT_FILES)(parse_form)
_process_facts = lru_cache(KEPT_FILES)(engine.process_facts)
_overview = lru_cache(KEPT_FILES)(engine.collaboration_facts)


@lru_cache(KEPT_FILES)
def _decision_keys(content: bytes) -> tuple[str, ...]:
    return tuple(parse_dmn(content).decisions)


def _once(paths: dict[str, str], key: str, path: str) -> None:
    """Of two files with one key, one would silently be in force for everybody."""
    if key in paths:
        text = Text(
            f"{paths[key]} 也定义了“{key}”，请换一个编号。", f'{paths[key]} defines "{key}" too; use another id.'
        )
        raise DefinitionRefused([Problem(key, None, text)])
    paths[key] = path


def _in_file(path: str, problem: Problem) -> Problem:
    return problem if path in problem.where else replace(problem, where=f"{path} {problem.where}")


def _unknown(read: Catalogue, roles: Collection[str]) -> Iterator[Problem]:
    """What a diagram asks for that this installation does not have: nobody could do it."""
    for key, facts in read.processes.items():
        path = read.process_paths[key]
        for task in facts.user_tasks:
            for group in task.candidate_groups:
                if group not in roles:
                    known = ", ".join(sorted(roles))
                    text = Text(
                        f"没有角色“{group}”，可用：{known}。", f'There is no role "{group}"; known are {known}.'
                    )
                    yield _at(read, path, task.element_id, f'id="{task.element_id}"', text)
        for type_ in facts.operation_types:
            if type_ not in OPERATIONS:
                known = ", ".join(sorted(OPERATIONS))
                text = Text(
                    f"没有操作“{type_}”，可用：{known}。", f'There is no operation "{type_}"; known are {known}.'
                )
                yield _at(read, path, key, f'type="{type_}"', text)


def _bad_acts(read: Catalogue) -> Iterator[Problem]:
    """Acts of user tasks that do not exist, or whose form does not ask what they need."""
    for key, facts in read.processes.items():
        for task in facts.user_tasks:
            for text in _act_faults(task, read.forms.get(task.form_key)):
                yield _at(read, read.process_paths[key], task.element_id, f'id="{task.element_id}"', text)


def _act_faults(task: engine.TaskFacts, form: Form | None) -> Iterator[Text]:
    act, kind, way = (task.properties.get(name) for name in (ACT, PAYMENT_KIND, CONTRACTS))
    if act is not None and act not in ACTS:
        known = ", ".join(sorted(ACTS))
        yield Text(f"没有动作“{act}”，可用：{known}。", f'There is no act "{act}"; known are {known}.')
    elif act is not None and form is not None:
        missing = ", ".join(sorted(ACTS[act].fields - {part.path for part in form.fields}))
        if missing:
            yield Text(f"动作“{act}”的表单缺少字段：{missing}。", f'The form of the act "{act}" lacks: {missing}.')
    if kind is not None and kind not in PAYMENT_KINDS:
        known = ", ".join(sorted(PAYMENT_KINDS))
        yield Text(f"没有付款种类“{kind}”，可用：{known}。", f'There is no payment kind "{kind}"; known are {known}.')
    if way is not None and way not in WAYS:
        yield Text(f"属性 contracts 只能是 {'、'.join(WAYS)}。", f"The property contracts is one of {', '.join(WAYS)}.")


def _bad_products(read: Catalogue, published: Collection[str]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for key, form in read.forms.items():
        product, process = form.properties.get("product"), form.properties.get("process", "")
        if product is None:
            continue
        where = f"{read.form_paths[key]} {key}"
        if product in seen:
            text = Text(
                f"{seen[product]} 已经是产品“{product}”。", f'{seen[product]} is the product "{product}" already.'
            )
            yield Problem(where, None, text)
        seen[product] = read.form_paths[key]
        if process not in read.processes and process not in published:
            text = Text(f"产品的流程“{process}”不存在。", f'There is no process "{process}" for this product.')
            yield Problem(where, None, text)
        if not form.properties.get("order", "0").isdecimal():
            yield Problem(where, None, Text("属性 order 应为整数。", "The property order must be a whole number."))
    for key, facts in read.processes.items():
        if not facts.properties.get("stage", "0").isdecimal():
            where = f"{read.process_paths[key]} {key}"
            yield Problem(where, None, Text("属性 stage 应为整数。", "The property stage must be a whole number."))


def _at(read: Catalogue, path: str, element: str, sought: str, text: Text) -> Problem:
    before, found, _ = read.files[path].partition(sought.encode())
    return Problem(f"{path} {element}", before.count(b"\n") + 1 if found else None, text)
