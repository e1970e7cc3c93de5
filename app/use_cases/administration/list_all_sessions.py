"""Lists who is logged in now, for the administrator."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from app.gateways import clock
from app.storage.database import reading
from app.storage.organisations import Organisation
from app.storage.people import Person, WebSession
from app.texts import Text
from app.use_cases.administration.list_people import like
from app.use_cases.administration.list_sessions import OpenSession
from app.use_cases.administration.people_acts import VERB
from app.use_cases.administration.sessions import in_time, token_hash
from app.use_cases.permissions import Actor, require

PAGE_SIZE = 50


@dataclass(frozen=True)
class LiveSession:
    """Somebody's log-in; `organisation` is what it acts for now."""

    person_id: int
    login: str
    name: Text
    organisation: Text | None
    session: OpenSession


@dataclass(frozen=True)
class SessionsFound:
    """A page of sessions, last used first; `people` is how many different people they are of."""

    lines: tuple[LiveSession, ...]
    total: int
    people: int


def list_all_sessions(actor: Actor, token: str, *, query: str = "", page: int = 1) -> SessionsFound:
    """`query` finds a part of login or name; raises Forbidden."""
    require(VERB, actor)
    live = [WebSession.revoked_at.is_(None), *in_time(clock.real_now()), Person.active.is_(True)]
    if query.strip():
        pattern = like(query.strip())
        named = (Person.login.ilike(pattern, escape="/"), Person.name_zh.ilike(pattern, escape="/"))
        live.append(or_(*named, Person.name_en.ilike(pattern, escape="/")))
    with reading() as session:
        of_people = (
            select(func.count(), func.count(Person.id.distinct()))
            .select_from(WebSession)
            .join(Person, Person.id == WebSession.person_id)
        )
        total, people = session.execute(of_people.where(*live)).one()
        rows = session.execute(
            select(WebSession, Person, Organisation)
            .join(Person, Person.id == WebSession.person_id)
            .outerjoin(Organisation, Organisation.id == WebSession.organisation_id)
            .where(*live)
            .order_by(WebSession.seen_at.desc(), WebSession.token_hash)
            .offset((page - 1) * PAGE_SIZE)
            .limit(PAGE_SIZE)
        ).all()
    mine = token_hash(token)
    return SessionsFound(
        tuple(
            LiveSession(
                person.id,
                person.login,
                Text(person.name_zh, person.name_en),
                place.name if place is not None else None,
                OpenSession(
                    row.token_hash, row.created_at, row.seen_at, row.address, row.device, row.token_hash == mine
                ),
            )
            for row, person, place in rows
        ),
        total,
        people,
    )
