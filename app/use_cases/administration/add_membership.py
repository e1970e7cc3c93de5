"""Gives a person a role in an organisation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound, Refused
from app.storage.database import unit_of_work
from app.storage.organisations import Membership, Organisation, Role
from app.use_cases.administration.organisation_kinds import capacity_of
from app.use_cases.administration.people_acts import note, person_to_change
from app.use_cases.permissions import Actor


class RoleDoesNotFit(Refused):
    """The role belongs to organisations of another kind."""


def add_membership(actor: Actor, person_id: int, organisation_id: int, role_key: str) -> None:
    """From the person's next request on. Raises Forbidden, NotFound, OwnRights, RoleDoesNotFit or Conflict."""
    with unit_of_work() as session:
        person = person_to_change(session, actor, person_id)
        place, role = fitting_role(session, organisation_id, role_key)
        held = select(Membership.id).where(
            Membership.person_id == person.id,
            Membership.organisation_id == place.id,
            Membership.role_key == role.key,
        )
        if session.scalar(held) is not None:
            raise Conflict(
                f"{person.name_zh}在{place.name_zh}已经有这个角色。",
                f"{person.name('en')} has this role at {place.name.of('en')} already.",
            )
        session.add(Membership(person_id=person.id, organisation_id=place.id, role_key=role.key))
        after = {"organisation": place.id, "role": role.key}
        note(session, actor, "add_membership", f"person/{person.id}", after=after)


def fitting_role(session: Session, organisation_id: int, role_key: str) -> tuple[Organisation, Role]:
    """Both rows; raises NotFound, or RoleDoesNotFit where the role is for another kind of organisation."""
    place, role = session.get(Organisation, organisation_id), session.get(Role, role_key)
    if place is None or role is None or not place.active:
        raise NotFound
    if role.capacity != capacity_of(place.kind):
        raise RoleDoesNotFit(
            f"角色“{role.name_zh}”不适用于{place.name_zh}这类机构，请选择与机构类型相符的角色。",
            f"The role {role.name_en} does not fit {place.name.of('en')}: choose one for that kind of organisation.",
        )
    return place, role
