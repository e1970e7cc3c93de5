"""Pledges goods that their custodian confirmed; one receipt of one custodian backs one live case."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import collateral
from app.storage.cases import next_number, parties
from app.storage.collateral import Collateral
from app.texts import Text
from app.use_cases.collateral.collateral_input import PledgeInput, day, receipt_key
from app.use_cases.offers.amounts import checked
from app.use_cases.operation import Call, Operation, OperationRefused


def pledge_collateral(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"collateral": {number, receipt_number, value}, "receipt": as generate_contracts takes it}.

    What the case held before is released, so a case has one live receipt. Errors: AlreadyPledged where another case
    holds this receipt of this custodian; NotAllowed without a custodian or once a loan stands on it; BadInput.
    """
    wanted = checked(PledgeInput(), call.inputs)
    who = parties(session, call.case.id)
    if "custodian" not in who:
        raise OperationRefused(
            "NotAllowed",
            "本申请没有登记监管仓，仓单不能质押。",
            "This case has no custodian; the receipt cannot be pledged.",
        )
    _require_unlent(session, call)
    collateral.free_unlent(session, call.case.id, call.moment.now)
    receipt = wanted["receipt"] | {"number": receipt_key(wanted["receipt"]["number"])}
    row = _row(call, wanted, receipt, who) | {"number": next_number(session, "DB", call.moment.business_on)}
    if collateral.pledge(session, row) is None:
        raise OperationRefused(
            "AlreadyPledged",
            f"仓单 {receipt['number']} 已经质押给另一笔融资，一张仓单只能担保一笔。",
            f"The receipt {receipt['number']} already backs another financing; a receipt backs one only.",
        )
    return {
        "collateral": {"number": row["number"], "receipt_number": receipt["number"], "value": receipt["value"]},
        "receipt": receipt | {"expires_on": day(receipt["expires_on"])},
    }


def _require_unlent(session: Session, call: Call) -> None:
    lent: list[Collateral] = [one for one in collateral.of_case(session, call.case.id, live_only=True) if one.loan_id]
    if lent:
        raise OperationRefused(
            "NotAllowed",
            f"担保物 {lent[0].number} 已经担保一笔贷款，不能换。",
            f"The collateral {lent[0].number} secures a loan and cannot be exchanged.",
        )


def _row(call: Call, wanted: dict[str, Any], receipt: dict[str, Any], who: dict[str, int]) -> dict[str, Any]:
    return {
        "case_id": call.case.id,
        "kind": wanted["kind"],
        "receipt_number": receipt["number"],
        "goods": receipt["goods"],
        "quantity": receipt["quantity"],
        "unit": receipt["unit"],
        "value": receipt["value"],
        "currency": call.case.currency,
        "owner_id": who["borrower"],
        "custodian_id": who["custodian"],
        "warehouse": receipt["warehouse"],
        "expires_on": receipt["expires_on"],
        "evidence": wanted["evidence"],
        "pledged_at": call.moment.now,
    }


PLEDGE_COLLATERAL = Operation("pledge_collateral", Text("登记质押物", "pledge the collateral"), pledge_collateral)
