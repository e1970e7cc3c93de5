"""The OMG's compatibility kit (DMN TCK), run as `flask rules test` runs it: the rate that we pass may only rise."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.use_cases.definitions.run_tests import run_tests

FOLDER = Path(__file__).parents[2] / "../shared/cases/dmn-tck"
# (folder, result nodes that must pass, of which with an expected value other than null)
RATCHET = [("compliance-level-2", 68, 62), ("compliance-level-3", 1436, 933)]


@pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the compatibility kit is not beside the repository (shared/cases/dmn-tck)"
)
@pytest.mark.parametrize(("level", "least", "least_with_value"), RATCHET)
def test_the_compatibility_kit_passes_at_least_as_often_as_before(
    level: str, least: int, least_with_value: int
) -> None:
    runs = list(run_tests(FOLDER / level))
    total, passed = sum(one.total for one in runs), sum(one.passed for one in runs)
    values, all_values = (sum(counts) for counts in zip(*(one.with_value for one in runs), strict=True))
    print(f"\nDMN TCK {level}: {passed} of {total} nodes, {values} of {all_values} with a value")
    for run in runs:
        for one in run.failures:
            print(f"{run.model} {one.case} {one.node}: expected {one.expected}, got {one.got} {one.reason or ''}")
    assert (passed, values) >= (least, least_with_value)
