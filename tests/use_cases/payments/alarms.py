"""Alarms for tests: the bank said something about a payment that does not fit."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from app.storage import payments
from app.storage.database import reading, unit_of_work
from app.storage.payments import Payment, PaymentAlarm
from tests.desk import Desk

AT = datetime(2026, 3, 20, 2, tzinfo=UTC)


def alarm_of(desk: Desk, *, nobodys: bool = False) -> int:
    """The id of an open alarm of the newest payment out, or of one that no payment is known for."""
    fingerprint = "unknown_payment:sandbox:S9" if nobodys else "other_amount:sandbox:S1:5.00"
    with desk.app.app_context(), unit_of_work() as session:
        newest = session.scalars(select(Payment).order_by(Payment.id.desc())).first()
        payments.raise_alarm(
            session,
            fingerprint,
            AT,
            kind=fingerprint.split(":")[0],
            payment_id=None if nobodys or newest is None else newest.id,
            channel="sandbox",
            text_zh="流水号已入账 9.00 元，现在又说 5.00 元。",
            text_en="The serial is booked with 9.00 yuan; now it says 5.00.",
        )
    return alarm(desk, fingerprint).id


def alarm(desk: Desk, fingerprint: str) -> PaymentAlarm:
    """The alarm as it is now."""
    with desk.app.app_context(), reading() as session:
        return session.scalars(select(PaymentAlarm).where(PaymentAlarm.fingerprint == fingerprint)).one()
