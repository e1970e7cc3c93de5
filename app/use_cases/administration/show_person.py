"""Shows a person to an administrator: memberships, sessions, work in hand, and what they can be given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.gateways import clock
from app.storage.database import reading
from app.storage.organisations import Membership, Organisation, Role
from app.storage.people import Person
from app.storage.user_tasks import UserTask
from app.texts import Text
from app.use_cases.administration.list_people import seen_at, state_of
from app.use_cases.administration.list_sessions import OpenSession, list_sessions
from app.use_cases.administration.organisation_kinds import capacity_of
from app.use_cases.administration.people_acts import VERB
from app.use_cases.permissions import Actor, require


@dataclass(frozen=True)
class Held:
    """One role at one organisation; `id` names it for ending."""

    id: int
    organisation_id: int
    organisation: Text
    role: Text


@dataclass(frozen=True)
class Offered:
    """An organisation with the roles that fit its kind."""

    organisation_id: int
    organisation: Text
    kind: str
    roles: tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class PersonShown:
    """`is_self` may change nothing here; `open_tasks` are those that the person has claimed."""

    id: int
    login: str
    name: Text
    state: str
    locked_until: datetime | None
    must_change_password: bool
    created_at: datetime
    seen_at: datetime | None
    held: tuple[Held, ...]
    sessions: tuple[OpenSession, ...]
    open_tasks: int
    is_self: bool


def show_person(actor: Actor, person_id: int, token: str) -> PersonShown:
    """Raises Forbidden or NotFound."""
    require(VERB, actor)
    sessions = tuple(list_sessions(actor, token, person_id))
    now = clock.real_now()
    with reading() as session:
        person = session.get(Person, person_id)
        if person is None:
            raise NotFound
        open_tasks = select(func.count()).where(UserTask.claimed_by == person_id, UserTask.state == "open")
        return PersonShown(
            person.id,
            person.login,
            Text(person.name_zh, person.name_en),
            state_of(person, now),
            person.locked_until,
            person.must_change_password,
            person.created_at,
            seen_at(session, [person_id]).get(person_id),
            _held(session, person_id),
            sessions if person.active else (),
            session.scalar(open_tasks) or 0,
            person.id == actor.person_id,
        )


def offered_places(actor: Actor) -> tuple[Offered, ...]:
    """Every active organisation with the roles that fit it; raises Forbidden."""
    require(VERB, actor)
    with reading() as session:
        roles: dict[str, list[tuple[str, Text]]] = {}
        for role in session.scalars(select(Role).order_by(Role.key)):
            roles.setdefault(role.capacity, []).append((role.key, role.name))
        places = session.scalars(select(Organisation).where(Organisation.active).order_by(Organisation.id)).all()
    return tuple(
        Offered(place.id, place.name, place.kind, tuple(roles.get(capacity_of(place.kind), ()))) for place in places
    )


def _held(session: Session, person_id: int) -> tuple[Held, ...]:
    rows = session.execute(
        select(Membership.id, Organisation, Role)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Role, Role.key == Membership.role_key)
        .where(Membership.person_id == person_id)
        .order_by(Organisation.id, Role.key)
    )
    return tuple(Held(id_, place.id, place.name, role.name) for id_, place, role in rows)
