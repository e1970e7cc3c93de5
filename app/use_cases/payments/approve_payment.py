"""Approves a prepared large payment: the third person whom the table of payouts asks for."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.errors import Conflict, FourEyes, Refused
from app.moment import Moment
from app.storage import payments
from app.storage.cases import LoanCase
from app.storage.payments import Payment
from app.use_cases.compliance.holds import require_no_hold
from app.use_cases.payments.payment_kinds import kind_of
from app.use_cases.payments.prepare_payment import note
from app.use_cases.permissions import Actor

THREE = 3


def approve_in(session: Session, payment: Payment, case: LoanCase, actor: Actor, moment: Moment) -> None:
    """Inside the caller's unit, which holds both locks and has asked for the right and a fresh log-in.

    Raises FourEyes for who prepared it or took part in the case, Refused on a hold, Conflict when it is not prepared.
    """
    require_no_hold(session, case.id)
    if payment.maker_id == actor.person_id:
        raise FourEyes("经办和批准必须是两个人。", "A payment is prepared and approved by two persons.")
    kind_of(payment.kind).require_person(session, case, actor.person_id)
    if not payments.move(session, payment, ["prepared"], "prepared", approver_id=actor.person_id):
        raise Conflict(
            f"付款 {payment.number} 已不在待批准状态。", f"The payment {payment.number} no longer waits for approval."
        )
    payments.add_event(session, payment, "approved", moment.now, amount=payment.amount, person_id=actor.person_id)
    note(session, actor, "approve_payment", payment)


def require_approved(payment: Payment, checker_id: int | None) -> None:
    """Raises Refused where a third person is needed and none approved it, FourEyes where it is not a third one."""
    if payment.persons_needed < THREE:
        return
    if payment.approver_id is None:
        raise Refused("这笔大额放款还没有经风险经理批准。", "The risk manager has not approved this large payment yet.")
    if payment.approver_id in (payment.maker_id, checker_id):
        raise FourEyes("大额放款须由三个不同的人办理。", "A large payment needs three different persons.")
