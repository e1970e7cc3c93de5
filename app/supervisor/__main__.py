"""Starts the product and keeps it running until Ctrl-C or SIGTERM: Valkey, database, web, worker, poller, bank."""

from __future__ import annotations

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.config import PROJECT_DIRECTORY, Settings, SettingsRefused, reached_host
from app.lifeline import VARIABLE as LIFELINE_VARIABLE
from app.supervisor.child import Child, python

WEB_WORKERS = 2
LOCK_SECONDS = 5.0
READY_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.2
TRIM_EVERY_SECONDS = 60.0


def main() -> int:
    """Runs until told to stop; 0 after a clean stop, 1 where the product could not start."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays in force
            signal.signal(number, lambda *_: stopping.set())
    try:
        settings = Settings.from_environment()
    except SettingsRefused as error:
        return _give_up(f"{error.text.zh}\n{error.text.en}")
    with _only_run(settings.var_dir) as alone:
        if not alone:
            return _give_up(f"The product is running already with {settings.var_dir}; set VAR_DIR for a second one.")
        taken = _why_not_listening(settings)
        if taken:
            return _give_up(f"Port {settings.port} of {settings.host} cannot be used ({taken}); choose one with PORT=.")
        return Supervisor(settings, stopping).run()


class Supervisor:
    """The children of one run and their order."""

    def __init__(self, settings: Settings, stopping: threading.Event) -> None:
        self.settings, self.stopping = settings, stopping
        # the writing end stays in this process alone: it closes when the process is gone, even after kill -9
        self.lifeline, self._end = os.pipe()
        self.environment = _environment(settings)
        self.children = _children(settings)

    def run(self) -> int:
        """Starts everything, looks after it, stops it."""
        try:
            if self.settings.embedded_valkey:
                self._start("valkey")
            prepared = self._prepare()
            if prepared is None:
                return 0 if self.stopping.is_set() else 1
            self._start("web")
            self._announce(prepared)
            background = (
                "worker",
                "poller",
                *(["bank"] if self.settings.sandbox_bank or self.settings.sandbox_sources else []),
            )
            for name in background:  # after the first page, which is what somebody waits for
                self._start(name)
            self._look_after_until_stopped()
            return 0
        finally:
            for child in self.children.values():
                child.stop()

    def _start(self, name: str) -> None:
        self.children[name].start(self.lifeline, self.environment)

    def _prepare(self) -> str | None:
        """Upgrades the database and loads the demo; what it printed, or None where it failed or a stop came first."""
        first = self.settings.mode == "demo" and not any(self.settings.var_dir.glob("*.db"))
        _say(f"Preparing the database{', with a year of demo data (a minute or two)' if first else ''} ...")
        process = subprocess.Popen(
            python("app.cli.prepare"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env={**self.environment, LIFELINE_VARIABLE: str(self.lifeline)},
            pass_fds=(self.lifeline,),
            start_new_session=True,
            text=True,
        )
        output: list[str] = []
        reader = threading.Thread(target=lambda: output.extend(process.stdout or ()), daemon=True)
        reader.start()
        while process.poll() is None and not self.stopping.wait(0.05):
            pass
        if process.poll() is None:
            process.kill()
        code = process.wait()
        reader.join(1.0)
        if code == 0:
            return "".join(output)
        if not self.stopping.is_set():
            _give_up("".join(output) + f"The database could not be prepared (exit {code}).")
        return None

    def _announce(self, prepared: str) -> None:
        """Waits for the first page, then prints the address and what the demo loader said (its accounts)."""
        until = time.monotonic() + READY_SECONDS
        while not _web_answers(self.settings):
            self._look()
            if self.stopping.wait(0.1):
                return
            if time.monotonic() > until:
                _say(f"No answer from the web server for {READY_SECONDS:.0f} s; see {self.children['web'].log_path}")
                return
        address = f"http://{_shown_host(self.settings.host)}:{self.settings.port}"
        _say(f"{prepared.rstrip()}\n\nReady: {address}   (Ctrl-C stops it)")

    def _look_after_until_stopped(self) -> None:
        trim_at = time.monotonic() + TRIM_EVERY_SECONDS
        while not self.stopping.wait(LOOK_EVERY_SECONDS):
            self._look()
            if time.monotonic() > trim_at:
                trim_at = time.monotonic() + TRIM_EVERY_SECONDS
                for child in self.children.values():
                    child.trim_log()

    def _look(self) -> None:
        for child in self.children.values():
            happened = child.look_after(self.lifeline, self.environment)
            if happened:
                _say(happened)


def _children(settings: Settings) -> dict[str, Child]:
    """By name, in the order of stopping: web, worker, poller, bank, Valkey; their graces add up to 2.6 seconds."""
    logs = settings.var_dir / "log"
    web = python(
        "gunicorn",
        "--config",
        "python:app.supervisor.web_server",
        "--no-control-socket",
        "--workers",
        str(WEB_WORKERS),
        "--bind",
        f"{_bracketed(settings.host)}:{settings.port}",
        "wsgi:app",
    )
    return {
        "web": Child("web", web, logs / "web.log", stop_seconds=0.8),
        "worker": Child("worker", python("app.jobs.worker"), logs / "worker.log", stop_seconds=0.5),
        "poller": Child("poller", python("app.jobs.poller"), logs / "poller.log", stop_seconds=0.2),
        "bank": Child("bank", python("app.sandbox_bank"), logs / "bank.log", stop_seconds=0.3),
        "valkey": Child("valkey", python("app.supervisor.valkey"), logs / "valkey.log", stop_seconds=0.8),
    }


def _environment(settings: Settings) -> dict[str, str]:
    """What children inherit: ours, with the paths made absolute and the project importable from anywhere."""
    return {
        **os.environ,
        "VAR_DIR": str(settings.var_dir),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(PROJECT_DIRECTORY), os.environ.get("PYTHONPATH")))),
        "PYTHONUNBUFFERED": "1",
        # macOS stops a forked job that touches its frameworks unless this is set before the process starts
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
    }


@contextmanager
def _only_run(var_dir: Path) -> Iterator[bool]:
    """Whether this is the only run on the directory; waits a little for the children of a killed one to end."""
    var_dir.mkdir(parents=True, exist_ok=True)
    var_dir.chmod(0o700)
    with (var_dir / "run.lock").open("a") as file:
        until = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    yield False
                    return
                time.sleep(0.05)
        yield True


def _why_not_listening(settings: Settings) -> str | None:
    """The reason why the address cannot be bound, or None; a web server that is just ending gets a few seconds."""
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((settings.host, settings.port))
            return None
        except OSError as error:
            if time.monotonic() > until:
                return error.strerror or str(error)
            time.sleep(0.1)


def _web_answers(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(reached_host(settings.host), settings.port, timeout=5)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _shown_host(host: str) -> str:
    return _bracketed(reached_host(host))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _say(text: str) -> None:
    with suppress(OSError):  # a closed terminal must not end the product
        print(text.lstrip("\n"), flush=True)


def _give_up(text: str) -> int:
    print(text, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
