"""What grows is refused before it fills the memory: texts, lists, JSON and results that hold one thing many times."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

GROWING = (
    "a list doubled by appending",
    "a text doubled",
    "lists of lists of lists",
    "lists of lists flattened",
    "lists of lists as JSON",
    "texts joined",
    "texts as JSON",
    "texts as a result",
    "numbers of 6,000 digits written",
    "numbers of 6,000 digits as JSON",
    "JSON read again and again",
    "a replacement that grows",
    "a split into a million pieces",
)
MOST_MEGABYTES = 250  # of a whole process with the library, the largest inputs and one attempt after the other
SCRIPT = """
import resource, sys
from tests.feel.test_attempts import BOMBS, outcomes
for name in sys.argv[1:]:
    outcomes(BOMBS[name])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024))
"""


def test_what_grows_is_refused_before_it_fills_the_memory() -> None:
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, *GROWING],
        **{"cwd": Path(__file__).parents[2], "capture_output": True, "text": True, "timeout": 120, "check": True},
    )
    assert int(run.stdout) < MOST_MEGABYTES
