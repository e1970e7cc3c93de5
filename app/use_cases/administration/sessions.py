"""How a log-in is named: the token of the cookie, its hash in the table, and how long it lives."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.storage.people import Person, WebSession

TOKEN_BYTES = 32
IDLE_HOURS = 8
IDLE = timedelta(hours=IDLE_HOURS)
LONGEST = timedelta(hours=12)  # however busy: whoever got hold of a cookie must not keep it alive for ever
TOUCH_EVERY = timedelta(minutes=1)


def new_token() -> str:
    """32 random bytes as text for a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What the table holds in place of the token, so that the table opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


def live_session(session: Session, token: str, now: datetime) -> tuple[WebSession, Person] | None:
    """The log-in behind a token with its person, unless it was revoked, idled out, is old, or the person is barred."""
    row = session.execute(
        select(WebSession, Person).join(Person, Person.id == WebSession.person_id).where(*is_live(token, now))
    ).first()
    return row


def is_live(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What a query over WebSession and Person asks for."""
    return (
        WebSession.token_hash == token_hash(token),
        WebSession.revoked_at.is_(None),
        *in_time(now),
        Person.active.is_(True),
    )


def in_time(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The part of it that time alone decides."""
    return WebSession.seen_at > now - IDLE, WebSession.created_at > now - LONGEST


def revoke_all(session: Session, person_id: int, now: datetime, *, but: str = "") -> int:
    """Ends every log-in of a person except that of the token `but`; how many there were."""
    live = (WebSession.person_id == person_id, WebSession.revoked_at.is_(None), *in_time(now))
    if but:
        live = (*live, WebSession.token_hash != token_hash(but))
    ended = session.execute(
        update(WebSession).where(*live).values(revoked_at=now).returning(WebSession.token_hash)
    ).all()
    return len(ended)
