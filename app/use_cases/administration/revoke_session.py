"""Ends a session from elsewhere: one's own, or another person's by an administrator."""

from __future__ import annotations

from app.errors import NotFound
from app.gateways import clock
from app.storage import audit
from app.storage.database import unit_of_work
from app.storage.people import WebSession
from app.use_cases.permissions import Actor, may


def revoke_session(actor: Actor, session_id: str) -> None:
    """Revokes the session that list_sessions named; raises NotFound when there is none that the actor may end."""
    _revoke(actor, session_id, others=may("administer_people", actor))


def revoke_own_session(actor: Actor, session_id: str) -> None:
    """The same for one's own sessions only, whatever rights one has."""
    _revoke(actor, session_id, others=False)


def _revoke(actor: Actor, session_id: str, *, others: bool) -> None:
    now = clock.real_now()
    with unit_of_work() as session:
        row = session.get(WebSession, session_id)
        if row is None or (row.person_id != actor.person_id and not others):
            raise NotFound
        if row.revoked_at is not None:
            return
        row.revoked_at = now
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="revoke_session",
            target=f"person/{row.person_id}",
            detail={"session": session_id[:12]},
            at=now,
        )
