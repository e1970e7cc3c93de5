"""Stands in for the checking child: at `deadly` it is gone at once, at `greedy` it asks for too much memory."""

from __future__ import annotations

import os
import signal

from app.use_cases.definitions import checking_child
from app.use_cases.definitions.check_file import check_file
from app.use_cases.definitions.verdicts import CheckedFile


def check(file: str, content: bytes) -> CheckedFile:
    if file.startswith("deadly"):
        os.kill(os.getpid(), signal.SIGKILL)
    if file.startswith("greedy"):
        bytes(2 * checking_child.MEMORY_BYTES)
    return check_file(file, content)


if __name__ == "__main__":
    checking_child.check_file = check  # type: ignore[attr-defined]
    checking_child.main()
