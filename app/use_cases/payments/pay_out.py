"""Sends a confirmed payment to the bank: marked as sent before it leaves, and never sent again after that."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import FourEyes, Refused
from app.gateways import clock
from app.gateways import payments as gateway
from app.gateways.payments import Instruction, InstructionRefused, NotTaken, ResultUnknown
from app.storage import party_store, payments
from app.storage.cases import LoanCase
from app.storage.database import unit_of_work
from app.storage.payments import Payment
from app.texts import Text
from app.use_cases.compliance.holds import require_no_hold
from app.use_cases.operation import Call, Operation, OperationRefused
from app.use_cases.parties import party_key
from app.use_cases.payments.approve_payment import require_approved
from app.use_cases.payments.ask_bank import ask_bank, record_word
from app.use_cases.payments.believe import Word, result_of, said
from app.use_cases.payments.confirm_payment import NOTHING
from app.use_cases.payments.four_persons import require_different
from app.use_cases.payments.payment_kinds import kind_of


def send_once(call: Call) -> None:
    """Sends the payment of the input `payment_no` unless it left before; then the bank is asked instead.

    Whoever dies here leaves a payment that is marked as sent, and the next attempt asks. What the bank answers is
    recorded here, so that it counts also where another worker took over the step meanwhile. Raises NotTaken.
    """
    instruction = _mark_sent(call)
    if instruction is None:
        ask_bank(payment_of(call))
        return
    try:
        word = said(gateway.current().send(instruction))
    except InstructionRefused as refused:
        word = Word("failed", reason=refused.text.zh)
    except ResultUnknown as unknown:
        word = Word("unknown", reason=unknown.text.zh)
    except NotTaken:
        _take_back(instruction.payment_no)
        raise
    record_word(instruction.payment_no, "answered", word)


def pay_out(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"payment": {payment_no, result, amount, bank_reference, reason}}; result sent, unknown, succeeded or failed.

    Error NotAllowed where a control that holds whatever was drawn is not met; nothing was sent then.
    """
    payment = _of_case(session, call)
    if payment.state not in ("sent", "unknown", *payments.FINAL):
        _require_controls(session, payment, call.case)
        raise OperationRefused("NotAllowed", "付款没有发出。", "The payment was not sent.")
    return {"payment": result_of(payment)}


def payment_of(call: Call) -> str:
    """The drawn input `payment_no`."""
    return str(call.inputs.get("payment_no") or "")


def _mark_sent(call: Call) -> Instruction | None:
    """The instruction, where this call is the one that may send it; all controls are asked under the case's lock."""
    moment = clock.moment()
    channel = gateway.current()
    with unit_of_work() as session:
        session.execute(select(LoanCase.id).where(LoanCase.id == call.case.id).with_for_update(key_share=True))
        try:
            payment = _of_case(session, call)
            _require_controls(session, payment, call.case)
        except OperationRefused:
            return None  # `pay_out` says why
        left = {"sent_at": clock.unmoved_now(), "channel": channel.name, "reason": ""}
        if not payments.move(session, payment, ["authorised"], "sent", **left):
            return None
        payments.add_event(session, payment, "sent", moment.now, amount=payment.amount, detail={"step": call.key})
        account = party_store.reveal(session, party_key.current(), payment.account_id or "")
        return Instruction(
            payment_no=payment.number,
            amount=payment.amount,
            currency=payment.currency,
            payee_name=payment.counterparty_name,
            payee_bank=payment.counterparty_bank,
            payee_account=account or "",
            purpose=payment.purpose,
        )


def _take_back(payment_no: str) -> None:
    """Back to authorised: nothing reached the bank. Only from sent: what another worker learned meanwhile stays."""
    moment = clock.moment()
    with unit_of_work() as session:
        payment = payments.by_number(session, payment_no, locked=True)
        if payment is not None and payments.move(session, payment, ["sent"], "authorised", sent_at=None):
            payments.add_event(session, payment, "not_taken", moment.now)


def _of_case(session: Session, call: Call) -> Payment:
    payment = payments.by_number(session, payment_of(call), locked=True)
    if payment is None or payment.case_id != call.case.id or payment.direction != payments.OUT:
        raise OperationRefused(
            "NotAllowed",
            f"这件申请没有付款“{payment_of(call)}”。",
            f'This case has no payment "{payment_of(call)}".',
        )
    return payment


def _require_controls(session: Session, payment: Payment, case: LoanCase) -> None:
    try:
        if payment.state in ("prepared", "withdrawn"):
            raise Refused("付款还没有复核，不能发出。", "The payment is not confirmed; it cannot be sent.")
        require_no_hold(session, case.id)
        require_different(payment.maker_id, payment.checker_id)
        require_approved(payment, payment.checker_id)
        controls = kind_of(payment.kind)
        for person_id in (payment.maker_id, payment.checker_id):
            controls.require_person(session, case, person_id or 0)
        controls.require_cover(session, case.id, NOTHING)
        controls.require_payee(session, payment)
    except (Refused, FourEyes) as error:
        raise OperationRefused("NotAllowed", error.text.zh, error.text.of("en")) from error


PAY_OUT = Operation("pay_out", Text("付款", "pay out"), pay_out, ask=send_once)
