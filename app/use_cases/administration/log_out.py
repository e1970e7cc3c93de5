"""Ends the session of a token."""

from __future__ import annotations

from app.gateways import clock
from app.storage import audit
from app.storage.database import unit_of_work
from app.use_cases.administration.sessions import live_session


def log_out(token: str) -> None:
    """Revokes the session; a token that opens none is no error."""
    now = clock.real_now()
    with unit_of_work() as session:
        found = live_session(session, token, now)
        if found is None:
            return
        web_session, person = found
        web_session.revoked_at = now
        audit.record(
            session,
            organisation_id=web_session.organisation_id,
            person_id=person.id,
            verb="log_out",
            target=f"person/{person.id}",
            detail=None,
            at=now,
        )
