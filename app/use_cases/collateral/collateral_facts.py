"""The facts on a case's collateral that rules and diagrams read by load_facts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.storage import collateral
from app.storage.collateral import Collateral
from app.storage.organisations import Organisation
from app.use_cases.collateral.collateral_input import day


def collateral_facts(session: Session, case_id: int) -> dict[str, Any]:
    """{secured: whether something live stands, value: its yuan in all, registered: all of it, items: [...]}.

    `items` has what is live and what was sold, oldest first, each with number, kind, receipt, custodian, registration.
    """
    shown = [one for one in collateral.of_case(session, case_id) if one.state != collateral.RELEASED]
    live = [one for one in shown if one.state in collateral.LIVE]
    return {
        "secured": bool(live),
        "value": sum((one.value for one in live), Decimal("0.00")),
        "registered": bool(live) and all(one.registration_no for one in live),
        "items": [_item(session, one) for one in shown],
    }


def _item(session: Session, one: Collateral) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "state": one.state,
        "receipt_number": one.receipt_number,
        "goods": one.goods,
        "quantity": one.quantity,
        "unit": one.unit,
        "value": one.value,
        "warehouse": one.warehouse,
        "custodian": session.get_one(Organisation, one.custodian_id).name_zh,
        "owner": session.get_one(Organisation, one.owner_id).name_zh,
        "expires_on": day(one.expires_on),
        "registration_no": one.registration_no,
        "registered_on": day(one.registered_on),
        "registration_ends_on": day(one.registration_ends_on),
        "evidence": one.evidence,
    }
