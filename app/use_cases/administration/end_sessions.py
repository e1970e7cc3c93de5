"""Ends several sessions at once: one's own others, or all of a person by an administrator."""

from __future__ import annotations

from app.errors import NotFound
from app.gateways import clock
from app.storage.database import unit_of_work
from app.storage.people import Person
from app.use_cases.administration.people_acts import VERB, note
from app.use_cases.administration.sessions import revoke_all
from app.use_cases.permissions import Actor, require


def end_sessions(actor: Actor, person_id: int, token: str) -> int:
    """How many ended; the one of `token` goes on. Raises Forbidden for another person's without the right."""
    if person_id != actor.person_id:
        require(VERB, actor)
    with unit_of_work() as session:
        if session.get(Person, person_id) is None:
            raise NotFound
        ended = revoke_all(session, person_id, clock.real_now(), but=token)
        if ended:
            note(session, actor, "end_sessions", f"person/{person_id}", sessions=ended)
        return ended
