"""Chooses for which of a person's organisations a session acts."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import NotFound
from app.gateways import clock
from app.storage import audit, organisations, user_tasks
from app.storage.database import reading, unit_of_work
from app.texts import Text
from app.use_cases.administration.sessions import live_session


@dataclass(frozen=True)
class ActsAs:
    """One organisation somebody may act for, with the roles there; `chosen` is that of the session, `tasks` how many
    open ones wait there for the person.
    """

    organisation_id: int
    organisation: Text
    roles: tuple[Text, ...]
    chosen: bool
    tasks: int


def list_memberships(token: str) -> list[ActsAs]:
    """What the person behind the token may act as; empty when the session is over."""
    with reading() as session:
        found = live_session(session, token, clock.real_now())
        if found is None:
            return []
        web_session, person = found
        places: dict[int, tuple[Text, dict[str, Text]]] = {}
        for _membership, organisation, role in organisations.memberships(session, person.id):
            places.setdefault(organisation.id, (organisation.name, {}))[1][role.key] = role.name
        return [
            ActsAs(
                id_,
                name,
                tuple(roles.values()),
                id_ == web_session.organisation_id,
                user_tasks.count_doable(session, id_, roles, person.id),
            )
            for id_, (name, roles) in places.items()
        ]


def act_as(token: str, organisation_id: int) -> None:
    """From the next request on the session acts for that organisation; raises NotFound when it is not the person's."""
    now = clock.real_now()
    with unit_of_work() as session:
        found = live_session(session, token, now)
        if found is None:
            raise NotFound
        web_session, person = found
        if organisation_id not in {place.id for _m, place, _r in organisations.memberships(session, person.id)}:
            raise NotFound
        before, web_session.organisation_id = web_session.organisation_id, organisation_id
        audit.record(
            session,
            organisation_id=organisation_id,
            person_id=person.id,
            verb="act_as",
            target=f"person/{person.id}",
            detail={"before": before},
            at=now,
        )
