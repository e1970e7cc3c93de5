"""Books money that came in, once a serial: to the loan that its remark names, else as a receipt for a person."""

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
from app.use_cases.disposals.take_proceeds import PROCEEDS, disposal_for, take_proceeds_in
from app.use_cases.instances.throw_message import throw
from app.use_cases.loans.take_receipt import take_receipt_in
from app.use_cases.loans.tell_of_close import BILL_EXCEPTION
from app.use_cases.parties import party_key
from app.use_cases.payments.loan_of_receipt import candidate_for, loan_named

REPAYMENT, UNIDENTIFIED = "repayment", "unidentified"
log = structlog.get_logger(__name__)


def book_receipt(
    session: Session, channel: str, said: dict[str, Any], body_hash: str, moment: Moment
) -> Literal["booked", "known", "alarm"]:
    """Writes a payment in, for the loan, the disposal or the case whose number the remark names, or for none.

    In the same unit the loan takes it (take_receipt_in), or the disposal as its price (take_proceeds_in). Where neither
    is found, but a firm that owes a loan has the payer's name, the message BillException asks a person.
    """
    payments.hold_serial(session, channel, said["serial"])
    earlier = payments.with_serial(session, channel, said["serial"])
    if earlier is not None:
        return _again(session, earlier, channel, said, moment)
    loan = loan_named(session, said["remark"])
    disposal = disposal_for(session, said["remark"], said["amount"]) if loan is None else None
    named = loan or disposal
    case_id = named.case_id if named is not None else _case_named(session, said["remark"])
    payment = Payment(
        number=next_number(session, "RC", moment.business_on),
        case_id=case_id,
        direction=payments.IN,
        kind=REPAYMENT if disposal is None else PROCEEDS,
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
    if disposal is not None:
        take_proceeds_in(session, disposal, payment, moment)
    elif loan is None:
        _ask_somebody(session, payment, moment)
    else:
        value_on = payment.value_on or moment.business_on
        take_receipt_in(session, loan, payment.number, payment.amount, value_on, moment, payment)
    return "booked"


def _case_named(session: Session, remark: str) -> int | None:
    return session.scalar(select(LoanCase.id).where(LoanCase.number == remark.strip()))


def _ask_somebody(session: Session, payment: Payment, moment: Moment) -> None:
    found = candidate_for(session, payment.case_id, payment.counterparty_name)
    if found is None:
        return
    told = {
        "case_number": found.case_number,
        "loan_no": found.loan_no,
        "receipt_no": payment.number,
        "kind": UNIDENTIFIED,
        "amount": payment.amount,
        "payer_name": payment.counterparty_name,
    }
    throw(session, BILL_EXCEPTION, payment.number, told, found.case_id, moment)


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
