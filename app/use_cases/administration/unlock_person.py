"""Opens a log-in that too many wrong passwords have shut for a while."""

from __future__ import annotations

from app.storage.database import unit_of_work
from app.use_cases.administration.people_acts import note, person_to_change
from app.use_cases.permissions import Actor


def unlock_person(actor: Actor, person_id: int) -> None:
    """Raises Forbidden, NotFound or OwnRights; a log-in that is not locked is no error."""
    with unit_of_work() as session:
        person = person_to_change(session, actor, person_id)
        if person.locked_until is None and not person.failed_logins:
            return
        person.failed_logins, person.locked_until = 0, None
        note(session, actor, "unlock_person", f"person/{person.id}")
