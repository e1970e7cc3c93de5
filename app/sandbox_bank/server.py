"""The sandbox bank over HTTP: signed JSON on a loopback port that stays the same over restarts."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from app import signatures
from app.sandbox_bank.bank import BadRequest, Bank, Said
from app.sandbox_sources.loopback import on_kept_port

MAX_BODY_BYTES = 64 * 1024
REQUEST_SECONDS = 10.0
LATE_ANSWER_SECONDS = 15.0


class BankServer(ThreadingHTTPServer):
    """Answers for one bank; `late_answer_seconds` is how long an answer takes that comes too late."""

    daemon_threads = True

    def __init__(self, bank: Bank, secret: str, port: int = 0, late_answer_seconds: float = LATE_ANSWER_SECONDS):
        self.bank, self.secret, self.late_answer_seconds = bank, secret, late_answer_seconds
        self._nonces: dict[str, float] = {}
        self._nonce_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def is_new(self, nonce: str) -> bool:
        """Whether the nonce was not used within the time in which its signature holds."""
        now = time.monotonic()
        with self._nonce_lock:
            for old in [old for old, until in self._nonces.items() if until < now]:
                del self._nonces[old]
            if nonce in self._nonces:
                return False
            self._nonces[nonce] = now + 2 * signatures.WINDOW.total_seconds()
            return True


class Handler(BaseHTTPRequestHandler):
    """One request: signature, then one call of the bank."""

    server: BankServer
    timeout = REQUEST_SECONDS

    def do_GET(self) -> None:
        self._serve("GET", b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and int(length) <= MAX_BODY_BYTES):
            return self._answer(413, {"status": "error", "reason": "too long"})
        self._serve("POST", self.rfile.read(int(length)))

    def _serve(self, method: str, body: bytes) -> None:
        headers = dict(self.headers.items())
        fault = signatures.fault(self.server.secret, method, self.path, body, headers, datetime.now(UTC))
        if fault is not None or not self.server.is_new(headers[signatures.NONCE]):
            return self._answer(401, {"status": "error", "reason": fault or "used"})
        try:
            said = self._said(method, json.loads(body) if body else {})
        except (BadRequest, ValueError) as error:
            return self._answer(400, {"status": "error", "reason": str(error)})
        if said.reply == "none":
            return None  # the connection is closed without a word
        if said.reply == "late":
            time.sleep(self.server.late_answer_seconds)
        self._answer(said.status, said.content)

    def _said(self, method: str, content: Any) -> Said:
        parts = urlsplit(self.path)
        bank = self.server.bank
        match (method, *parts.path.strip("/").split("/")):
            case ("POST", "instructions"):
                return bank.instruct(content)
            case ("GET", "instructions", number):
                return bank.status(unquote(number))
            case ("POST", "instructions", number, "void"):
                return bank.void(unquote(number))
            case ("POST", "credits"):
                return bank.credit(content)
            case ("GET", "statement"):
                return bank.statement((parse_qs(parts.query).get("on") or [""])[0])
        return Said(404, {"status": "error", "reason": "no such address"})

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            pass  # the caller has given up

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: requests are in the bank's book."""


def listening(bank: Bank, secret: str, port_file: Path) -> BankServer:
    """The server on the port of the last start; the file names it."""
    return on_kept_port(lambda port: BankServer(bank, secret, port), port_file)
