"""Facts by which an approval is weighed: what is out already, what the guarantor stands for, what is pledged."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from app.storage import collateral, limits
from app.storage.cases import parties
from app.storage.limits import ZERO
from app.storage.organisations import Organisation
from app.use_cases.applications.application_data import application_data
from app.use_cases.offers.limits_of_case import sides_of
from app.use_cases.operation import Call

BORROWER, GUARANTOR = "borrower", "guarantor"


def exposure_facts(session: Session, call: Call) -> dict[str, Any]:
    """{borrower, group, total: yuan; members: firms of the group} that the funder's cases hold, without this case.

    `group` is what the firms linked to the borrower by control hold, `total` both. What is approved and not yet lent
    counts like what is lent.
    """
    sides = sides_of(session, call.case.id)
    own = limits.exposure(session, sides.funder, BORROWER, {sides.borrower})
    total = limits.exposure(session, sides.funder, BORROWER, sides.group)
    mine = max((held.amount - held.freed for held in limits.reservations(session, call.case.id)), default=ZERO)
    return {
        "borrower": own - mine,
        "group": total - own,
        "total": total - mine,
        "members": len(sides.group),
    }


def security_facts(session: Session, call: Call) -> dict[str, Any]:
    """{guarantor: {...} or None, collateral: {kind, value}}; see the two functions below."""
    said = application_data(session, call.case)
    return {
        "guarantor": _guarantor(session, call, said),
        "collateral": _collateral(session, call),
    }


def _guarantor(session: Session, call: Call, said: Mapping[str, Any]) -> dict[str, Any] | None:
    """{kind, name, net_assets, income, here, elsewhere, total}: amounts in yuan, None where the firm did not say.

    `here` is what the funder's other cases hold that it guarantees, `elsewhere` what it declared to guarantee for
    other banks. None where nobody guarantees.
    """
    who = parties(session, call.case.id)
    name = said.get("guarantor_name")
    if GUARANTOR not in who:
        return None
    row = session.get_one(Organisation, who[GUARANTOR])
    here = limits.exposure(session, who["funder"], GUARANTOR, {row.id})
    mine = max((held.amount - held.freed for held in limits.reservations(session, call.case.id)), default=ZERO)
    elsewhere = _yuan(said.get("guarantor_guarantees_yuan"))
    return {
        "kind": row.kind,
        "name": row.name_zh or name,
        "net_assets": _yuan(said.get("guarantor_net_assets_yuan")),
        "income": _yuan(said.get("guarantor_income_yuan")),
        "here": here - mine,
        "elsewhere": elsewhere or ZERO,
        "total": here - mine + (elsewhere or ZERO),
    }


def _collateral(session: Session, call: Call) -> dict[str, Any]:
    """{kind, value}: what is pledged in the case; None where nothing is. One receipt never backs a second live case."""
    live = [one for one in collateral.of_case(session, call.case.id) if one.state in collateral.LIVE]
    return {
        "kind": live[0].kind if live else None,
        "value": sum((one.value for one in live), ZERO) if live else None,
    }


def _yuan(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None
