"""The facts on money that came in, as diagrams read them by load_facts: who paid, from where, how much."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.storage import payments
from app.use_cases.operation import Call


def receipt_facts(session: Session, call: Call) -> dict[str, Any]:
    """{receipt_no, amount, value_on, payer_name, payer_account, remark} for the input `receipt_no`, {} without one.

    `payer_account` is the reference to the encrypted number, None where the bank told none. A receipt of another case
    gives {}; one that nobody has found a case for is shown to whoever was asked about it.
    """
    payment = payments.by_number(session, str(call.inputs.get("receipt_no") or ""))
    if payment is None or payment.direction != payments.IN or payment.case_id not in (None, call.case.id):
        return {}
    account = {"$party": payment.account_id, "masked": payment.account_masked} if payment.account_id else None
    return {
        "receipt_no": payment.number,
        "amount": payment.amount,
        "value_on": None if payment.value_on is None else payment.value_on.isoformat(),
        "payer_name": payment.counterparty_name,
        "payer_account": account,
        "remark": payment.purpose,
    }
