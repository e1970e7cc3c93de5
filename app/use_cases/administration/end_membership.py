"""Takes a role in an organisation away from a person."""

from __future__ import annotations

from app.errors import NotFound
from app.storage.database import unit_of_work
from app.storage.organisations import Membership
from app.use_cases.administration.people_acts import (
    hold_administrators,
    keep_an_administrator,
    note,
    person_to_change,
    reason_of,
)
from app.use_cases.permissions import Actor


def end_membership(actor: Actor, person_id: int, membership_id: int, reason: str) -> None:
    """From the person's next request on. Raises Forbidden, NotFound, OwnRights, LastAdministrator or Refused."""
    with unit_of_work() as session:
        hold_administrators(session)
        person = person_to_change(session, actor, person_id)
        membership = session.get(Membership, membership_id)
        if membership is None or membership.person_id != person.id:
            raise NotFound
        said = reason_of(reason)
        before = {"organisation": membership.organisation_id, "role": membership.role_key}
        session.delete(membership)
        keep_an_administrator(session)
        note(session, actor, "end_membership", f"person/{person.id}", before=before, reason=said)
