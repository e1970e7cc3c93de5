"""Keeps the shareholders that the enterprise register names as links that everybody may know."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from app.forms import mask
from app.moment import Moment
from app.storage import organisations, party_links
from app.storage.party_links import REGISTER, PartyLink

SHAREHOLDER = "shareholder"


def register_links(session: Session, organisation_id: int, answer: Mapping[str, Any], moment: Moment) -> None:
    """From {"shareholders": [{name, share_percent, unified_social_credit_code?}]}; an answer without them says nothing.

    A shareholder without a credit code is a person, whose name is kept as its mask. Who is no longer named has left.
    """
    rows = answer.get("shareholders")
    if not isinstance(rows, list):
        return
    query = select(PartyLink).where(
        PartyLink.organisation_id == organisation_id, PartyLink.source == REGISTER, PartyLink.ended_on.is_(None)
    )
    before = {_side(link): link for link in session.scalars(query)}
    named = [_link(session, organisation_id, row, moment) for row in rows if isinstance(row, Mapping)]
    found = {_side(link): link for link in named if link is not None}
    session.add_all(link for side, link in found.items() if side not in before)
    party_links.end(session, [link for side, link in before.items() if side not in found], moment.business_on)


def _side(link: PartyLink) -> tuple[Any, ...]:
    return link.other_key or link.other_name, link.share_basis_points


def _link(session: Session, organisation_id: int, row: Mapping[str, Any], moment: Moment) -> PartyLink | None:
    name = str(row.get("name") or "").strip()
    code = str(row.get("unified_social_credit_code") or "").strip().upper()
    firm = uscc.is_valid(code)
    if not name:
        return None
    other = organisations.by_credit_code(session, code) if firm else None
    return PartyLink(
        organisation_id=organisation_id,
        kind=SHAREHOLDER,
        other_id=other.id if other else None,
        other_is_person=not firm,
        other_name=(name if firm else mask("name", name))[:200],
        other_key=code if firm else None,
        share_basis_points=_basis_points(row.get("share_percent")),
        source=REGISTER,
        since_on=moment.business_on,
        recorded_at=moment.now,
    )


def _basis_points(percent: Any) -> int | None:
    """Hundredths of a percent; None for what is no share."""
    if not isinstance(percent, Decimal | int):
        return None
    points = int(percent * 100)
    return points if 0 < points <= 10_000 else None
