"""Every source down, slow, wrong, late or twice, workers killed: no case is lost, and no report is there twice."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.desk import Desk
from tests.sandbox_sources.storm import BY_HAND, PACE, Storm, storm_clock
from tests.soak import longer
from tests.sources import sandbox_sources

CASES = 5
SEEDS = longer([1], list(range(2, 101)))  # five hundred cases in all


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_no_case_is_lost_whatever_the_sources_do(desk: Desk, seed: int) -> None:
    with sandbox_sources(desk.app, PACE, storm_clock) as running:
        storm = Storm(desk, running, seed)
        storm.submit(CASES)
        storm.blow()

    lost = storm.lost()
    doubled = {run.number: twice for run in storm.runs if (twice := storm.doubled(run))}
    forms = Counter(task.form_key for run in storm.runs for task in desk.open_tasks(run.number))
    by_hand = Counter(form for run in storm.runs for form in run.by_hand)
    retried = sum(run.retried for run in storm.runs)
    print(f"seed {seed}: {CASES} cases at {dict(forms)}; by hand {dict(by_hand)}, incidents mended {retried}")
    print(f"  asked {storm.asked()}; workers killed {storm.killed}")
    assert (lost, doubled) == ([], {})
    assert set(by_hand) <= set(BY_HAND)
