"""Gives a right to a role, or takes it away."""

from __future__ import annotations

from sqlalchemy import select

from app.errors import NotFound, Refused
from app.storage.database import unit_of_work
from app.storage.organisations import Membership, Role, RoleGrant
from app.use_cases.administration.people_acts import (
    VERB,
    OwnRights,
    hold_administrators,
    keep_an_administrator,
    note,
)
from app.use_cases.permissions import VERBS, Actor, fits, require


class RightDoesNotFit(Refused):
    """The right belongs to organisations of another kind than the role's."""


def set_grant(actor: Actor, role_key: str, verb: str, granted: bool) -> bool:
    """Whether anything changed; it holds from everybody's next request on.

    Raises Forbidden, NotFound for a role or right that there is not, OwnRights for a role that the actor has,
    RightDoesNotFit, or LastAdministrator.
    """
    require(VERB, actor)
    with unit_of_work() as session:
        hold_administrators(session)
        role = session.get(Role, role_key)
        if role is None or verb not in VERBS:
            raise NotFound
        own = select(Membership.id).where(Membership.person_id == actor.person_id, Membership.role_key == role_key)
        if session.scalar(own.limit(1)) is not None:
            raise OwnRights
        if granted and not fits(verb, role.capacity):
            raise RightDoesNotFit(
                f"“{VERBS[verb].zh}”不能授予“{role.name_zh}”：这项权利只适用于其他类型的机构。",
                f'"{VERBS[verb].en}" cannot be given to {role.name_en}: it is for organisations of another kind.',
            )
        grant = session.get(RoleGrant, (role_key, verb))
        if (grant is not None) == granted:
            return False
        if grant is None:
            session.add(RoleGrant(role_key=role_key, verb=verb, given_by=actor.person_id))
        else:
            session.delete(grant)
        keep_an_administrator(session)
        note(session, actor, "give_right" if granted else "take_right", f"role/{role_key}", role=role_key, right=verb)
        return True
