"""Gives a person who cannot log in a new first password."""

from __future__ import annotations

from app.gateways import clock
from app.storage.database import reading, unit_of_work
from app.use_cases.administration import passwords
from app.use_cases.administration.create_person import FirstPassword
from app.use_cases.administration.people_acts import note, person_to_change
from app.use_cases.administration.sessions import revoke_all
from app.use_cases.permissions import Actor


def reset_password(actor: Actor, person_id: int, password: str = "") -> FirstPassword:
    """The password to hand over, made up unless given; all sessions end. Raises Forbidden, NotFound, OwnRights or
    WeakPassword."""
    with reading() as session:
        login = person_to_change(session, actor, person_id).login
    given = password or passwords.made_up(login)
    passwords.require_strong(given, login)
    password_hash = passwords.hash_password(given)  # 0.1 s, so between the units
    with unit_of_work() as session:
        person = person_to_change(session, actor, person_id)
        person.password_hash, person.must_change_password = password_hash, True
        person.failed_logins, person.locked_until = 0, None
        ended = revoke_all(session, person.id, clock.real_now())
        note(session, actor, "reset_password", f"person/{person.id}", sessions=ended)
    return FirstPassword(person_id, login, given)
