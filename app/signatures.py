"""Signed requests to and from payment channels and sources: HMAC-SHA256 over method, path, time, nonce and body."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

WINDOW = timedelta(minutes=5)
CHANNEL, TIMESTAMP, NONCE, SIGNATURE = "X-Channel", "X-Timestamp", "X-Nonce", "X-Signature"
MAX_NONCE = 64
# stands for the method where a source signs its answer; the path is then followed by the request's nonce
ANSWER = "ANSWER"

Fault = Literal["missing", "stale", "wrong"]


def signed(channel: str, secret: str, method: str, path: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a request; `now` is real time, and every attempt is signed anew."""
    at, nonce = str(int(now.timestamp())), secrets.token_urlsafe(16)
    signature = _signature(secret, method, path, at, nonce, body)
    return {CHANNEL: channel, TIMESTAMP: at, NONCE: nonce, SIGNATURE: signature}


def fault(secret: str, method: str, path: str, body: bytes, headers: Mapping[str, str], now: datetime) -> Fault | None:
    """What is wrong with a request's signature, None where it holds: parts missing, older or newer than 5 minutes,
    or not made with this secret over exactly this method, path and body."""
    at, nonce, given = (headers.get(name) or "" for name in (TIMESTAMP, NONCE, SIGNATURE))
    if not (at.isascii() and at.isdigit() and len(at) < 12 and given and 0 < len(nonce) <= MAX_NONCE):
        return "missing"
    if not hmac.compare_digest(_signature(secret, method, path, at, nonce, body).encode(), given.encode()):
        return "wrong"
    return "stale" if abs(now - datetime.fromtimestamp(int(at), UTC)) > WINDOW else None


def _signature(secret: str, method: str, path: str, at: str, nonce: str, body: bytes) -> str:
    # a body's hash has no line break, so that no part can be moved into another one
    parts = "\n".join((method, path, at, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), parts.encode(), hashlib.sha256).hexdigest()
