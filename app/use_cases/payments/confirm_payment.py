"""Confirms a prepared payment: the fourth person, freshly logged in, says that it may leave."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.errors import Conflict
from app.gateways import clock
from app.moment import Moment
from app.storage import payments
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.payments import Payment
from app.use_cases.administration.fresh_log_in import require_fresh
from app.use_cases.compliance.holds import require_no_hold
from app.use_cases.payments.approve_payment import require_approved
from app.use_cases.payments.found import funders_payment
from app.use_cases.payments.four_persons import require_different
from app.use_cases.payments.payment_kinds import kind_of
from app.use_cases.payments.prepare_payment import note
from app.use_cases.permissions import Actor, require

NOTHING = Decimal(0)


def confirm_payment(actor: Actor, payment_no: str, *, logged_in_at: datetime) -> None:
    """`logged_in_at` is when the password was last given (WebSession.fresh_at, real time).

    Raises NotFound, Forbidden, FreshLogInNeeded, FourEyes, Refused, or Conflict when the payment is no longer prepared.
    """
    require("confirm_payments", actor)
    require_fresh(logged_in_at)
    moment = clock.moment()
    with unit_of_work() as session:
        payment, case = funders_payment(session, payment_no, actor)
        confirm_in(session, payment, case, actor, moment)


def confirm_in(session: Session, payment: Payment, case: LoanCase, actor: Actor, moment: Moment) -> None:
    """The same inside the caller's unit, which holds both locks and has asked for right and fresh log-in."""
    require_no_hold(session, case.id)
    require_different(payment.maker_id, actor.person_id)
    require_approved(payment, actor.person_id)
    controls = kind_of(payment.kind)
    controls.require_person(session, case, actor.person_id)
    controls.require_cover(session, case.id, NOTHING)
    controls.require_payee(session, payment)
    authorised = {"checker_id": actor.person_id, "confirmed_at": moment.now}
    if not payments.move(session, payment, ["prepared"], "authorised", **authorised):
        raise no_longer_prepared(payment)
    payments.add_event(session, payment, "authorised", moment.now, amount=payment.amount, person_id=actor.person_id)
    note(session, actor, "confirm_payment", payment)


def no_longer_prepared(payment: Payment) -> Conflict:
    """What somebody is told who comes too late to a payment."""
    return Conflict(
        f"付款 {payment.number} 已不在待复核状态。", f"The payment {payment.number} no longer waits for confirmation."
    )
