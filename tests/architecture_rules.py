"""Rules of the code base that import-linter cannot say: each takes the folder of app/ and returns its violations."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 70
ENTRY_POINTS = ("web", "api", "cli", "jobs")
FORBIDDEN_CALLS = ("eval", "exec", "compile", "__import__")
FORBIDDEN_MODULES = ("pickle", "marshal", "shelve", "dill", "cloudpickle", "RestrictedPython")
ONLY_COMMIT_SITE = "app/storage/database.py"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

QUERY_WORDS = {
    f"sqlalchemy.{word}"
    for word in (
        *("select", "insert", "update", "delete", "union", "exists", "func", "and_", "or_", "case", "true"),
        *("Select", "ColumnElement", "Row", "orm.Session", "orm.defer", "exc.IntegrityError"),
    )
}

Rule = Callable[[Path], list[str]]


def _sources(root: Path) -> Iterator[tuple[str, str, ast.Module]]:
    for path in sorted((root / "app").rglob("*.py")):
        yield path.relative_to(root).as_posix(), *_parsed(path, path.stat().st_mtime_ns)


@cache
def _parsed(path: Path, _changed_at: int) -> tuple[str, ast.Module]:
    text = path.read_text("utf-8")
    return text, ast.parse(text, str(path))


@cache
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Walked once for all rules."""
    return tuple(ast.walk(tree))


def _package(name: str) -> str:
    return name.split("/")[1].removesuffix(".py")


def no_dynamic_code(root: Path) -> list[str]:
    """No eval, exec, compile or pickled objects: nothing that a file or a queue holds becomes code."""
    found = []
    for name, _, tree in _sources(root):
        for node in _nodes(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
                found.append(f"{name}:{node.lineno} calls {node.func.id}")
            found += [
                f"{name}:{node.lineno} imports {module}"  # type: ignore[attr-defined]
                for module in _imported(node)
                if module.split(".")[0] in FORBIDDEN_MODULES
            ]
    return found


def one_commit_site(root: Path) -> list[str]:
    """Only storage/database.py ends a transaction."""
    return [
        f"{name}:{node.lineno} commits"
        for name, _, tree in _sources(root)
        if name != ONLY_COMMIT_SITE
        for node in _nodes(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]


def no_broad_except_inside(root: Path) -> list[str]:
    """Only an entry point may catch everything, where it becomes a page or an incident."""
    return [
        f"{name}:{node.lineno} catches everything"
        for name, _, tree in _sources(root)
        if _package(name) not in ENTRY_POINTS
        for node in _nodes(tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type)
    ]


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(one) for one in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException"))


def small_files(root: Path) -> list[str]:
    """No file is longer than 300 lines."""
    return [
        f"{name} has {len(text.splitlines())} lines"
        for name, text, _ in _sources(root)
        if len(text.splitlines()) > MAX_FILE_LINES
    ]


def small_functions(root: Path) -> list[str]:
    """No function is longer than 70 lines."""
    return [
        f"{name}:{node.lineno} {node.name} has {length} lines"
        for name, _, tree in _sources(root)
        for node in _nodes(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    ]


def every_module_says_what_it_is_for(root: Path) -> list[str]:
    """Each module that holds anything opens with a docstring."""
    return [
        f"{name} has no docstring"
        for name, text, tree in _sources(root)
        if text.strip() and not ast.get_docstring(tree)
    ]


def sqlalchemy_in_storage_only(root: Path) -> list[str]:
    """SQLAlchemy is storage's; a use case may build a query on its tables, but no table, connection or raw SQL."""
    return [
        f"{name}:{node.lineno} imports {module}"  # type: ignore[attr-defined]
        for name, _, tree in _sources(root)
        if _package(name) != "storage"
        for node in _nodes(tree)
        for module in _imported(node)
        if module.split(".")[0] == "sqlalchemy" and not (_package(name) == "use_cases" and module in QUERY_WORDS)
    ]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def no_name_of_a_diagram_in_python(root: Path) -> list[str]:
    """No process key, element id or lane name of processes/*.bpmn stands in the code: a diagram changes without it.

    Made-up words (with "_") may stand nowhere in a file; for dictionary words ("review", a lane's name) a text of the
    code that is just this word counts, because only that could be compared with a diagram's.
    """
    names = {name for path in sorted((root / "processes").glob("*.bpmn")) for name in diagram_names(path)}
    made_up = "|".join(re.escape(name) for name in names if "_" in name)
    words = {name for name in names if "_" not in name}
    pattern = re.compile(rf"(?<!\w)(?:{made_up})(?!\w)" if made_up else r"(?!)")
    found = []
    for name, text, tree in _sources(root):
        for number, line in enumerate(text.splitlines(), 1):
            found += [f"{name}:{number} names {word.group()}" for word in pattern.finditer(line)]
        found += [
            f"{name}:{node.lineno} names {node.value}"
            for node in _nodes(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in words
        ]
    return found


def diagram_names(path: Path) -> set[str]:
    """Ids of processes, flow nodes and lanes and names of lanes, without the words that Python may know."""
    tree = ElementTree.parse(path).getroot()
    keys = {process.get("id", "") for process in tree.iter(f"{BPMN}process")}
    names: set[str] = set()
    for process in tree.iter(f"{BPMN}process"):
        for element in process.iter():
            if not element.tag.startswith(BPMN):
                continue
            kind = element.tag.removeprefix(BPMN)
            if kind == "lane":
                names |= {element.get("id", ""), element.get("name", "")}
            elif kind.endswith(("Event", "Task", "task", "Gateway", "subProcess", "callActivity", "transaction")):
                names.add(element.get("id", ""))
    return (keys | names - _known_words(tree)) - {""}


def _known_words(tree: ElementTree.Element) -> set[str]:
    zeebe = "{http://camunda.org/schema/zeebe/1.0}"
    words = {message.get("name", "") for message in tree.iter(f"{BPMN}message")}
    words |= {definition.get("type", "") for definition in tree.iter(f"{zeebe}taskDefinition")}
    for assignment in tree.iter(f"{zeebe}assignmentDefinition"):
        words |= set(re.split(r"[,\s]+", assignment.get("candidateGroups", "")))
    words |= {one.get("value", "") for one in tree.iter(f"{zeebe}property") if one.get("name") in ("milestone", "duty")}
    return words


RULES: tuple[Rule, ...] = (
    no_dynamic_code,
    one_commit_site,
    no_broad_except_inside,
    small_files,
    small_functions,
    every_module_says_what_it_is_for,
    sqlalchemy_in_storage_only,
    no_name_of_a_diagram_in_python,
)
