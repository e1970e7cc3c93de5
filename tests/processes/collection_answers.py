"""Valid sample answers to the forms of collections, as a browser would post them, and what those forms can see."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

CONTEXT: dict[str, Any] = {
    "loan_no": "DK202601150001",
    "dpd": 12,
    "overdue": Decimal("10600.00"),
    "outstanding": Decimal("123900.00"),
    "secured": True,
    "contact_rules": {"from_time": "08:00", "to_time": "21:00", "max_a_day": 3, "whom": "法定代表人", "whom_en": "him"},
}

ALERT: dict[str, Any] = {"remark": "账户已核对，没有未入账的还款。"}
CALL: dict[str, Any] = {
    "contact_on": "2026-11-20",
    "contact_at": "10:30",
    "attempts": "1",
    "number_called": "13800571208",
    "decision": "refuses",
    "person_reached": "财务负责人 周敏",
    "remark": "称下游货款未到，暂时无法还款。",
}
NOBODY: dict[str, Any] = CALL | {"decision": "no_contact", "attempts": "3", "remark": "三次均无人接听。"}
PROMISE: dict[str, Any] = CALL | {"decision": "promise", "promise_amount": "8000.00", "promised_on": "2026-11-28"}
DISPUTE: dict[str, Any] = CALL | {"decision": "dispute", "remark": "称 11 月 2 日已汇出 5,000 元。"}
LETTER: dict[str, Any] = {
    "kind": "demand",
    "sent_on": "2026-11-20",
    "sent_how": "express",
    "tracking_number": "1012345678933",
}
LETTER_BY_HAND: dict[str, Any] = {"kind": "warning", "sent_on": "2026-11-20", "sent_how": "hand"}
VISIT: dict[str, Any] = {
    "visited_on": "2026-11-20",
    "visited_at": "14:00",
    "place": "宁波市江北区甬江大道 88 号",
    "visitor": "谭波",
    "second_visitor": "段宇",
    "person_met": "厂长 郑立",
    "findings": "厂区开工不足一半，库存积压，负责人愿意商量还款。",
    "photos": [1],
    "decision": "refuses",
    "remark": "要求一周内给出书面还款计划。",
}
VISIT_PROMISE: dict[str, Any] = VISIT | {
    "decision": "promise",
    "promise_amount": "8000.00",
    "promised_on": "2026-11-28",
}
COLLATERAL: dict[str, Any] = {
    "checked_on": "2026-11-20",
    "place": "北仑一号库 3 区",
    "decision": "intact",
    "remark": "数量相符，货权标识清楚。",
}
COLLECT: dict[str, Any] = {"decision": "collect", "opinion": "借款人仍在经营，本周再谈一次分期还款的方案，暂不处置。"}
CALL_IN: dict[str, Any] = COLLECT | {"decision": "call_in"}
DISPOSE: dict[str, Any] = COLLECT | {
    "decision": "dispose",
    "opinion": "多次上门无果，押品完好且价格平稳，建议提前到期并处置。",
}
APPROVE: dict[str, Any] = {
    "decision": "approve",
    "opinion": "押品价值足以覆盖债权，同意按程序处置，注意通知期限。",
    "no_conflict": "true",
}
REFUSE: dict[str, Any] = APPROVE | {
    "decision": "refuse",
    "opinion": "借款人刚恢复开工，先谈分期方案，一个月后再议处置。",
}
LAWYER_LETTER: dict[str, Any] = {
    "decision": "letter",
    "done_on": "2026-11-20",
    "reference": "衡律函〔2026〕18 号",
    "remark": "债权清楚，证据齐全；已发律师函，限十日内清偿，逾期建议起诉。",
}
LAWYER_UNFIT: dict[str, Any] = {
    "decision": "unfit",
    "done_on": "2026-11-20",
    "remark": "债务人正在申请破产重整，宜先申报债权，不宜另行起诉。",
}
UNFOUNDED: dict[str, Any] = {"decision": "unfounded", "answer": "经核对，我行账户没有收到该笔汇款，欠款金额无误。"}

BY_FORM: dict[str, tuple[dict[str, Any], ...]] = {
    "arrears_alert": (ALERT, {}),
    "collection_call": (CALL, NOBODY, PROMISE, DISPUTE),
    "collection_letter": (LETTER, LETTER_BY_HAND),
    "field_visit": (VISIT, VISIT_PROMISE),
    "collateral_check": (COLLATERAL,),
    "recovery_decision": (COLLECT, CALL_IN, DISPOSE),
    "lawyer_work": (LAWYER_LETTER, LAWYER_UNFIT),
    "disposal_approval": (APPROVE, REFUSE),
    "dispute_answer": (UNFOUNDED,),
}
