"""Holds an amount on every limit that a case falls under; the tables refuse to go over, whatever was drawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.moment import Moment
from app.storage import limits
from app.storage.cases import LoanCase
from app.storage.limits import ZERO, CreditLimit, LimitReservation
from app.texts import Text
from app.use_cases.compliance.holds import NOT_CLEARED, open_holds
from app.use_cases.offers.amounts import ReservationInput, checked
from app.use_cases.offers.check_concentration import check_concentration
from app.use_cases.offers.limits_of_case import LimitExceeded, limit_name, limits_of_case, sides_of
from app.use_cases.offers.release_limit import give_back_all
from app.use_cases.operation import Call, Operation, OperationRefused


def reserve(session: Session, case: LoanCase, amount: Decimal, moment: Moment, reference: str) -> list[str]:
    """Holds `amount` yuan for the case on its limits, in place of what it held; the kinds of limits.

    For the caller's unit: an approval and its reservation are one transaction. `reference` names the act (the same
    for each try of it). Raises LimitExceeded, which names the limit and what is left: nothing of the unit may be kept
    then. Locks the case, the funder, then its limits by kind and id, so that units never wait for each other.
    """
    session.execute(select(LoanCase.id).where(LoanCase.id == case.id).with_for_update(key_share=True))
    limits.lock_funder(session, case.id)
    sides = sides_of(session, case.id)
    give_back_all(session, case.id, moment.now)
    found = limits_of_case(session, case, sides, moment.business_on)
    check_concentration(session, case, sides, amount, moment.business_on)
    for limit in found:
        _require_open(session, limit, moment)
        if not limits.take(session, limit.id, amount):
            session.refresh(limit)
            raise _short(session, limit, amount)
        _hold(session, case, limit, amount, moment, reference)
    session.flush()
    return [limit.kind for limit in found]


def reserve_limit(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"reservation": {amount, limits}}; errors LimitExceeded, naming the limit and what is left, and OnHold.

    The case then holds this amount and no other, however often it is called.
    """
    amount: Decimal = checked(ReservationInput(), call.inputs)["amount"]
    if open_holds(session, call.case.id):
        raise OperationRefused("OnHold", NOT_CLEARED.zh, NOT_CLEARED.of("en"))
    try:
        kinds = reserve(session, call.case, amount, call.moment, call.key)
    except LimitExceeded as short:
        raise OperationRefused("LimitExceeded", short.text.zh, short.text.of("en")) from short
    return {"reservation": {"amount": amount, "limits": kinds}}


def _require_open(session: Session, limit: CreditLimit, moment: Moment) -> None:
    name, today = limit_name(session, limit), moment.business_on
    if limit.frozen_reason:
        raise LimitExceeded(f"{name.zh}已冻结：{limit.frozen_reason}。", f"{name.en} is frozen: {limit.frozen_reason}.")
    if limit.valid_from is not None and today < limit.valid_from:
        raise LimitExceeded(
            f"{name.zh}从 {limit.valid_from} 起才有效。", f"{name.en} is valid from {limit.valid_from} only."
        )
    if limit.valid_until is not None and today > limit.valid_until:
        raise LimitExceeded(f"{name.zh}已于 {limit.valid_until} 到期。", f"{name.en} ended on {limit.valid_until}.")


def _short(session: Session, limit: CreditLimit, amount: Decimal) -> LimitExceeded:
    name = limit_name(session, limit)
    return LimitExceeded(
        f"{name.zh}只剩 {limit.left:,.2f} 元，不够 {amount:,.2f} 元。",
        f"Only {limit.left:,.2f} yuan are left of {name.en}; {amount:,.2f} are needed.",
    )


def _hold(
    session: Session, case: LoanCase, limit: CreditLimit, amount: Decimal, moment: Moment, reference: str
) -> None:
    earlier = limits.reservations(session, case.id, open_only=False)
    for row in earlier:
        if (row.limit_id, row.reference) == (limit.id, reference):
            row.amount, row.freed, row.reserved_at, row.released_at = amount, ZERO, moment.now, None
            return
    session.add(
        LimitReservation(
            case_id=case.id,
            limit_id=limit.id,
            reference=reference,
            amount=amount,
            freed=ZERO,
            reserved_at=moment.now,
        )
    )


RESERVE_LIMIT = Operation("reserve_limit", Text("占用额度", "reserve the limit"), reserve_limit)
