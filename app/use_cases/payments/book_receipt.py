"""Books money that came in as a receipt that nobody has allocated yet; its channel's serial stands once."""

from __future__ import annotations

from typing import Any, Literal

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms import mask
from app.moment import Moment
from app.storage import party_store, payments
from app.storage.cases import LoanCase, next_number
from app.storage.payments import Payment, PaymentEvent
from app.use_cases.parties import party_key

REPAYMENT = "repayment"
log = structlog.get_logger(__name__)


def book_receipt(
    session: Session, channel: str, said: dict[str, Any], body_hash: str, moment: Moment
) -> Literal["booked", "known", "alarm"]:
    """Writes a payment of direction in and state unapplied, for the case whose number the remark names, or for none."""
    payments.hold_serial(session, channel, said["serial"])
    earlier = payments.with_serial(session, channel, said["serial"])
    if earlier is not None:
        return _again(session, earlier, channel, said, moment)
    case = session.scalar(select(LoanCase).where(LoanCase.number == said["remark"].strip()))
    payment = Payment(
        number=next_number(session, "RC", moment.business_on),
        case_id=case.id if case is not None else None,
        direction=payments.IN,
        kind=REPAYMENT,
        amount=said["amount"],
        currency=said["currency"],
        counterparty_name=said["payer_name"],
        purpose=said["remark"],
        state="unapplied",
        channel=channel,
        bank_reference=said["reference"],
        value_on=said["value_on"] or moment.business_on,
        created_at=moment.now,
    )
    payment.account_id, payment.account_masked = _account(session, payment.case_id, said["payer_account"], moment)
    session.add(payment)
    session.flush()
    added = payments.add_event(
        session,
        payment,
        "received",
        moment.now,
        channel=channel,
        serial=said["serial"],
        amount=said["amount"],
        body_hash=body_hash,
        detail={"reference": said["reference"]},
    )
    assert added, "the serial is held by this unit"
    return "booked"


def _again(
    session: Session, earlier: PaymentEvent, channel: str, said: dict[str, Any], moment: Moment
) -> Literal["known", "alarm"]:
    if earlier.kind == "received" and earlier.amount == said["amount"]:
        return "known"
    log.warning("payment alarm", kind="other_amount", serial=said["serial"])
    payments.raise_alarm(
        session,
        f"other_amount:{channel}:{said['serial']}:{said['amount']}"[:200],
        moment.now,
        kind="other_amount",
        payment_id=earlier.payment_id,
        channel=channel,
        text_zh=f"流水号 {said['serial']} 已入账 {earlier.amount or 0:,.2f} 元，现在又说 {said['amount']:,.2f} 元。",
        text_en=f"The serial {said['serial']} is booked with {earlier.amount or 0:,.2f} yuan; "
        f"now it says {said['amount']:,.2f}.",
    )
    return "alarm"


def _account(session: Session, case_id: int | None, account: str, moment: Moment) -> tuple[str | None, str]:
    plain = "".join(account.split())
    if not plain:
        return None, ""
    shown = mask("bank_account", plain)
    made = party_store.store(
        session,
        party_key.current(),
        case_id=case_id,
        kind="payer_account",
        value=plain,
        masked_as=shown,
        at=moment.now,
    )
    session.flush()
    return made["$party"], shown
