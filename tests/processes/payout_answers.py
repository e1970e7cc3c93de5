"""Sample answers of those who sign, register, check and pay; as a browser would post them."""

from __future__ import annotations

from typing import Any

SIGN: dict[str, Any] = {}
CONTRACTS_PASS: dict[str, Any] = {"decision": "pass"}
CONTRACTS_REMAKE: dict[str, Any] = {
    "decision": "remake",
    "conditions": [{"kind": "account", "text": "放款前回款账户变更为监管账户"}],
    "remark": "漏写了监管账户的约定，请补上后重做。",
}
REGISTRATION: dict[str, Any] = {
    "searched": "true",
    "registration_no": "20261121-0098-7716",
    "registered_on": "2026-11-21",
    "ends_on": "2028-11-20",
}
PREPARE_PAYMENT: dict[str, Any] = {
    "amount": "1000.00",
    "payee_name": "宁波海曙钢材贸易有限公司",
    "payee_bank": "工商银行宁波海曙支行",
    "payee_account": "6222021202041234567",
    "purpose": "支付钢材货款",
    "payee_checked": "true",
}
PREPARE_OWN_PAYMENT: dict[str, Any] = {"amount": "1000.00", "purpose": "补充流动资金", "payee_checked": "true"}
CONFIRM_PAYMENT: dict[str, Any] = {"decision": "confirm", "order_checked": "true"}
RETURN_PAYMENT: dict[str, Any] = {"decision": "return", "remark": "收款银行支行写错了，请更正。"}

BY_FORM: dict[str, tuple[dict[str, Any], ...]] = {
    "sign_contract": (SIGN,),
    "check_contracts": (CONTRACTS_PASS, CONTRACTS_REMAKE),
    "register_pledge": (REGISTRATION,),
    "prepare_payment": (PREPARE_PAYMENT,),
    "prepare_own_payment": (PREPARE_OWN_PAYMENT,),
    "confirm_payment": (CONFIRM_PAYMENT, RETURN_PAYMENT),
}
