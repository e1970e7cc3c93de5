"""Tests of capabilities carry the number of their row and its acceptance sentence."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.capabilities.__main__ import NAME, ROWS, Seen

HERE = Path(__file__).parent


def report(name: str, outcome: str, when: str = "call") -> pytest.TestReport:
    return pytest.TestReport(f"tests/capabilities/test_a.py::{name}", ("", 0, ""), {}, outcome, None, when)  # type: ignore[arg-type]


def test_every_row_test_has_a_row_and_says_what_is_accepted() -> None:
    for file in sorted(HERE.glob("test_*_rows.py")):
        functions = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)]
        for function in [one for one in functions if one.name.startswith("test_")]:
            found = NAME.fullmatch(function.name)
            assert found and 1 <= int(found[1]) <= ROWS, function.name
            assert ast.get_docstring(function), function.name


def test_a_row_is_passed_only_if_all_its_tests_passed() -> None:
    seen = Seen()
    for name, outcome in (
        ("test_row_001_a", "passed"),
        ("test_row_002_a", "passed"),
        ("test_row_002_b[sqlite]", "failed"),
        ("test_row_002_c", "skipped"),
    ):
        seen.pytest_runtest_logreport(report(name, outcome))
    seen.pytest_runtest_logreport(report("test_row_003_a", "passed", "setup"))

    assert seen.line(1) == "row 001 passed test_row_001_a"
    assert seen.line(2) == "row 002 failed test_row_002_b"
    assert seen.line(3) == "row 003 no test"
