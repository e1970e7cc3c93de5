"""Holds an amount on every limit that a case falls under; the tables refuse to go over, whatever was drawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import limits
from app.storage.cases import parties
from app.storage.limits import CreditLimit, LimitReservation
from app.texts import Text
from app.use_cases.offers.amounts import ReservationInput, checked
from app.use_cases.offers.release_limit import give_back_all
from app.use_cases.operation import Call, Operation, OperationRefused

KIND_NAMES = {
    "funder": Text("资金方总额度", "the funder's total limit"),
    "product": Text("产品额度", "the product's limit"),
    "core_enterprise": Text("核心企业额度", "the core enterprise's limit"),
    "borrower": Text("借款人额度", "the borrower's limit"),
}
REQUIRED = ("funder", "product")


def reserve_limit(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"reservation": {amount, limits}}; error LimitExceeded, naming the limit and what is left of it.

    The case then holds this amount and no other, however often it is called.
    """
    amount: Decimal = checked(ReservationInput(), call.inputs)["amount"]
    give_back_all(session, call.case.id, call.moment.now)
    held = _limits_of(session, call)
    for limit in held:
        if not limits.take(session, limit.id, amount):
            session.refresh(limit)
            name, left = KIND_NAMES[limit.kind], limit.total - limit.used
            raise OperationRefused(
                "LimitExceeded",
                f"{name.zh}只剩 {left:,.2f} 元，不够 {amount:,.2f} 元。",
                f"Only {left:,.2f} yuan are left of {name.en}; {amount:,.2f} are needed.",
            )
        _hold(session, call, limit, amount)
    return {"reservation": {"amount": amount, "limits": [limit.kind for limit in held]}}


def _hold(session: Session, call: Call, limit: CreditLimit, amount: Decimal) -> None:
    earlier = limits.reservations(session, call.case.id, open_only=False)
    for row in earlier:
        if (row.limit_id, row.reference) == (limit.id, call.key):
            row.amount, row.reserved_at, row.released_at = amount, call.moment.now, None
            return
    session.add(
        LimitReservation(
            case_id=call.case.id, limit_id=limit.id, reference=call.key, amount=amount, reserved_at=call.moment.now
        )
    )


def _limits_of(session: Session, call: Call) -> list[CreditLimit]:
    who = parties(session, call.case.id)
    subjects = {"funder": str(who["funder"]), "product": call.case.product_key, "borrower": str(who["borrower"])}
    if "core_enterprise" in who:
        subjects["core_enterprise"] = str(who["core_enterprise"])
    rows = session.scalars(select(CreditLimit).where(CreditLimit.funder_id == who["funder"]).order_by(CreditLimit.id))
    found = [row for row in rows if subjects.get(row.kind) == row.subject]
    needed = [*REQUIRED, *(["core_enterprise"] if "core_enterprise" in who else [])]
    for kind in needed:
        if kind not in {row.kind for row in found}:
            name = KIND_NAMES[kind]
            raise OperationRefused("LimitExceeded", f"还没有设定{name.zh}。", f"There is no amount set for {name.en}.")
    return found


RESERVE_LIMIT = Operation("reserve_limit", Text("占用额度", "reserve the limit"), reserve_limit)
