"""Valid sample answers to the forms of unidentified and overpaid money and of closing a loan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.processes import collection_answers

CONTEXT: dict[str, Any] = {
    "receipt": {
        "receipt_no": "RC202601200001",
        "amount": Decimal("5000.00"),
        "value_on": "2026-01-20",
        "payer_name": "宁波甬江精工机械有限公司",
        "remark": "",
    },
    "found_loan_no": collection_answers.CONTEXT["loan_no"],
    "found_reason": "电话核实",
    "registrations": ["ZD-2026-0117"],
}
CLAIM: dict[str, Any] = {
    "decision": "claim",
    "loan_no": collection_answers.CONTEXT["loan_no"],
    "remark": "致电付款人财务 周敏 核实。",
}
NOT_OURS: dict[str, Any] = {"decision": "not_ours", "remark": "付款人称汇错账户，将来函退回。"}
AGREE: dict[str, Any] = {"decision": "confirm"}
BACK: dict[str, Any] = {"decision": "return", "remark": "借据号与付款人不符，请再核实。"}
REFUND: dict[str, Any] = {
    "amount": "300.00",
    "payee_bank": "甬江银行海曙支行",
    "purpose": "退还溢缴款",
    "payee_checked": "true",
}
CANCELLED: dict[str, Any] = {"cancelled_on": "2026-11-20", "cancellation_number": "ZX-2026-0331"}

BY_FORM: dict[str, tuple[dict[str, Any], ...]] = {
    "identify_receipt": (CLAIM, NOT_OURS),
    "confirm_claim": (AGREE, BACK),
    "prepare_refund": (REFUND,),
    "cancel_pledge_registration": (CANCELLED,),
}
