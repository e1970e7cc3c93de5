"""Finds out who is behind a request's token, and with which roles and rights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.gateways import clock
from app.storage import business_clock
from app.storage.database import reading, unit_of_work
from app.storage.organisations import Membership, Organisation, Role, RoleGrant
from app.storage.people import Person, WebSession
from app.use_cases.administration.sessions import TOUCH_EVERY, is_live, token_hash
from app.use_cases.permissions import Actor


def load_actor(token: str, now: datetime | None = None) -> Actor | None:
    """The actor of a live session in one query, or None; `now` is real time, never a moved business clock.

    The same query reads the offset of the business date, so that a request pays nothing for it. Once a minute the
    session's last sight is noted, in a unit of its own, so that other units stay one commit.
    """
    now = now or clock.real_now()
    with reading() as session:
        query = _memberships().add_columns(WebSession).join(WebSession, WebSession.person_id == Person.id)
        if not clock.is_sealed():
            query = query.add_columns(business_clock.offset_column().label("offset_days"))
        rows = session.execute(query.where(*is_live(token, now))).all()
    if not rows:
        return None
    if not clock.is_sealed():
        clock.remember_offset(rows[0].offset_days or 0)
    actor = _actor(rows, rows[0].WebSession.organisation_id)
    if actor is not None and rows[0].WebSession.seen_at <= now - TOUCH_EVERY:
        _touch(token, now)
    return actor


def actor_of(session: Session, person: Person, organisation_id: int | None) -> Actor | None:
    """The person acting for the organisation, in one query; None when there is no such membership (any more)."""
    return _actor(session.execute(_memberships().where(Person.id == person.id)).all(), organisation_id)


def _memberships() -> Select[Person, Organisation, Role, str]:
    return (
        select(Person, Organisation, Role, RoleGrant.verb)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Role, Role.key == Membership.role_key)
        .outerjoin(RoleGrant, RoleGrant.role_key == Role.key)
        .where(Organisation.active)
        .order_by(Organisation.id, Role.key)
    )


def _actor(rows: Sequence[Any], organisation_id: int | None) -> Actor | None:
    mine = [row for row in rows if row.Organisation.id == organisation_id]
    if not mine:
        return None
    person, organisation = mine[0].Person, mine[0].Organisation
    roles = {row.Role.key: row.Role.name for row in mine}
    return Actor(
        person_id=person.id,
        name_zh=person.name_zh,
        name_en=person.name_en,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        roles=frozenset(roles),
        role_names=tuple(roles.values()),
        verbs=frozenset(row.verb for row in mine if row.verb is not None),
        organisations=len({row.Organisation.id for row in rows}),
        must_change_password=person.must_change_password,
    )


def _touch(token: str, now: datetime) -> None:
    try:
        with unit_of_work() as session:
            session.execute(
                update(WebSession)
                .where(WebSession.token_hash == token_hash(token), WebSession.seen_at < now)
                .values(seen_at=now)
                .execution_options(synchronize_session=False)
            )
    except Conflict:
        return  # the database is busy: the next request notes it
