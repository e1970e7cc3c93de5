"""Asks an outside source over HTTP: signed both ways, limited in time and size, and believed only where it fits.

No redirect is followed and no proxy of the environment is used; certificates are verified (the standard library's
default). What is not a good answer is SourceUnavailable with words, so that the outbox asks again with the same key.
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
import structlog

from app import signatures
from app.gateways.source_answers import Answer, WrongAnswer, answered
from app.gateways.sources import NAMES, Reply, SourceUnavailable
from app.texts import Text

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 8.0
MAX_ANSWER_BYTES = 256 * 1024
KEY = "Idempotency-Key"
log = structlog.get_logger(__name__)


class AnswerPending(SourceUnavailable):
    """The source has taken the request and will answer later; it is asked again with the same key."""


@dataclass(frozen=True)
class SourceHttp:
    """One source; `address` gives its base URL at each call, None while it is away.

    `pushed` finds an answer's bytes that the source sent by itself for a key; they are checked like any other.
    """

    source: str
    secret: str = field(repr=False)
    address: Callable[[], str | None]
    shown: Text
    pushed: Callable[[str, str], bytes | None] = lambda source, key: None
    answer_seconds: float = ANSWER_SECONDS

    def said(self, key: str, about: dict[str, Any], at: datetime) -> Reply:
        """The source's answer, asked for unless it came already; raises SourceUnavailable or AnswerPending."""
        pushed = self.pushed(self.source, key)
        if pushed is not None:
            with suppress(WrongAnswer):  # a wrong one is as good as none: the source is asked
                return self._reply(answered(self.source, pushed, key, about, at))
        body = self._exchange(key, {"about": about, "asked_at": at.isoformat()})
        try:
            return self._reply(answered(self.source, body, key, about, at))
        except WrongAnswer as wrong:
            raise self._unusable(str(wrong), key) from wrong

    def _reply(self, answer: Answer) -> Reply:
        return Reply(self.shown, answer.reference, answer.at, answer.data)

    def _exchange(self, key: str, content: dict[str, Any]) -> bytes:
        """The bytes of a good answer; raises SourceUnavailable for everything else."""
        address = self.address()
        if address is None:
            raise self._silent()
        parts = urlsplit(address)
        path, body = parts.path.rstrip("/") + "/enquiries", orjson.dumps(content)
        sent = signatures.signed(self.source, self.secret, "POST", path, body, datetime.now(UTC))
        headers = sent | {KEY: key, "Content-Type": "application/json", "Accept": "application/json"}
        try:
            with _connection(parts.scheme, parts.hostname or "", parts.port, self.answer_seconds) as connection:
                connection.request("POST", path, body, headers)
                response = connection.getresponse()
                received = response.read(MAX_ANSWER_BYTES + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            log.warning("source did not answer", source=self.source, key=key, fault=type(error).__name__)
            raise self._silent() from error
        if response.status not in (200, 202):
            raise self._turned_away(response.status, key)
        if len(received) > MAX_ANSWER_BYTES:
            raise self._unusable("too long", key)
        signed_path = f"{path} {sent[signatures.NONCE]}"
        given = dict(response.headers.items())
        fault = signatures.fault(self.secret, signatures.ANSWER, signed_path, received, given, datetime.now(UTC))
        if fault is not None:
            raise self._unusable(f"signature {fault}", key)
        if response.status == 202:
            raise self._pending()
        return received

    def _silent(self) -> SourceUnavailable:
        name = NAMES[self.source]
        return SourceUnavailable(
            f"{name.zh}没有应答（连不上或超时）。", f"{name.en} did not answer (no connection or time-out)."
        )

    def _pending(self) -> AnswerPending:
        name = NAMES[self.source]
        return AnswerPending(
            f"{name.zh}已受理查询，稍后给出结果。", f"{name.en} has taken the request and answers later."
        )

    def _turned_away(self, status: int, key: str) -> SourceUnavailable:
        name = NAMES[self.source]
        log.warning("source turned a request away", source=self.source, key=key, status=status)
        return SourceUnavailable(
            f"{name.zh}没有受理查询（代码 {status}）。", f"{name.en} did not take the request (code {status})."
        )

    def _unusable(self, fault: str, key: str) -> SourceUnavailable:
        name = NAMES[self.source]
        log.warning("source answered wrongly", source=self.source, key=key, fault=fault)
        return SourceUnavailable(
            f"{name.zh}的回答有误，没有采用（{_words(fault).zh}）。",
            f"{name.en} answered wrongly and was not believed ({_words(fault).en}).",
        )


def _words(fault: str) -> Text:
    """What is wrong with an answer, for people; the log has the fields."""
    words = {
        "no JSON": Text("无法读取", "unreadable"),
        "about another request": Text("答的不是所查询的对象", "about something else than was asked"),
        "dated in the future": Text("时间在将来", "dated in the future"),
        "too long": Text("内容过长", "too long"),
    }
    if fault.startswith("signature"):
        return Text("签名不符", "its signature does not hold")
    return words.get(fault, Text("内容不符合约定", "not as agreed"))


@contextmanager
def _connection(scheme: str, host: str, port: int | None, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """An open connection that is cut after `seconds` in all, however slowly the other side sends; OSError."""
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=CONNECT_SECONDS)
    try:
        connection.connect()
        taken = connection.sock
        taken.settimeout(seconds)
        cut = threading.Timer(seconds, _shut, (taken,))
        cut.daemon = True
        cut.start()
        try:
            yield connection
        finally:
            cut.cancel()
    finally:
        connection.close()


def _shut(taken: socket.socket) -> None:
    with suppress(OSError):  # closed meanwhile
        taken.shutdown(socket.SHUT_RDWR)
