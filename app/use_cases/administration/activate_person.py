"""Lets a person in again who was shut out."""

from __future__ import annotations

from app.errors import Conflict
from app.storage.database import unit_of_work
from app.use_cases.administration.people_acts import note, person_to_change, reason_of
from app.use_cases.permissions import Actor


def activate_person(actor: Actor, person_id: int, reason: str) -> None:
    """Raises Forbidden, NotFound, OwnRights, Refused without a reason, or Conflict."""
    with unit_of_work() as session:
        person = person_to_change(session, actor, person_id)
        said = reason_of(reason)
        if person.active:
            raise Conflict("这个账号已经启用。", "The account is open already.")
        person.active, person.failed_logins, person.locked_until = True, 0, None
        note(session, actor, "activate_person", f"person/{person.id}", reason=said)
