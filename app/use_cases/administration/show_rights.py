"""Which role may do what, and who has the role."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.storage.database import reading
from app.storage.organisations import Membership, Role, RoleGrant
from app.storage.people import Person
from app.storage.shipped import ShippedGrant
from app.texts import Text
from app.use_cases.administration.people_acts import VERB
from app.use_cases.permissions import Actor, require


@dataclass(frozen=True)
class RoleRights:
    """A role with its verbs; `changed` are those that an installation's administrator gave or took away, `people`
    how many active people have it, `own` that the actor is one of them and so may not change it."""

    key: str
    name: Text
    capacity: str
    verbs: frozenset[str]
    changed: frozenset[str]
    people: int
    own: bool


def show_rights(actor: Actor) -> tuple[RoleRights, ...]:
    """Every role in the order of its capacity and key; raises Forbidden."""
    require(VERB, actor)
    with reading() as session:
        roles = session.scalars(select(Role).order_by(Role.capacity, Role.key)).all()
        grants = _by_role(session.execute(select(RoleGrant.role_key, RoleGrant.verb)))
        shipped = _by_role(session.execute(select(ShippedGrant.role_key, ShippedGrant.verb)))
        holders = (
            select(Membership.role_key, func.count(Person.id.distinct()))
            .join(Person, Person.id == Membership.person_id)
            .where(Person.active)
            .group_by(Membership.role_key)
        )
        people = {row[0]: row[1] for row in session.execute(holders)}
        own = set(session.scalars(select(Membership.role_key).where(Membership.person_id == actor.person_id)))
    return tuple(
        RoleRights(
            role.key,
            role.name,
            role.capacity,
            frozenset(grants.get(role.key, ())),
            frozenset(grants.get(role.key, set()) ^ shipped.get(role.key, set())),
            people.get(role.key, 0),
            role.key in own,
        )
        for role in roles
    )


def _by_role(rows: object) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for role_key, verb in rows:  # type: ignore[attr-defined]
        found.setdefault(role_key, set()).add(verb)
    return found
