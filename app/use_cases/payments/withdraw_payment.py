"""Withdraws a prepared payment: the checker sends it back, or the maker made a mistake; it can never be sent then."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.gateways import clock
from app.moment import Moment
from app.storage import payments
from app.storage.database import unit_of_work
from app.storage.payments import Payment
from app.use_cases.payments.confirm_payment import no_longer_prepared
from app.use_cases.payments.found import funders_payment
from app.use_cases.payments.prepare_payment import note
from app.use_cases.permissions import Actor, may, require


def withdraw_payment(actor: Actor, payment_no: str, reason: str) -> None:
    """Raises NotFound, Forbidden, or Conflict when the payment is no longer prepared."""
    if not may("prepare_payments", actor):
        require("confirm_payments", actor)
    moment = clock.moment()
    with unit_of_work() as session:
        payment, _case = funders_payment(session, payment_no, actor)
        withdraw_in(session, payment, actor, reason, moment)


def withdraw_in(session: Session, payment: Payment, actor: Actor, reason: str, moment: Moment) -> None:
    """The same inside the caller's unit, which holds the payment's lock and has asked for the right."""
    if not payments.move(session, payment, ["prepared"], "withdrawn", reason=reason[:200], settled_at=moment.now):
        raise no_longer_prepared(payment)
    payments.add_event(session, payment, "withdrawn", moment.now, person_id=actor.person_id)
    note(session, actor, "withdraw_payment", payment)
