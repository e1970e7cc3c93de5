"""Real Camunda 8 files of others: each is taken, or refused by the name of the element that the engine does not do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.engine import load_release, parse_release, process_facts
from app.errors import DefinitionRefused, Problem

CASES = Path(__file__).parents[2] / "../shared/cases/camunda8"
HOUSE_RULES = ("candidate groups", "candidate users")
FILES = sorted(CASES.rglob("*.bpmn"))

pytestmark = pytest.mark.skipif(not FILES, reason="the real diagrams of ../shared/cases/camunda8 are not here")


def files_with(path: Path) -> dict[str, bytes]:
    files = {"processes/real.bpmn": path.read_bytes()}
    for beside in path.parent.iterdir():
        if beside.suffix == ".dmn":
            files[f"rules/{beside.name}"] = beside.read_bytes()
        elif beside.suffix == ".form":
            files[f"forms/{json.loads(beside.read_bytes())['id']}.form"] = beside.read_bytes()
    return files


def refusals(path: Path) -> tuple[Problem, ...]:
    """The problems for which the file is refused; none where every process of it becomes a release."""
    files = files_with(path)
    try:
        for facts in process_facts(files["processes/real.bpmn"]):
            load_release(parse_release(facts.process_key, files), files)
    except DefinitionRefused as refused:
        return refused.problems
    return ()


def test_real_diagrams_are_taken_or_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    found = {path.name: refusals(path) for path in FILES}
    taken = [name for name, problems in found.items() if not problems]
    by_house_rule = [
        name
        for name, problems in found.items()
        if problems and all(any(rule in problem.text.en.lower() for rule in HOUSE_RULES) for problem in problems)
    ]
    with capsys.disabled():
        print(
            f"\nreal Camunda 8 diagrams: {len(taken)} of {len(FILES)} taken, {len(by_house_rule)} more but for groups"
        )
    for problems in found.values():
        assert all(problem.where and problem.line and problem.text.zh for problem in problems)
    assert len(taken) + len(by_house_rule) >= 0.8 * len(FILES)
