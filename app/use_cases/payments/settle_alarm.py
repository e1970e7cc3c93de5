"""Settles an alarm: somebody of finance has looked into it and says what it was; nothing else changes by that."""

from __future__ import annotations

from sqlalchemy import select

from app.errors import Conflict, NotFound, Refused
from app.gateways import clock
from app.storage import audit
from app.storage.database import unit_of_work
from app.storage.payments import Payment, PaymentAlarm
from app.use_cases.payments.list_payments import may_settle, of_funder
from app.use_cases.permissions import Actor, require

MOST_LETTERS = 500


def settle_alarm(actor: Actor, alarm_id: int, remark: str) -> None:
    """The remark goes into the audit trail; the same finding opens the alarm again.

    Finance officers settle those of their bank, the operator those that are nobody's. Raises NotFound for others,
    Forbidden, Refused without a remark, and Conflict when it is settled.
    """
    require("view_ledger" if actor.case_scope is None else "prepare_payments", actor)
    said = remark.strip()[:MOST_LETTERS]
    with unit_of_work() as session:
        query = select(PaymentAlarm, Payment.case_id).outerjoin(Payment, Payment.id == PaymentAlarm.payment_id)
        if actor.case_scope is not None:
            query = query.where(of_funder(actor))
        found = session.execute(
            query.where(PaymentAlarm.id == alarm_id).with_for_update(of=PaymentAlarm.__table__)
        ).one_or_none()
        if found is None or not may_settle(actor, found[0], found[1]):
            raise NotFound
        alarm = found[0]
        if not said:
            raise Refused("请写明核实的结果。", "Please say what you found.")
        if alarm.settled_at is not None:
            raise Conflict(
                "这条告警已经有人处理过了。", "Somebody has already settled this alarm.", at=alarm.settled_at
            )
        alarm.settled_at, alarm.settled_by = clock.moment().now, actor.person_id
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="settle_payment_alarm",
            target=f"alarm/{alarm.id}",
            detail={"kind": alarm.kind, "remark": said},
            at=clock.real_now(),
        )
