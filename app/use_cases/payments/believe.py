"""Believes what the bank says of a payment, once: the answer to the instruction, a query's answer, or a call-back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import structlog
from sqlalchemy.orm import Session

from app.gateways import payments as gateway
from app.moment import Moment
from app.storage import payments
from app.storage.cases import LoanCase
from app.storage.outbox import OutboxRow
from app.storage.payments import Payment
from app.texts import Text
from app.use_cases.instances.wake import add_outbox

PAYMENT_RESULT = "PaymentResult"
MAX_ATTEMPTS = 4
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Word:
    """What the bank said, or "unknown" where it said nothing usable; `amount` in yuan where it named one."""

    status: Literal["processing", "succeeded", "failed", "absent", "unknown"]
    reference: str = ""
    amount: Decimal | None = None
    reason: str = ""


def said(answer: gateway.Answer) -> Word:
    """A port's answer as a word."""
    return Word(answer.status, answer.reference, answer.amount, answer.reason)


def believe(session: Session, payment: Payment, word: Word, moment: Moment) -> bool:
    """Moves the locked payment on; False where the word does not fit, which is an alarm and changes nothing.

    With its final state a payment throws the message PaymentResult, so exactly once.
    """
    fault = _misfit(payment, word)
    if fault is not None:
        alarm(session, *fault, payment, word, moment)
        return False
    if payment.state in payments.FINAL:
        return True  # heard before: a late or repeated word
    reference = word.reference or payment.bank_reference
    if word.status in payments.FINAL:
        values = {"bank_reference": reference, "reason": word.reason[:200], "settled_at": moment.now}
        if payments.move(session, payment, ["sent", "unknown"], word.status, **values):
            _throw_result(session, payment, moment)
    elif word.status in ("unknown", "absent"):
        payments.move(session, payment, ["sent"], "unknown", reason=word.reason[:200])
    elif word.status == "processing":
        payments.move(session, payment, [payment.state], payment.state, bank_reference=reference)
    return True


def _misfit(payment: Payment, word: Word) -> tuple[str, Text] | None:
    number = payment.number
    if word.amount is not None and word.amount != payment.amount:
        return "other_amount", Text(
            f"付款 {number} 是 {payment.amount:,.2f} 元，银行说的是 {word.amount:,.2f} 元。",
            f"The payment {number} is for {payment.amount:,.2f} yuan; the bank speaks of {word.amount:,.2f}.",
        )
    if payment.state in payments.FINAL and word.status in payments.FINAL and payment.state != word.status:
        return "contradiction", Text(
            f"付款 {number} 已记为 {payment.state}，银行现在说 {word.status}。",
            f"The payment {number} stands as {payment.state}; the bank now says {word.status}.",
        )
    if payment.state not in (*payments.FINAL, "sent", "unknown"):
        return "not_sent", Text(
            f"付款 {number} 从未发出，银行却说 {word.status}。",
            f"The payment {number} was never sent, but the bank says {word.status}.",
        )
    return None


def alarm(session: Session, kind: str, text: Text, payment: Payment, word: Word, moment: Moment) -> None:
    """Notes for a person what does not fit."""
    log.warning("payment alarm", kind=kind, payment=payment.number, status=word.status)
    payments.raise_alarm(
        session,
        f"{kind}:{payment.number}:{word.status}:{word.amount}"[:200],
        moment.now,
        kind=kind,
        payment_id=payment.id,
        channel=payment.channel,
        text_zh=text.zh,
        text_en=text.of("en"),
    )


def _throw_result(session: Session, payment: Payment, moment: Moment) -> None:
    case = session.get_one(LoanCase, payment.case_id)
    add_outbox(
        session,
        OutboxRow(
            kind="message",
            name=PAYMENT_RESULT,
            case_id=case.id,
            # by payment: the result of an earlier payment of the case must not answer for a later one
            payload={"key": payment.number, "payload": {"case_number": case.number} | result_of(payment)},
            headers={},
            max_attempts=MAX_ATTEMPTS,
            created_at=moment.now,
        ),
    )


def result_of(payment: Payment) -> dict[str, object]:
    """What a diagram learns of a payment: payment_no, result (its state), amount, bank_reference, reason."""
    return {
        "payment_no": payment.number,
        "result": payment.state,
        "amount": payment.amount,
        "bank_reference": payment.bank_reference,
        "reason": payment.reason,
    }
