"""The literal expressions of the DMN Technology Compatibility Kit, as a ratchet: the pass rate may only rise."""

from __future__ import annotations

import pytest

from tests.feel import tck

PASSED_AT_LEAST = {2: 32, 3: 1219}


@pytest.mark.skipif(not tck.FOLDER.is_dir(), reason="the DMN TCK cases are not beside the repository")
@pytest.mark.parametrize("level", [2, 3])
def test_the_rate_of_literal_expressions_does_not_fall(level: int) -> None:
    results = [tck.passes(case) for case in tck.cases(level)]

    print(f"DMN TCK level {level}: {sum(results)} of {len(results)} literal expressions")
    assert sum(results) >= PASSED_AT_LEAST[level]
