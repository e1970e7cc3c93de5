"""One supervised process: started in its own session, restarted with back-off, stopped with its whole group."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.lifeline import VARIABLE as LIFELINE_VARIABLE

SHORTEST_REST_SECONDS = 0.5
LONGEST_REST_SECONDS = 30.0
# a child that lived this long has recovered: its next crash is restarted at once again
STEADY_SECONDS = 60.0
MAX_LOG_BYTES = 20_000_000


class Child:
    """A command that has to run all the time; `log_path` takes its output, `stop_seconds` is its grace at SIGTERM."""

    def __init__(self, name: str, command: Sequence[str], log_path: Path, stop_seconds: float) -> None:
        self.name, self.command, self.log_path, self.stop_seconds = name, list(command), log_path, stop_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._restart_at: float | None = None
        self._rest = SHORTEST_REST_SECONDS

    def start(self, lifeline: int, environment: Mapping[str, str]) -> None:
        """Starts the command; `lifeline` is the pipe's reading end, which tells it that the supervisor is gone."""
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**environment, LIFELINE_VARIABLE: str(lifeline)},
                pass_fds=(lifeline,),
                start_new_session=True,  # a Ctrl-C in the terminal reaches the supervisor alone, which keeps the order
            )
        self._started_at, self._restart_at = time.monotonic(), None

    @property
    def pid(self) -> int | None:
        """The running process's id, which is its group's id too."""
        return self._process.pid if self._process is not None and self.is_running else None

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def look_after(self, lifeline: int, environment: Mapping[str, str]) -> str | None:
        """Restarts the process when it ended and its rest is over; returns a line to show where something happened."""
        if self.is_running or self._process is None:
            return None
        now = time.monotonic()
        if self._restart_at is None:
            self._kill_group()  # gunicorn's workers or a forked job may outlive the process that died
            if now - self._started_at > STEADY_SECONDS:
                self._rest = SHORTEST_REST_SECONDS
            self._restart_at = now + self._rest
            rest, self._rest = self._rest, min(self._rest * 2, LONGEST_REST_SECONDS)
            return f"{self.name} ended ({self._process.returncode}); it starts again in {rest:g} s; see {self.log_path}"
        if now >= self._restart_at:
            self.start(lifeline, environment)
        return None

    def stop(self) -> None:
        """Asks the process to end, and ends its whole group after its grace."""
        if self._process is None:
            return
        if self.is_running:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(self.stop_seconds)
        self._kill_group()
        self._process.wait()

    def _kill_group(self) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
            os.killpg(self._process.pid, signal.SIGKILL)

    def trim_log(self) -> None:
        """Keeps the log below 20 MB and one earlier file; it is emptied in place, because the child holds it open."""
        with contextlib.suppress(FileNotFoundError):
            if self.log_path.stat().st_size > MAX_LOG_BYTES:
                shutil.copyfile(self.log_path, self.log_path.with_suffix(".log.1"))
                os.truncate(self.log_path, 0)


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module with this interpreter."""
    return [sys.executable, "-m", module, *arguments]
