"""Confirms a prepared payment: the fourth person, freshly logged in, says that it may leave."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.errors import Conflict, Forbidden
from app.gateways import clock
from app.moment import Moment
from app.storage import payments
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.payments import Payment
from app.use_cases.payments.credit_cover import require_cover
from app.use_cases.payments.found import funders_payment
from app.use_cases.payments.four_persons import require_apart, require_different, require_reviewed
from app.use_cases.payments.prepare_payment import note
from app.use_cases.permissions import Actor, require

FRESH_MINUTES = 10
FRESH = timedelta(minutes=FRESH_MINUTES)


class FreshLogInNeeded(Forbidden):
    """Money leaves only on the word of somebody who has just given the password."""


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


def require_fresh(logged_in_at: datetime) -> None:
    """Raises FreshLogInNeeded where the password was given more than 10 minutes ago."""
    if clock.real_now() - logged_in_at > FRESH:
        raise FreshLogInNeeded(
            f"付款复核需要在 {FRESH_MINUTES} 分钟内重新登录过，请再次输入密码。",
            f"To confirm a payment you must have logged in within {FRESH_MINUTES} minutes; please give your password.",
        )


def confirm_in(session: Session, payment: Payment, case: LoanCase, actor: Actor, moment: Moment) -> None:
    """The same inside the caller's unit, which holds both locks and has asked for right and fresh log-in."""
    require_different(payment.maker_id, actor.person_id)
    require_reviewed(session, case)
    require_apart(session, case, actor.person_id)
    require_cover(session, case.id)
    confirmed = {"checker_id": actor.person_id, "confirmed_at": moment.now}
    if not payments.move(session, payment, ["prepared"], "confirmed", **confirmed):
        raise no_longer_prepared(payment)
    payments.add_event(session, payment, "confirmed", moment.now, amount=payment.amount, person_id=actor.person_id)
    note(session, actor, "confirm_payment", payment)


def no_longer_prepared(payment: Payment) -> Conflict:
    """What somebody is told who comes too late to a payment."""
    return Conflict(
        f"付款 {payment.number} 已不在待复核状态。", f"The payment {payment.number} no longer waits for confirmation."
    )
