"""Takes an order back that never left: a payout that is given up leaves no payment that somebody might still send."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gateways import clock
from app.storage import audit, payments
from app.storage.cases import LoanCase
from app.texts import Text
from app.use_cases.operation import Call, Operation, OperationRefused

NEVER_LEFT = ("prepared", "authorised")


def cancel_payment(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"cancelled": numbers} of the case's orders that never left, withdrawn now; once a call, [] where none stands.

    Error AlreadySent where the order of the drawn input `payment_no` left: only its result may be asked for then.
    """
    # as everywhere the case first: whoever sends at the same time is before or after, never beside
    session.execute(select(LoanCase.id).where(LoanCase.id == call.case.id).with_for_update(key_share=True))
    named = call.inputs.get("payment_no")
    cancelled = []
    for found in payments.of_case(session, call.case.id, payments.OUT):
        payment = payments.by_number(session, found.number, locked=True)
        assert payment is not None
        if payment.number == named and payment.state in ("sent", "unknown", "succeeded"):
            raise OperationRefused(
                "AlreadySent",
                f"付款 {payment.number} 已经发给银行，不能撤销，只能查询结果。",
                f"The payment {payment.number} left for the bank; it cannot be taken back, only its result be asked.",
            )
        reason = "放款取消，指令撤回。"
        if payments.move(session, payment, NEVER_LEFT, "withdrawn", reason=reason, settled_at=call.moment.now):
            payments.add_event(session, payment, "withdrawn", call.moment.now)
            cancelled.append(payment.number)
            audit.record(
                session,
                organisation_id=None,
                person_id=None,
                verb="withdraw_payment",
                target=payment.number,
                detail={"amount": payment.amount, "payee": payment.counterparty_name, "reason": reason},
                at=clock.real_now(),
            )
    return {"cancelled": cancelled}


CANCEL_PAYMENT = Operation("cancel_payment", Text("撤销付款指令", "take the payment order back"), cancel_payment)
