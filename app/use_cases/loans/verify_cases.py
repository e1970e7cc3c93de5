"""Checks the loan arithmetic against worked cases: files that state inputs and what must come out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from app.use_cases.loans.compute_case import KINDS, compute_case


@dataclass(frozen=True)
class CaseResult:
    """One case: `passed` is None where its kind is left to the lending issue; `detail` says what differs, or why."""

    case_id: str
    kind: str
    passed: bool | None
    detail: str = ""


def verify_cases(paths: Iterable[Path]) -> tuple[CaseResult, ...]:
    """The result of each file, in their order; one that cannot be read or computed is a failed case, not an error."""
    return tuple(_verify(path) for path in paths)


def _verify(path: Path) -> CaseResult:
    try:
        case = json.loads(path.read_text("utf-8"))
        name, kind = str(case["id"]), str(case["kind"])
        expected, inputs = case["expected"], case["inputs"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return CaseResult(path.stem, "?", False, f"expected a case, got {type(error).__name__}: {error}")
    if kind not in KINDS:
        return CaseResult(name, kind, None, f"the kind {kind} is not computed yet")
    try:
        got = compute_case(kind, inputs)
        found = differences(expected, got, Decimal(case.get("tolerance") or "0"))
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return CaseResult(name, kind, False, f"expected a result, got {type(error).__name__}: {error}")
    return CaseResult(name, kind, not found, "; ".join(found))


def differences(expected: Any, got: Any, tolerance: Decimal, where: str = "") -> list[str]:
    """What is asserted and does not hold, as "where expected A got B"; null and what is not named is not asserted."""
    if expected is None:
        return []
    if isinstance(expected, Mapping):
        return _of_mapping(expected, got, tolerance, where)
    if isinstance(expected, list) and isinstance(got, Sequence):
        return _of_list(expected, got, tolerance, where)
    return [] if _equal(expected, got, tolerance) else [f"{where or 'result'} expected {expected} got {_shown(got)}"]


def _of_mapping(expected: Mapping[str, Any], got: Any, tolerance: Decimal, where: str) -> list[str]:
    found: list[str] = []
    partial = bool(expected.get("partial_rows"))
    for key, value in expected.items():
        place = f"{where}.{key}".strip(".")
        if key == "partial_rows":
            continue
        if not isinstance(got, Mapping) or key not in got:
            found.append(f"{place} expected {value} got nothing")
        elif key == "rows" and isinstance(value, list):
            rows = got.get("named_rows", got["rows"]) if value and isinstance(value[0], Mapping) else got["rows"]
            found += _of_rows(value, rows, tolerance, place, partial)
        else:
            found += differences(value, got[key], tolerance, place)
    return found


def _of_rows(expected: list[Any], got: Sequence[Any], tolerance: Decimal, where: str, partial: bool) -> list[str]:
    """Rows with a number are found by it and the last one asserted is the last there is; others stand in order."""
    if not expected or not isinstance(expected[0], Mapping) or "n" not in expected[0]:
        return _of_list(expected, got, tolerance, where, partial)
    by_number = {row["n"]: row for row in got}
    found = (
        []
        if partial or expected[-1]["n"] == got[-1]["n"]
        else [f"{where} expected to end at {expected[-1]['n']} got {got[-1]['n']}"]
    )
    for row in expected:
        place = f"{where}[{row['n']}]"
        found += differences(row, by_number.get(row["n"], {}), tolerance, place)
    return found


def _of_list(
    expected: list[Any], got: Sequence[Any], tolerance: Decimal, where: str, partial: bool = False
) -> list[str]:
    if expected and isinstance(expected[0], Mapping) and "n" in expected[0]:
        return _of_rows(expected, got, tolerance, where, partial=True)
    if len(expected) != len(got) and not partial:
        return [f"{where} expected {len(expected)} entries got {len(got)}"]
    found: list[str] = []
    for number, (left, right) in enumerate(zip(expected, got, strict=False), start=1):
        found += differences(left, right, tolerance, f"{where}[{number}]")
    return found


def _equal(expected: Any, got: Any, tolerance: Decimal) -> bool:
    if isinstance(got, date):
        return bool(expected == got.isoformat())
    try:
        return abs(Decimal(str(expected)) - Decimal(str(got))) <= tolerance
    except InvalidOperation:
        return bool(expected == got)


def _shown(got: Any) -> str:
    return got.isoformat() if isinstance(got, date) else str(got)
