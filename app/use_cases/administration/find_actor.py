"""Finds in whose name a command acts: the person of a login, or the first one who has the right."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.storage.database import reading
from app.storage.organisations import Membership, Organisation, RoleGrant
from app.storage.people import Person
from app.use_cases.administration.load_actor import actor_of
from app.use_cases.permissions import VERBS, Actor


def acting_with(verb: str, login: str = "") -> Actor:
    """The actor for a command that needs this right; raises NotFound where there is nobody."""
    with reading() as session:
        actor = find_actor(session, verb, login=login)
    if actor is None:
        what = VERBS[verb]
        raise NotFound(f"没有可以{what.zh}的用户“{login}”。", f'There is nobody "{login}" who may {what.en}.')
    return actor


def find_actor(session: Session, verb: str, *, organisation_id: int | None = None, login: str = "") -> Actor | None:
    """The first active person with the right, in that organisation and of that login where they are given."""
    query = (
        select(Person, Membership.organisation_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(RoleGrant, RoleGrant.role_key == Membership.role_key)
        .where(RoleGrant.verb == verb, Person.active, Organisation.active)
        .order_by(Person.id, Membership.organisation_id)
        .limit(1)
    )
    if organisation_id is not None:
        query = query.where(Membership.organisation_id == organisation_id)
    if login:
        query = query.where(Person.login == login)
    row = session.execute(query).first()
    return None if row is None else actor_of(session, row[0], row[1])
