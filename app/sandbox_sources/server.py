"""The sandbox sources over HTTP: signed JSON on a loopback port, as good or as bad as each source was told to be."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from app import signatures
from app.config import SOURCES
from app.sandbox_sources.behaviour import Behaviours
from app.sandbox_sources.enquiries import Enquiries, OtherContent, envelope, written
from app.sandbox_sources.loopback import on_kept_port

MAX_BODY_BYTES = 64 * 1024
REQUEST_SECONDS = 10.0
HUGE_BYTES = 2 * 1024 * 1024
PAGE = "<!doctype html><title>维护中</title><p>系统维护中，请稍后再试。</p>".encode()
OTHER_FIRM = {"credit_code": "91110000600037341L", "names": ["别人"], "goods": "别的货物"}
ACCEPTED = b'{"status": "accepted"}'
REFUSED = {"failing": 500, "busy": 429}


class SourcesServer(ThreadingHTTPServer):
    """Answers for all sources, each under its own path."""

    daemon_threads = True

    def __init__(self, enquiries: Enquiries, behaviours: Behaviours, secret: str, port: int = 0) -> None:
        self.enquiries, self.behaviours, self.secret = enquiries, behaviours, secret
        self.met: Counter[str] = Counter()  # how often each behaviour was met
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a caller that has gone is none of its troubles."""


class Handler(BaseHTTPRequestHandler):
    """One enquiry."""

    server: SourcesServer
    timeout = REQUEST_SECONDS

    def do_POST(self) -> None:
        length, (source, _, rest) = self.headers.get("Content-Length", ""), self.path.strip("/").partition("/")
        if source not in SOURCES or rest != "enquiries":
            return self._answer(404, b"{}")
        if not (length.isascii() and length.isdigit() and int(length) <= MAX_BODY_BYTES):
            return self._answer(413, b"{}")
        body, given = self.rfile.read(int(length)), dict(self.headers.items())
        if signatures.fault(self.server.secret, "POST", self.path, body, given, datetime.now(UTC)) is not None:
            return self._answer(401, b"{}")
        try:
            key, content = given["Idempotency-Key"], json.loads(body)
            is_new, known_for = self.server.enquiries.take(source, key, content)
            said = envelope(source, key, content)
        except OtherContent:
            return self._answer(409, b"{}")
        except (KeyError, TypeError, ValueError):
            return self._answer(400, b"{}")
        self._behave(source, said, is_new, known_for)

    def _behave(self, source: str, said: dict[str, Any], is_new: bool, known_for: float) -> None:
        enquiries, behaviour = self.server.enquiries, self.server.behaviours.of(source)
        good = written(said)
        self.server.met[behaviour] += 1
        match behaviour:
            case "slow":
                time.sleep(enquiries.pace.slow)
                self._answer(200, good)
            case "stalled":
                self._answer(200, good, cut=len(good) // 2)
                time.sleep(enquiries.pace.stalled)
            case "down":
                self.close_connection = True  # without a word
            case "failing" | "busy":
                self._answer(REFUSED[behaviour], b"{}")
            case "late":
                self._answer(*((200, good) if known_for >= enquiries.pace.late else (202, ACCEPTED)))
            case "pushed":
                if is_new:
                    enquiries.push(source, good, times=3)
                self._answer(202, ACCEPTED)
            case "duplicated":
                enquiries.push(source, good, times=2)
                self._answer(200, good)
            case _:
                self._answer_wrongly(behaviour, said, good)

    def _answer_wrongly(self, behaviour: str, said: dict[str, Any], good: bytes) -> None:
        match behaviour:
            case "wrong_type":
                self._answer(200, written(said | {"data": _of_wrong_types(said["data"])}))
            case "wrong_firm":
                other = {name: OTHER_FIRM[name] for name in said["about"] if name in OTHER_FIRM}
                self._answer(200, written(said | {"about": said["about"] | other, "key": said["key"] + "0"}))
            case "html":
                self._answer(200, PAGE, kind="text/html; charset=utf-8")
            case "truncated":
                self._answer(200, good[: len(good) // 2])
            case "error_in_200":
                self._answer(200, written({"status": "error", "message": "database busy"}))
            case "wrong_signature":
                self._answer(200, good, secret="somebody else's secret")
            case "replayed":
                self._answer(200, good, nonce="an earlier request's nonce")
            case "huge":
                self._answer(200, good + b" " * HUGE_BYTES)
            case "redirect":
                self._answer(302, b"", more={"Location": self.path})
            case _:
                self._answer(200, good)

    def _answer(
        self,
        status: int,
        body: bytes,
        *,
        kind: str = "application/json",
        cut: int | None = None,
        secret: str | None = None,
        nonce: str | None = None,
        more: dict[str, str] | None = None,
    ) -> None:
        path = f"{self.path} {nonce or self.headers.get(signatures.NONCE, '')}"
        with suppress(OSError):  # the caller has given up
            self.send_response(status)
            signed = signatures.signed(
                "sandbox", secret or self.server.secret, signatures.ANSWER, path, body, datetime.now(UTC)
            )
            for name, value in (
                {"Content-Type": kind, "Content-Length": str(len(body))} | signed | (more or {})
            ).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[:cut])
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the product logs what it asked."""


def _of_wrong_types(data: dict[str, Any]) -> dict[str, Any]:
    """The same facts with a text for every number, a number for every text and a text for every list."""
    return {
        name: 7 if isinstance(value, str) else "many" if not isinstance(value, bool) else "perhaps"
        for name, value in data.items()
    }


def listening(enquiries: Enquiries, behaviours: Behaviours, secret: str, port_file: Path) -> SourcesServer:
    """The server on the port of the last start; the file names it."""
    return on_kept_port(lambda port: SourcesServer(enquiries, behaviours, secret, port), port_file)
