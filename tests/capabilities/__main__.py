"""`make capabilities`: runs the tests of the capabilities asked for and prints a line for each of their rows."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROWS = 186  # as many as the list of capabilities has; a row is shown to be there by tests that carry its number
NAME = re.compile(r"test_row_(\d{3})_\w+")
FOLDER = Path(__file__).parent


class Seen:
    """What became of each row's tests, heard from pytest."""

    def __init__(self) -> None:
        self.passed: dict[int, set[str]] = {}
        self.other: dict[int, dict[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = NAME.search(report.nodeid)
        if found is None:
            return
        row, name = int(found[1]), found[0]
        if report.outcome != "passed":
            self.other.setdefault(row, {})[name] = report.outcome
        elif report.when == "call":
            self.passed.setdefault(row, set()).add(name)

    def line(self, row: int) -> str:
        """What stands about the row: its worst outcome, and the tests that say so."""
        if row in self.other:
            outcome, name = min((outcome, name) for name, outcome in self.other[row].items())  # failed before skipped
            return f"row {row:03d} {outcome} {name}"
        names = " ".join(sorted(self.passed.get(row, ())))
        return f"row {row:03d} passed {names}" if names else f"row {row:03d} no test"


def main() -> int:
    """Prints a line a row and last how many passed; 1 where a test failed."""
    seen = Seen()
    # what pytest says of its own goes to the other stream: this one holds the rows only
    sys.stdout, out = sys.stderr, sys.stdout
    pytest.main([str(FOLDER), "-q", "-n", "2", "--dist", "worksteal"], plugins=[seen])
    sys.stdout = out
    for row in range(1, ROWS + 1):
        print(seen.line(row))
    print(f"{len(set(seen.passed) - set(seen.other))} of {ROWS}")
    return 1 if any("failed" in outcomes.values() for outcomes in seen.other.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
