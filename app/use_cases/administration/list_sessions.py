"""Lists where somebody is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.gateways import clock
from app.storage.database import reading
from app.storage.people import WebSession
from app.use_cases.administration.sessions import in_time, token_hash
from app.use_cases.permissions import Actor, require


@dataclass(frozen=True)
class OpenSession:
    """One log-in that is still good; `id` names it for revoking and opens nothing."""

    id: str
    created_at: datetime
    seen_at: datetime
    address: str
    device: str
    current: bool


def list_sessions(actor: Actor, token: str = "", person_id: int | None = None) -> list[OpenSession]:
    """Open sessions, last seen first: one's own, or with the right to administer people another person's."""
    if person_id not in (None, actor.person_id):
        require("administer_people", actor)
    with reading() as session:
        rows = session.scalars(
            select(WebSession)
            .where(
                WebSession.person_id == (person_id or actor.person_id),
                WebSession.revoked_at.is_(None),
                *in_time(clock.real_now()),
            )
            .order_by(WebSession.seen_at.desc(), WebSession.token_hash)
        ).all()
    mine = token_hash(token)
    return [
        OpenSession(row.token_hash, row.created_at, row.seen_at, row.address, row.device, row.token_hash == mine)
        for row in rows
    ]
