"""Runs every test case below a folder against the DMN files beside them, for a command and the compatibility kit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.decisions import DecisionModel, ExampleFile, Outcome, check_examples, is_test_file, namespace_of, parse_dmn
from app.errors import DefinitionRefused, Problem
from app.gateways import clock
from app.moment import Moment
from app.plain import Plain
from app.texts import Text
from app.use_cases.definitions.example_files import is_example_file, read_example_file, table_of
from app.use_cases.definitions.run_examples import OpenRule, coverage, run_files

NO_MODEL = Text("没有这个规则文件", "there is no such rule file")


@dataclass(frozen=True)
class Failure:
    """A node that did not give what was expected, with plain values, and the reason where it gave none.

    Of a test file that cannot be read there is a reason only.
    """

    case: str
    name: Text
    node: str
    expected: Plain
    got: Plain
    reason: Text | None


@dataclass(frozen=True)
class ModelRun:
    """What the test cases of one DMN file gave.

    `group` is the folder that holds its folder, or its own where there is none above; `problems` are test files that
    cannot be read, each a failure without a node. Where the DMN file itself is refused, each of its nodes has failed
    for that reason.
    """

    model: str
    group: str
    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...] = ()
    rules: int = 0
    uncovered: tuple[OpenRule, ...] = ()

    @property
    def total(self) -> int:
        return len(self.outcomes) + len(self.problems)

    @property
    def passed(self) -> int:
        return sum(one.passed for one in self.outcomes)

    @property
    def with_value(self) -> tuple[int, int]:
        """Of the nodes that expect a value other than null: how many passed, and how many there are."""
        valued = [one.passed for one in self.outcomes if one.expected.value is not None]
        return sum(valued), len(valued)

    @property
    def failures(self) -> tuple[Failure, ...]:
        failed = [one for one in self.outcomes if not one.passed]
        return (
            *(
                Failure(one.example.key, one.example.name, one.expected.node, one.expected.value, one.got, one.fault)
                for one in failed
            ),
            *(Failure("", Text(""), "", None, None, _located(one)) for one in self.problems),
        )


def _located(problem: Problem) -> Text:
    """What is wrong with a test file, and where in it."""
    zh, en = (f"第 {problem.line} 行", f"line {problem.line}") if problem.line else ("", "")
    return Text(f"{problem.where} {zh} {problem.text.zh}", f"{problem.where} {en} {problem.text.of('en')}")


@dataclass
class _Found:
    """The test files of one model."""

    files: list[tuple[Path, ExampleFile]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def beside(self) -> bool:
        """Whether these are the examples of a table that is published, and no cases of the kit."""
        return any(is_example_file(path.name) for path, _ in self.files)


def run_tests(path: Path) -> Iterator[ModelRun]:
    """The results of a file of test cases, of a table's examples, or of everything below a folder, model by model.

    In cases of the kit what is at fault in a model is null, as the kit expects; a table with examples beside it must
    be free of faults.
    """
    moment = Moment.at(clock.unmoved_now())
    top = path if path.is_dir() else path.parent
    for model, found in sorted(_by_model(path).items()):
        group = model.parent.parent if model.parent != top else top
        yield _run(model, group.resolve().name, found, moment)


def _by_model(path: Path) -> dict[Path, _Found]:
    found: dict[Path, _Found] = defaultdict(_Found)
    for file in _test_files(path):
        try:
            read = read_example_file(file.name, file.read_bytes())
        except DefinitionRefused as refused:
            problems = [Problem(file.name, one.line, one.text) for one in refused.problems]
            found[file.parent / table_of(file.name)].problems += problems
        else:
            name = table_of(file.name) if is_example_file(file.name) else Path(read.model).name
            found[file.parent / name].files.append((file, read))
    return found


def _test_files(path: Path) -> Iterator[Path]:
    if path.suffix == ".dmn":
        yield from sorted(each for each in path.parent.iterdir() if table_of(each.name) == path.name and each != path)
    elif path.is_file():
        yield path
    else:
        for file in sorted(path.rglob("*")):
            is_case = file.suffix == ".xml" and file.is_file() and is_test_file(file.read_bytes())
            if is_case or is_example_file(file.name):
                yield file


def _run(path: Path, group: str, found: _Found, moment: Moment) -> ModelRun:
    try:
        model = _read(path, faulty_is_null=not found.beside)
    except DefinitionRefused as refused:
        return ModelRun(path.name, group, tuple(_all_failed(found, refused.problems[0].text)), tuple(found.problems))
    problems, files = list(found.problems), []
    for file, read in found.files:
        faults = check_examples(model, read) if file.suffix == ".json" else []
        problems += faults
        if not faults:
            files.append((read, file.suffix == ".xml"))
    outcomes = tuple(run_files(model, files, moment))
    if not found.beside:
        return ModelRun(path.name, group, outcomes, tuple(problems))
    rules, uncovered = coverage(model, (trace for one in outcomes for trace in one.traces))
    return ModelRun(path.name, group, outcomes, tuple(problems), rules, uncovered)


def _read(path: Path, *, faulty_is_null: bool) -> DecisionModel:
    if not path.is_file():
        raise DefinitionRefused([Problem(path.name, None, NO_MODEL)])
    return parse_dmn(path.read_bytes(), faulty_is_null=faulty_is_null, beside=lambda one: _beside(path.parent, one))


def _beside(folder: Path, namespace: str) -> bytes | None:
    """The DMN file of that namespace in the folder, which another one imports."""
    contents = (file.read_bytes() for file in sorted(folder.glob("*.dmn")))
    return next((each for each in contents if namespace_of(each) == namespace), None)


def _all_failed(found: _Found, why: Text) -> Iterator[Outcome]:
    for _, read in found.files:
        for example in read.examples:
            for expected in example.expected:
                yield Outcome(example, expected, None, passed=False, fault=why)
