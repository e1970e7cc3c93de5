"""Asks the bank how a payment stands and records what it says; a number that it does not have is closed there."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.gateways import clock
from app.gateways import payments as gateway
from app.gateways.payments import Answer, NotTaken, ResultUnknown
from app.storage import payments
from app.storage.database import reading, unit_of_work
from app.use_cases.payments.believe import Word, believe, said

# an instruction that was sent so short ago may still be on its way: it is left to arrive
CLOSE_AFTER = timedelta(minutes=1)


def ask_bank(payment_no: str) -> None:
    """Asks where the result is open; a silent bank leaves it unknown, which is asked again later.

    A bank that does not have the number may still get the instruction, which could still be on its way: after a
    minute the number is closed, so that the payment has failed for certain and a new one may be made.
    """
    with reading() as session:
        payment = payments.by_number(session, payment_no)
    if payment is None or payment.state not in ("sent", "unknown"):
        return
    try:
        word = said(_answer(payment_no, payment.sent_at))
    except (NotTaken, ResultUnknown) as silent:
        word = Word("unknown", reason=silent.text.zh)
    record_word(payment_no, "queried", word)


def _answer(payment_no: str, sent_at: datetime | None) -> Answer:
    channel = gateway.current()
    answer = channel.query(payment_no)
    is_old = sent_at is not None and clock.unmoved_now() - sent_at > CLOSE_AFTER
    return channel.void(payment_no) if answer.status == "absent" and is_old else answer


def record_word(payment_no: str, kind: str, word: Word) -> None:
    """Writes what was answered as an event of this kind, and believes it, in one unit."""
    moment = clock.moment()
    with unit_of_work() as session:
        payment = payments.by_number(session, payment_no, locked=True)
        assert payment is not None, "payments are never deleted"
        detail = {"status": word.status, "reference": word.reference, "reason": word.reason}
        payments.add_event(session, payment, kind, moment.now, amount=word.amount, detail=detail)
        believe(session, payment, word, moment)
