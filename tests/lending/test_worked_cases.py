"""The worked cases of two public systems: every one of them holds, and the check can see one that does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli.loans import loan
from app.use_cases.loans.compute_case import KINDS
from app.use_cases.loans.verify_cases import verify_cases

CASES = Path(__file__).parents[2] / "../shared/cases/loans"
FILES = sorted(CASES.glob("*.json"))
# may only fall
LEFT_TO_LATER = 0
# a loan of one month at 12 % and an allocation, each right
RIGHT: list[dict[str, Any]] = [
    {
        "id": "one-month",
        "kind": "schedule",
        "inputs": {"start_date": "2026-01-01", "principal": "1000", "annual_rate_pct": "12", "installments": 1},
        "expected": {
            "rows": [{"n": 1, "due_date": "2026-02-01", "principal": "1000", "interest": "10", "balance": None}],
            "totals": {"interest": "10.00"},
        },
        "tolerance": "0",
    },
    {
        "id": "half-paid",
        "kind": "allocation",
        "inputs": {
            "strategy": {"order_due": ["interest", "principal"]},
            "instalments": [{"n": 1, "due_date": "2026-02-01", "items": [{"type": "principal", "amount": "100"}]}],
            "payments": [{"date": "2026-02-03", "amount": "60"}],
        },
        "expected": {"payments": [{"principal": "60"}], "instalments": [{"n": 1, "late": "60", "outstanding": "40"}]},
        "tolerance": "0",
    },
]

needs_cases = pytest.mark.skipif(not FILES, reason="the worked cases (../shared/cases/loans) are not here")


def verified(folder: Path, *cases: dict[str, Any] | str) -> Result:
    files = []
    for number, case in enumerate(cases):
        files.append(folder / f"{number}.json")
        files[-1].write_text(case if isinstance(case, str) else json.dumps(case), "utf-8")
    return CliRunner().invoke(loan.commands["verify"], [str(file) for file in files])


def changed(change: Callable[[dict[str, Any]], None], at: int = 0) -> dict[str, Any]:
    case: dict[str, Any] = json.loads(json.dumps(RIGHT[at]))
    change(case)
    return case


@needs_cases
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_worked_case_holds(path: Path) -> None:
    (result,) = verify_cases([path])

    assert result.passed is not False, result.detail


@needs_cases
def test_no_kind_is_left_out_that_was_computed_before() -> None:
    left = [result.case_id for result in verify_cases(FILES) if result.passed is None]

    assert len(left) <= LEFT_TO_LATER, left


def test_right_cases_pass_and_the_last_line_counts_them(tmp_path: Path) -> None:
    said = verified(tmp_path, *RIGHT)

    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "one-month schedule passed",
        "half-paid allocation passed",
        "2 of 2 passed",
    ]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (changed(lambda case: case["expected"]["rows"][0].update(interest="10.01")), "expected 10.01 got 10.00"),
        (changed(lambda case: case["expected"]["rows"][0].update(due_date="2026-02-02")), "got 2026-02-01"),
        (changed(lambda case: case["expected"]["rows"][0].update(n=2)), "expected to end at 2 got 1"),
        (changed(lambda case: case["expected"]["totals"].update(fees="1")), "totals.fees expected 1 got nothing"),
        (changed(lambda case: case["inputs"].update(day_count="ACT/ACT")), "unknown day count"),
        (changed(lambda case: case["inputs"].pop("principal")), "KeyError"),
        (changed(lambda case: case["expected"]["payments"].append({}), at=1), "expected 2 entries got 1"),
        (changed(lambda case: case["expected"]["instalments"][0].update(late="0"), at=1), "late expected 0 got 60"),
        ("[]", "expected a case"),
        ("{", "expected a case"),
    ],
)
def test_a_wrong_case_fails_and_says_what_differs(tmp_path: Path, case: dict[str, Any] | str, message: str) -> None:
    said = verified(tmp_path, case)

    assert said.exit_code == 1
    assert "FAILED" in said.output and message in said.output
    assert said.output.splitlines()[-1] == "0 of 1 passed"


def test_a_difference_within_the_tolerance_passes(tmp_path: Path) -> None:
    case = changed(lambda case: case.update(tolerance="0.01"))
    case["expected"]["rows"][0]["interest"] = "10.01"

    assert verified(tmp_path, case).exit_code == 0


def test_a_kind_that_is_not_computed_is_left_and_does_not_fail(tmp_path: Path) -> None:
    said = verified(tmp_path, changed(lambda case: case.update(kind="syndication")))

    assert said.exit_code == 0
    assert said.output.startswith("one-month syndication left to the lending issue: ")


def test_every_kind_of_the_collection_is_computed() -> None:
    assert set(KINDS) == {
        *("schedule", "allocation", "allocation_simple", "payoff", "prepayment", "late_interest"),
        *("schedule_change", "accrual", "penalty"),
    }
