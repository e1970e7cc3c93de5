"""The product as `make run` starts it: real processes in a directory of their own, for tests that kill some of them."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.databases import SECRETS

PROJECT = Path(__file__).parents[1]
START_SECONDS, HEAL_SECONDS = 90.0, 30.0


class Product:
    """One installation in its own directory and on its own port, started as `make run` does it."""

    def __init__(self, var_dir: Path, **environment: str) -> None:
        self.var_dir, self.environment = var_dir, environment
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.started: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        environment = self._environment()
        process = subprocess.Popen(
            [sys.executable, "-m", "app.supervisor"],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def flask(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs one of the product's commands on this installation."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            cwd=PROJECT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        return inherited | SECRETS | {"VAR_DIR": str(self.var_dir), "PORT": str(self.port)} | self.environment

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    def processes(self) -> list[psutil.Process]:
        """Every living process of this installation, whoever its parent is."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            # Valkey overwrites its environment, but works in the var directory
            here = process.cwd().startswith(str(self.var_dir))
            ours = here or process.environ().get("VAR_DIR") == str(self.var_dir)
            return ours and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def find(self, word: str) -> list[psutil.Process]:
        return [process for process in self.processes() if any(word in part for part in process.cmdline())]

    def clean_up(self) -> None:
        for process in self.started:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        until(lambda: not self.processes(), 10.0)
        for orphan in self.processes():
            orphan.kill()


def until(condition: Callable[[], object], seconds: float) -> float:
    """Seconds until `condition` held, at most `seconds`."""
    began = time.monotonic()
    while not condition() and time.monotonic() - began < seconds:
        time.sleep(0.05)
    return time.monotonic() - began
