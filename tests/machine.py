"""Times that say something about the product, not about how busy the machine is that runs the tests."""

from __future__ import annotations

import gc
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

QUIET_LOOP_SECONDS = 0.06  # what slowness() measures takes this long on two quiet cores
TICK_SECONDS = 0.01
STALL_SECONDS = 0.05  # a tick that comes later than this found no free core


@contextmanager
def counted() -> Iterator[list[float]]:
    """The CPU seconds of what happens within and of the child processes that end meanwhile, filled in at the end.

    What other tests left in memory is not searched for garbage meanwhile.
    """
    seconds: list[float] = []
    gc.freeze()
    started = _cpu_seconds()
    try:
        yield seconds
    finally:
        seconds.append(_cpu_seconds() - started)
        gc.unfreeze()


@contextmanager
def within(most_seconds: float) -> Iterator[None]:
    """Fails where what happens inside takes more CPU than `most_seconds` of two quiet cores."""
    with counted() as seconds:
        yield
    assert seconds[0] < most_seconds or seconds[0] < most_seconds * slowness(), f"{seconds[0]:.2f} s of CPU"


def slowness() -> float:
    """How many times as long as on two quiet cores this machine takes now for a loop of Python's own."""
    started = time.process_time()
    for _ in range(2_000_000):
        pass
    return max(1.0, (time.process_time() - started) / QUIET_LOOP_SECONDS)


@dataclass
class Elapsed:
    """Real seconds, and how many of them nothing here could run because others had the cores."""

    seconds: float = 0.0
    stalled: float = 0.0

    @property
    def own(self) -> float:
        """What would have passed on a machine with a core to spare."""
        return self.seconds - self.stalled


@contextmanager
def elapsed() -> Iterator[Elapsed]:
    """Measures real time beside a thread that only sleeps: what it oversleeps, the machine had no core for us."""
    measured, done = Elapsed(), threading.Event()

    def tick() -> None:
        before = time.monotonic()
        while not done.wait(TICK_SECONDS):
            now = time.monotonic()
            late = now - before - TICK_SECONDS
            measured.stalled += late if late > STALL_SECONDS else 0.0
            before = now

    watcher = threading.Thread(target=tick, daemon=True)
    began = time.monotonic()
    watcher.start()
    try:
        yield measured
    finally:
        measured.seconds = time.monotonic() - began
        done.set()
        watcher.join()


def _cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
