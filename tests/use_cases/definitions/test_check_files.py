"""Files are checked apart: hostile ones get a clear answer in time, real ones of others never a crash."""

from __future__ import annotations

import pytest

from app.use_cases.definitions import check_apart as apart
from app.use_cases.definitions.check_apart import check_apart, check_each
from app.use_cases.definitions.check_file import check_file
from app.use_cases.definitions.mends import MENDS, mend_of
from app.use_cases.definitions.verdicts import checked_as_json, checked_of
from tests.engine.diagrams import bpmn
from tests.engine.test_refusals import REFUSED
from tests.machine import within
from tests.use_cases.definitions.hostile import HOSTILE, OTHERS
from tests.use_cases.definitions.uploads import INTAKE, PROJECT, shipped

CASES = PROJECT / "../shared/cases"
REAL = sorted(CASES.glob("camunda8/**/*.bpmn"))[::3] + sorted(CASES.glob("bpmn-miwg/**/*.bpmn"))[::25]
REAL += sorted(CASES.glob("camunda8/**/*.dmn"))[:5] + sorted(CASES.glob("camunda8/**/*.form"))[:5]
ALL_HOSTILE = HOSTILE | OTHERS


@pytest.mark.parametrize("what", ALL_HOSTILE)
def test_a_hostile_file_is_refused_with_words_that_say_why(what: str) -> None:
    name, content, said = ALL_HOSTILE[what]

    with within(6):
        (checked,) = check_apart({name: content})

    assert checked.refused and any(said in problem.text.en for problem in checked.problems)
    for problem in checked.problems:
        assert problem.text.zh != problem.text.en and problem.mend is not None
        assert not any(word in problem.text.en for word in ("Error", "Traceback", "lxml", "app/", "root:"))


def test_a_problem_names_its_element_and_line() -> None:
    name, content, _ = HOSTILE["900 tasks"]

    problem = check_file(name, content).problems[0]

    assert problem.element == "t450"
    assert b'id="t450"' in content.splitlines()[(problem.line or 0) - 1]


def test_a_file_that_takes_too_long_is_refused_and_the_others_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"slow.bpmn": shipped(INTAKE), "good.bpmn": shipped(INTAKE)}
    monkeypatch.setattr(apart, "SECONDS_IN_ALL", 0.01)

    slow, good = check_apart(given)

    assert slow.refused and "time or memory" in slow.problems[0].text.en
    assert good.refused and "not checked" in good.problems[0].text.en


@pytest.fixture
def deadly_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that stands in for the real one: it dies at `deadly` and wants memory at `greedy`."""
    monkeypatch.setattr(apart, "CHILD", "tests.use_cases.definitions.deadly_child")


@pytest.mark.usefixtures("deadly_child")
def test_a_child_that_dies_at_a_file_goes_on_with_the_next() -> None:
    first, deadly, last = check_apart({"a.bpmn": b"<a/>", "deadly.bpmn": b"<a/>", "b.bpmn": b"<a/>"})

    assert "time or memory" in deadly.problems[0].text.en
    assert "BPMN 2.0" in first.problems[0].text.en and "BPMN 2.0" in last.problems[0].text.en


@pytest.mark.usefixtures("deadly_child")
def test_a_file_that_needs_too_much_memory_is_refused_by_the_limit() -> None:
    greedy, after = check_apart({"greedy.bpmn": b"<a/>", "b.bpmn": b"<a/>"})

    assert "more memory" in greedy.problems[0].text.en and "BPMN 2.0" in after.problems[0].text.en


def test_what_the_child_tells_comes_back_whole() -> None:
    checked = check_file("loan_intake.bpmn", shipped(INTAKE).replace(b'name="ApplicationWithdrawn"', b""))

    assert checked.problems and checked_of(checked_as_json(checked)) == checked


def test_every_shipped_file_is_fine() -> None:
    files = [
        (path.name, path.read_bytes())
        for folder, ending in (("processes", "bpmn"), ("forms", "form"), ("rules", "dmn"))
        for path in sorted((PROJECT / folder).glob(f"*.{ending}"))
    ]

    checked = check_apart(dict(files[:30])) + check_apart(dict(files[30:]))

    faults = [problem for one in checked for problem in one.problems if problem.severity != "note"]
    assert len(checked) == len(files) and faults == []
    assert all(one.keys and one.name.zh for one in checked)


def test_only_the_process_with_the_fault_is_refused() -> None:
    good, bad = (
        f'<bpmn:process id="{key}" isExecutable="true">'
        f'<bpmn:startEvent id="s_{key}"/>{task}<bpmn:endEvent id="e_{key}"/>'
        f'<bpmn:sequenceFlow id="f_{key}" sourceRef="s_{key}" targetRef="e_{key}"/></bpmn:process>'
        for key, task in (("good", ""), ("bad", '<bpmn:userTask id="alone"/>'))
    )

    checked = check_file("two.bpmn", bpmn(good + bad))

    assert [(one.id, one.verdict) for one in checked.processes] == [("good", "ok"), ("bad", "refused")]


@pytest.mark.skipif(not REAL, reason="the real files of ../shared/cases are not here")
def test_real_files_of_others_are_answered_in_words() -> None:
    for path, checked in zip(REAL, check_each([(path.name, path.read_bytes()) for path in REAL]), strict=True):
        assert checked.file == path.name
        assert not any("time or memory" in problem.text.en for problem in checked.problems), path
        assert all(problem.text.zh and problem.text.en for problem in checked.problems)


@pytest.mark.parametrize("what", REFUSED)
def test_every_refusal_of_the_engine_says_what_mends_it(what: str) -> None:
    checked = check_file("a.bpmn", bpmn(REFUSED[what][0]))

    assert [one.text.en for one in checked.problems if one.severity == "error" and mend_of(one.text) is None] == []


def test_every_mend_belongs_to_one_row() -> None:
    patterns = [pattern.pattern for pattern, _ in MENDS]

    assert len(set(patterns)) == len(patterns) and all(mend.zh != mend.en for _, mend in MENDS)
