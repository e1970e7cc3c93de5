"""Shuts a person out: no log-in any more, and every session ends in the same act."""

from __future__ import annotations

from app.errors import Conflict
from app.gateways import clock
from app.storage.database import unit_of_work
from app.use_cases.administration.people_acts import (
    hold_administrators,
    keep_an_administrator,
    note,
    person_to_change,
    reason_of,
)
from app.use_cases.administration.sessions import revoke_all
from app.use_cases.permissions import Actor


def deactivate_person(actor: Actor, person_id: int, reason: str) -> int:
    """How many sessions ended. Raises Forbidden, NotFound, OwnRights, LastAdministrator, Refused or Conflict."""
    with unit_of_work() as session:
        hold_administrators(session)
        person = person_to_change(session, actor, person_id)
        said = reason_of(reason)
        if not person.active:
            raise Conflict("这个账号已经停用。", "The account is shut already.")
        person.active = False
        ended = revoke_all(session, person.id, clock.real_now())
        keep_an_administrator(session)
        note(session, actor, "deactivate_person", f"person/{person.id}", reason=said, sessions=ended)
        return ended
