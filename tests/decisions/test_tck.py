"""The OMG's compatibility kit (DMN TCK): the rate that we pass may only rise."""

from __future__ import annotations

import pytest

from app.errors import DefinitionRefused
from app.feel import FeelError
from tests.decisions.tck import FOLDER, model_of, passes, read_model

# (folder, result nodes that must pass, of which with an expected value other than null)
RATCHET = [("compliance-level-2", 68, 62), ("compliance-level-3", 1404, 899)]


@pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the compatibility kit is not beside the repository (shared/cases/dmn-tck)"
)
@pytest.mark.parametrize(("level", "least", "least_with_value"), RATCHET)
def test_the_compatibility_kit_passes_at_least_as_often_as_before(
    level: str, least: int, least_with_value: int
) -> None:
    counts = {True: [0, 0], False: [0, 0]}  # expects a value: [passed, all]
    failed = []
    for folder in sorted(each for each in (FOLDER / level).iterdir() if each.is_dir()):
        for path, nodes in model_of(folder):
            try:
                model = read_model(path)
            except DefinitionRefused as refused:
                model = None
                failed.append(f"{path.name} refused: {refused.problems[0].text.en}")
            for node in nodes:
                try:
                    passed = model is not None and passes(model, node)
                except FeelError as error:
                    passed = False
                    failed.append(f"{node.where}: {error}")
                counts[node.expected is not None][0] += passed
                counts[node.expected is not None][1] += 1
                if not passed:
                    failed.append(node.where)
    (values, all_values), (nulls, all_nulls) = counts[True], counts[False]
    print(
        f"\nDMN TCK {level}: {values + nulls} of {all_values + all_nulls} nodes, {values} of {all_values} with a value"
    )
    print("\n".join(failed))
    assert (values + nulls, values) >= (least, least_with_value)
