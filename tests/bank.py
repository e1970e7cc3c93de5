"""A sandbox bank that runs beside a test: it settles at once, and calls back when the test lets it work."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from app import signatures
from app.config import CALL_BACK_PATH, SANDBOX_CHANNEL, Settings, sandbox_port_file
from app.gateways import payments as gateway
from app.gateways.payments import HttpChannel
from app.sandbox_bank.bank import Bank
from app.sandbox_bank.server import BankServer, listening


def address_of(server: BankServer) -> str:
    """Where the bank listens."""
    return f"http://127.0.0.1:{server.server_address[1]}"


def call_back(app: Flask, content: dict[str, Any] | bytes, **changes: Any) -> tuple[int, Any]:
    """Posts a call-back as the bank does: (status, JSON). Changes: secret, now, sent (other bytes), headers."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    channel = gateway.current()
    secret, now = changes.get("secret", channel.secret), changes.get("now", datetime.now(UTC))
    headers = signatures.signed(channel.name, secret, "POST", CALL_BACK_PATH, body, now)
    headers |= {"Content-Type": "application/json"} | changes.get("headers", {})
    answer = app.test_client().post(CALL_BACK_PATH, data=changes.get("sent", body), headers=headers)
    return answer.status_code, answer.get_json(silent=True)


@contextmanager
def sandbox_bank(app: Flask, answer_seconds: float = 5.0) -> Iterator[tuple[Bank, BankServer]]:
    """The app pays through this bank within the block."""
    settings: Settings = app.config["SETTINGS"]
    bank = Bank(settings.var_dir / "sandbox_bank.db", lambda body: call_back(app, body)[0] == 200, settle_seconds=0.0)
    with listening(bank, settings.payment_secret, sandbox_port_file(settings.var_dir)) as server:
        server.late_answer_seconds = 1.0
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        gateway.use(HttpChannel(SANDBOX_CHANNEL, settings.payment_secret, lambda: address_of(server), answer_seconds))
        yield bank, server
        server.shutdown()
        thread.join()
