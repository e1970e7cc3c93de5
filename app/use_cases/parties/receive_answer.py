"""Receives an answer that an outside source sends by itself, and lets the step that asked read it at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Literal

import structlog

from app import signatures
from app.gateways import clock, sources
from app.gateways.source_answers import WrongAnswer, opened
from app.storage import outbox, party_store, source_answers
from app.storage.database import reading, unit_of_work, wake_after_commit
from app.use_cases.parties import party_key
from app.use_cases.payments.receive_call_back import CallBackRefused

Outcome = Literal["taken", "known", "unknown"]
KIND = "source_answer"
log = structlog.get_logger(__name__)


def receive_answer(path: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """ "taken" the first time, "known" for the same key again, "unknown" where nobody asked; each is stored once.

    What it says is checked when the step reads it, as an answer to a request is. Raises CallBackRefused.
    """
    source = headers.get(signatures.CHANNEL) or ""
    key = _key_of(source, path, headers, body)
    moment, digest = clock.moment(), hashlib.sha256(body).hexdigest()
    with unit_of_work() as session:
        row = outbox.of_request(session, key)
        if row is None:
            return "unknown"
        if source_answers.of_key(session, source, key) is not None:
            return "known"
        hidden = party_store.store(
            session,
            party_key.current(),
            case_id=row.case_id,
            kind=KIND,
            value=body.decode(),
            masked_as=source,
            at=moment.now,
        )
        session.flush()
        if not source_answers.add(session, source, key, hidden["$party"], digest, moment.now):
            return "known"
        if row.state == "waiting":
            row.next_at = moment.now
            wake_after_commit(session, row.id)
    return "taken"


def received(source: str, key: str) -> bytes | None:
    """The bytes of an answer that came by itself; the ports look here before they ask."""
    with reading() as session:
        kept = source_answers.of_key(session, source, key)
        text = None if kept is None else party_store.reveal(session, party_key.current(), kept.value_id)
    return None if text is None else text.encode()


def _key_of(source: str, path: str, headers: Mapping[str, str], body: bytes) -> str:
    secret = sources.current().secrets.get(source)
    fault: str | None = "missing"
    if secret:
        fault = signatures.fault(secret, "POST", path, body, headers, clock.real_now())
    if fault is not None:
        raise _refused(source if secret else "", fault)
    try:
        return str(opened(body)["key"])
    except WrongAnswer as wrong:
        raise _refused(source, "unreadable") from wrong


def _refused(source: str, fault: str) -> CallBackRefused:
    log.warning("source's call-back refused", source=source, fault=fault)
    return CallBackRefused(fault)
