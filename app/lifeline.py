"""The parent-death pipe: a child of the supervisor ends when the supervisor is gone, however it went."""

from __future__ import annotations

import os
import signal
import threading
import time

VARIABLE = "LOAN_LIFELINE"
GRACE_SECONDS = 1.5


def hold() -> None:
    """Watches the pipe that the supervisor named in the environment; does nothing in a process that it did not start.

    A thread does not survive a fork: a forked job calls this again.
    """
    descriptor = os.environ.get(VARIABLE)
    if descriptor is not None:
        threading.Thread(target=_wait_for_end, args=(int(descriptor),), name="lifeline", daemon=True).start()


def _wait_for_end(descriptor: int) -> None:
    os.read(descriptor, 1)  # nobody writes: it returns when the last writing end, the supervisor's, is closed
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
