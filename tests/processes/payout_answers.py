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
MET: dict[str, str] = {"met": "yes", "evidence": "借款合同及签章核验记录，2026-11-21"}
NOT_MET: dict[str, str] = {"met": "no", "evidence": "客户说下周补交"}
COMPLIANCE_CLEAR: dict[str, Any] = {
    "lists_clear": "clear",
    "payee_clear": "clear",
    "owners_known": "yes",
    "large_transaction": "below",
    "decision": "clear",
}
COMPLIANCE_HOLD: dict[str, Any] = {
    "lists_clear": "hit",
    "payee_clear": "clear",
    "owners_known": "yes",
    "large_transaction": "below",
    "decision": "hold",
    "remark": "股东姓名与名单近似，待核实身份。",
}
CLEARED: dict[str, Any] = {
    "decision": "clear",
    "reason": "证件号码与名单所列不同，不是同一人。",
    "evidence": "公安核验回执 2026-1101",
}
UPHELD: dict[str, Any] = {"decision": "uphold", "reason": "证件号码相同，确为名单所列人员。"}
GO_ON: dict[str, Any] = {"decision": "go_on", "remark": "已核实不是同一人。"}
CANCEL: dict[str, Any] = {
    "decision": "cancel",
    "remark": "额度已被其他用款占用，不能再放。",
    "reason_text": "因额度原因，本次借款不能发放。",
}
BANK_SILENT: dict[str, Any] = {"bank_contact": "工商银行运营中心 张经理", "bank_words": "系统升级，结果明天上午可查。"}
CORRECT_PAYEE: dict[str, Any] = {"decision": "correct", "remark": "账号少一位，已向企业核实。"}
GIVE_UP: dict[str, Any] = {"decision": "give_up", "remark": "企业撤回用款。"}
PREPARE_PAYMENT: dict[str, Any] = {
    "amount": "1000.00",
    "payee_name": "宁波海曙钢材贸易有限公司",
    "payee_bank": "工商银行宁波海曙支行",
    "payee_account": "6222021202041234567",
    "purpose": "支付钢材货款",
    "evidence_lines": [{"contract_no": "HT-2026-118", "invoice_no": "26332000000012345678", "line_amount": "1000.00"}],
    "payee_checked": "true",
}
PREPARE_OWN_PAYMENT: dict[str, Any] = {"amount": "1000.00", "purpose": "补充流动资金", "payee_checked": "true"}
CONFIRM_PAYMENT: dict[str, Any] = {"decision": "confirm", "order_checked": "true"}
WAIVER_WANTED: dict[str, str] = {"met": "waive", "evidence": "决议已开会通过，盖章件下周补交"}
WAIVE: dict[str, Any] = {"decision": "agree", "reason": "会议记录已核对，盖章件一周内补交。"}
NO_WAIVER: dict[str, Any] = {"decision": "refuse", "reason": "没有会议记录，须先取得决议。"}
APPROVE_PAYMENT: dict[str, Any] = {"decision": "confirm", "order_checked": "true"}
RETURN_PAYMENT: dict[str, Any] = {"decision": "return", "remark": "收款银行支行写错了，请更正。"}

BY_FORM: dict[str, tuple[dict[str, Any], ...]] = {
    "sign_contract": (SIGN,),
    "check_contracts": (CONTRACTS_PASS, CONTRACTS_REMAKE),
    "register_pledge": (REGISTRATION,),
    "check_conditions": ({"checks": [MET]},),
    "compliance_check": (COMPLIANCE_CLEAR, COMPLIANCE_HOLD),
    "compliance_clearance": (CLEARED, UPHELD),
    "waive_conditions": (WAIVE, NO_WAIVER),
    "approve_payment": (APPROVE_PAYMENT, RETURN_PAYMENT),
    "held_payout": (GO_ON, CANCEL),
    "chase_payment": (BANK_SILENT,),
    "failed_payment": (CORRECT_PAYEE, GIVE_UP),
    "prepare_payment": (PREPARE_PAYMENT,),
    "prepare_own_payment": (PREPARE_OWN_PAYMENT,),
    "confirm_payment": (CONFIRM_PAYMENT, RETURN_PAYMENT),
}


def all_met(task_variables: dict[str, Any]) -> dict[str, Any]:
    """Answers to check_conditions: every condition that the task lists is met."""
    return {"checks": [MET for _ in task_variables["wanted"]]}
