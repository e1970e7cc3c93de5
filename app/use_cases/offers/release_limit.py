"""Gives back what a case holds on limits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import limits, loans
from app.storage.cases import LoanCase
from app.storage.loans import Loan
from app.storage.payments import Payment
from app.texts import Text
from app.use_cases.operation import Call, Operation, OperationRefused

DRAWDOWN = "drawdown"


def give_back_all(session: Session, case_id: int, at: datetime) -> int:
    """Releases every open reservation of a case; how many. Doing it again finds none.

    Error NotAllowed while money of the case is out, or may be: its payout was sent, or a loan of it is owed.
    """
    # as with everything about money the case first, so that a payout that leaves at the same moment is seen
    session.execute(select(LoanCase.id).where(LoanCase.id == case_id).with_for_update(key_share=True))
    _require_nothing_out(session, case_id)
    return _give_back(session, case_id, at)


def free_unlent_limits(session: Session, case_id: int, at: datetime) -> None:
    """Releases what a case holds that is over and of which no money is out, whatever its diagram drew."""
    session.execute(select(LoanCase.id).where(LoanCase.id == case_id).with_for_update(key_share=True))
    if _payout_that_is_out(session, case_id) is None:
        _give_back(session, case_id, at)


def _give_back(session: Session, case_id: int, at: datetime) -> int:
    if not limits.reservations(session, case_id):
        return 0
    limits.lock_funder(session, case_id)
    released = limits.reservations(session, case_id, locked=True)
    for reservation in released:
        reservation.released_at = at
        limits.give_back(session, reservation.limit_id, reservation.amount - reservation.freed)
    session.flush()
    return len(released)


def _payout_that_is_out(session: Session, case_id: int) -> str | None:
    """The number of a payout of the case that was sent, or on which a loan is owed."""
    over = select(Loan.payment_id).where(Loan.case_id == case_id, Loan.state != loans.ACTIVE)
    out = select(Payment.number).where(
        Payment.case_id == case_id,
        Payment.kind == DRAWDOWN,
        Payment.state.in_(("sent", "unknown", "succeeded")),
        Payment.id.not_in(over),
    )
    return session.scalars(out).first()


def _require_nothing_out(session: Session, case_id: int) -> None:
    number = _payout_that_is_out(session, case_id)
    if number is not None:
        raise OperationRefused(
            "NotAllowed",
            f"放款 {number} 已付出，还没有还清，额度不能释放。",
            f"The drawdown {number} is out and not repaid; the limit stays reserved.",
        )


def release_limit(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"released": how many reservations were given back}."""
    return {"released": give_back_all(session, call.case.id, call.moment.now)}


RELEASE_LIMIT = Operation("release_limit", Text("释放额度", "release the limit"), release_limit)
