"""Runs a module of the product as a process of its own that answers in lines, and ends it when its time is over."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator

from app.config import PROJECT_DIRECTORY

MAX_LINE_BYTES = 8_000_000
# what Python itself may need to start; no secret of the installation is among it
PASSED_ON = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV", "SYSTEMROOT")


def lines_of(module: str, given: bytes, until: float) -> Generator[bytes]:
    """The lines that `python -m module` writes when it gets `given`; ends when it ends or at `until` (time.monotonic).

    Whatever happens, the process is gone when this generator is closed.
    """
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    with tempfile.TemporaryFile() as source:
        source.write(given)
        source.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT_DIRECTORY,
            env=environment,
            start_new_session=True,
        )
        try:
            yield from _lines(child, until)
        finally:
            child.kill()
            child.wait()
            assert child.stdout is not None, "it was opened as a pipe"
            child.stdout.close()


def _lines(child: subprocess.Popen[bytes], until: float) -> Iterator[bytes]:
    assert child.stdout is not None, "it was opened as a pipe"
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0 and len(pending) <= MAX_LINE_BYTES:
            if not selector.select(left):
                return
            read = os.read(child.stdout.fileno(), 65536)
            if not read:
                return
            *whole, pending = (pending + read).split(b"\n")
            yield from whole
