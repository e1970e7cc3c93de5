"""Lists the people of the installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from app.gateways import clock
from app.storage.database import reading
from app.storage.organisations import Membership, Organisation, Role
from app.storage.people import Person, WebSession
from app.texts import Text
from app.use_cases.administration.people_acts import VERB
from app.use_cases.permissions import Actor, require

PAGE_SIZE = 30
STATES = ("active", "locked", "inactive")


@dataclass(frozen=True)
class Place:
    """An organisation and the roles that somebody has there."""

    organisation_id: int
    organisation: Text
    roles: tuple[Text, ...]


@dataclass(frozen=True)
class PersonLine:
    """`state` is active, locked (too many wrong passwords) or inactive; `is_new` has the first password still."""

    id: int
    login: str
    name: Text
    places: tuple[Place, ...]
    seen_at: datetime | None
    state: str
    is_new: bool


@dataclass(frozen=True)
class PeopleFound:
    """A page of people, how many there are, and how many in each state; `role` is the name of the one asked for."""

    lines: tuple[PersonLine, ...]
    total: int
    counts: dict[str, int]
    organisations: tuple[tuple[int, Text], ...]
    role: Text | None = None


def list_people(
    actor: Actor, *, query: str = "", state: str = "", organisation_id: int | None = None, role: str = "", page: int = 1
) -> PeopleFound:
    """People by login; `query` finds a part of login or name. Raises Forbidden."""
    require(VERB, actor)
    now = clock.real_now()
    wanted = _wanted(query.strip(), organisation_id, role)
    with reading() as session:
        counts = {
            one: session.scalar(select(func.count()).select_from(Person).where(*wanted, *_in_state(one, now))) or 0
            for one in ("", *STATES)
        }
        rows = session.scalars(
            select(Person)
            .where(*wanted, *_in_state(state, now))
            .order_by(Person.login)
            .offset((page - 1) * PAGE_SIZE)
            .limit(PAGE_SIZE)
        ).all()
        ids = [row.id for row in rows]
        places, seen = places_of(session, ids), seen_at(session, ids)
        offered = session.execute(
            select(Organisation.id, Organisation.name_zh, Organisation.name_en).order_by(Organisation.id)
        )
        organisations = tuple((row.id, Text(row.name_zh, row.name_en)) for row in offered)
        asked_role = session.get(Role, role) if role else None
    lines = tuple(
        PersonLine(
            row.id,
            row.login,
            Text(row.name_zh, row.name_en),
            places.get(row.id, ()),
            seen.get(row.id),
            state_of(row, now),
            row.must_change_password,
        )
        for row in rows
    )
    return PeopleFound(lines, counts[state], counts, organisations, None if asked_role is None else asked_role.name)


def state_of(person: Person, now: datetime) -> str:
    """One of STATES."""
    if not person.active:
        return "inactive"
    return "locked" if person.locked_until is not None and person.locked_until > now else "active"


def places_of(session: Session, person_ids: list[int]) -> dict[int, tuple[Place, ...]]:
    """Where people work and as what, by person."""
    rows = session.execute(
        select(Membership.person_id, Organisation, Role)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Role, Role.key == Membership.role_key)
        .where(Membership.person_id.in_(person_ids))
        .order_by(Organisation.id, Role.key)
    )
    found: dict[int, dict[int, tuple[Text, list[Text]]]] = {}
    for person_id, place, role in rows:
        found.setdefault(person_id, {}).setdefault(place.id, (place.name, []))[1].append(role.name)
    return {
        person_id: tuple(Place(id_, name, tuple(roles)) for id_, (name, roles) in places.items())
        for person_id, places in found.items()
    }


def seen_at(session: Session, person_ids: list[int]) -> dict[int, datetime]:
    """When people were last seen in any session, by person."""
    rows = session.execute(
        select(WebSession.person_id, func.max(WebSession.seen_at))
        .where(WebSession.person_id.in_(person_ids))
        .group_by(WebSession.person_id)
    )
    return {row[0]: row[1] for row in rows}


def like(text: str) -> str:
    """A pattern that finds the text anywhere, its own wildcards taken literally (escape "/")."""
    plain = text.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{plain}%"


def _wanted(query: str, organisation_id: int | None, role: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query:
        pattern = like(query)
        named = (Person.login.ilike(pattern, escape="/"), Person.name_zh.ilike(pattern, escape="/"))
        found.append(or_(*named, Person.name_en.ilike(pattern, escape="/")))
    if organisation_id is not None or role:
        works = exists().where(Membership.person_id == Person.id)
        if organisation_id is not None:
            works = works.where(Membership.organisation_id == organisation_id)
        if role:
            works = works.where(Membership.role_key == role)
        found.append(works)
    return found


def _in_state(state: str, now: datetime) -> list[ColumnElement[bool]]:
    locked = func.coalesce(Person.locked_until > now, False)
    if state == "inactive":
        return [Person.active.is_(False)]
    if not state:
        return []
    return [Person.active.is_(True), locked if state == "locked" else ~locked]
