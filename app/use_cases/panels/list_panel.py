"""Lists a funder's panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.gateways import clock
from app.storage import panels, people
from app.storage.database import reading
from app.storage.panels import PanelMember
from app.texts import Text
from app.use_cases.panels.keep_panel import VERB
from app.use_cases.permissions import Actor, require

IN_FORCE, SUSPENDED, EXPIRED = "in_force", "suspended", "expired"


@dataclass(frozen=True)
class PanelLine:
    """A firm on the panel; `state` says whether it may be given work."""

    member: PanelMember
    firm_id: int
    name: Text
    kind: str
    state: str
    admitted_by: Text | None


def list_panel(actor: Actor) -> tuple[PanelLine, ...]:
    """The panel of the actor's funder, by kind. Raises Forbidden."""
    require(VERB, actor)
    today = clock.moment().business_on
    with reading() as session:
        found = panels.members(session, actor.organisation_id)
        who = people.names(session, {member.admitted_by for member, _ in found if member.admitted_by})
    return tuple(
        PanelLine(
            member,
            firm.id,
            firm.name,
            firm.kind,
            _state(member, today),
            Text(by.name_zh, by.name_en) if (by := who.get(member.admitted_by or 0)) else None,
        )
        for member, firm in found
    )


def _state(member: PanelMember, today: date) -> str:
    if member.suspended_at is not None:
        return SUSPENDED
    return EXPIRED if member.valid_until is not None and member.valid_until < today else IN_FORCE
