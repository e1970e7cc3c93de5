"""Asks the bank for the result of a payment that is open, for a diagram that has waited long enough."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import payments
from app.texts import Text
from app.use_cases.operation import Call, Operation, OperationRefused
from app.use_cases.payments.ask_bank import ask_bank
from app.use_cases.payments.believe import result_of
from app.use_cases.payments.pay_out import payment_of


def query_payment(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"payment": as pay_out gives it}; error NotAllowed for a payment that is not of this case.

    `result` stays sent or unknown while the bank is silent or still at work: the diagram asks again.
    """
    payment = payments.by_number(session, payment_of(call))
    if payment is None or payment.case_id != call.case.id:
        raise OperationRefused(
            "NotAllowed",
            f"这件申请没有付款“{payment_of(call)}”。",
            f'This case has no payment "{payment_of(call)}".',
        )
    return {"payment": result_of(payment)}


def _ask(call: Call) -> None:
    ask_bank(payment_of(call))


QUERY_PAYMENT = Operation("query_payment", Text("查询付款结果", "query the payment"), query_payment, ask=_ask)
