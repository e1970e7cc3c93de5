"""What grows is refused before it fills the memory: texts, lists, JSON and results that hold one thing many times."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
import sys
from pathlib import Path
from tests.feel.test_attempts import BOMBS, outcomes
for name in sys.argv[1:]:
    outcomes(BOMBS[name])
# not getrusage: its peak is inherited over exec from the process of all tests
told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(int(told["VmHWM"].split()[0]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell a process's peak memory")
def test_what_grows_is_refused_before_it_fills_the_memory() -> None:
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, *GROWING],
        **{"cwd": Path(__file__).parents[2], "capture_output": True, "text": True, "timeout": 120, "check": True},
    )
    assert int(run.stdout) < MOST_MEGABYTES
