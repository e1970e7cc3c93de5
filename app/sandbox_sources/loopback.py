"""What sandbox servers share: a loopback port that stays the same over restarts, and signed calls to the product."""

from __future__ import annotations

import http.client
import os
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

from app import signatures

DELIVER_SECONDS = 10.0
Server = TypeVar("Server", bound=ThreadingHTTPServer)


def on_kept_port(make: Callable[[int], Server], port_file: Path) -> Server:
    """The server on the port of the last start, or on a free one where that is taken; the file names it."""
    kept = port_file.read_text("ascii").strip() if port_file.exists() else ""
    try:
        server = make(int(kept) if kept.isdigit() else 0)
    except (OSError, OverflowError):
        server = make(0)
    draft = port_file.with_suffix(".new")
    draft.write_text(str(server.server_address[1]), "ascii")
    os.replace(draft, port_file)
    return server


def deliver(host: str, port: int, path: str, channel: str, secret: str, body: bytes) -> bool:
    """Sends a call-back to the product; whether it said that it has it."""
    headers = signatures.signed(channel, secret, "POST", path, body, datetime.now(UTC))
    connection = http.client.HTTPConnection(host, port, timeout=DELIVER_SECONDS)
    try:
        connection.request("POST", path, body, headers | {"Content-Type": "application/json"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
