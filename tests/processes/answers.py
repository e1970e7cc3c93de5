"""Valid sample answers to the shipped forms, as a browser would post them; firms and people are made up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.processes import bill_answers, collection_answers, disposal_answers, payout_answers

BORROWER_CODE = "91330206MA2A1K37XH"
BORROWER_NAME = "宁波甬江精工机械有限公司"
OTHER_BORROWER_CODE = "91330106MA27W5RH11"
OTHER_BORROWER_NAME = "杭州云帆精密机械有限公司"
CORE_ENTERPRISE_CODE = "91330200MA2GT8E929"
CORE_ENTERPRISE_NAME = "宁波甬港重工股份有限公司"
CUSTODIAN_CODE = "91330200MA2D3M012M"
CUSTODIAN_NAME = "金石仓储有限公司"
SENSITIVE_TEXTS = ("330106198305123711", "13800571208", "6228480320567890017", "陆文斌")

COMPANY: dict[str, Any] = {
    "company_name": BORROWER_NAME,
    "unified_social_credit_code": BORROWER_CODE,
    "established_on": "2017-03-08",
    "industry": "C",
    "employees": "86",
    "registered_capital_yuan": "12000000.00",
    "representative_name": "陆文斌",
    "representative_phone": "13800571208",
    "representative_id_card": "330106198305123711",
    "account_bank": "甬江银行海曙支行",
    "account_number": "6228480320567890017",
    "revenue_yuan": "42660000.00",
    "profit_yuan": "3120000.00",
    "total_assets_yuan": "28400000.00",
    "total_liabilities_yuan": "13900000.00",
    "consent_credit": "true",
    "consent_personal_information": "true",
    "statement_true": "true",
}

WORKING_CAPITAL: dict[str, Any] = COMPANY | {
    "requested_amount": "4000000.00",
    "term_months": "12",
    "purpose": "materials",
    "repayment_method": "interest_monthly",
    "repayment_source": "销售回款，主要来自前五大客户",
}
SMALL_WORKING_CAPITAL: dict[str, Any] = WORKING_CAPITAL | {"requested_amount": "400000.00"}
EXCLUDED_INDUSTRY: dict[str, Any] = WORKING_CAPITAL | {"industry": "K"}

TRADE_ORDER: dict[str, Any] = COMPANY | {
    "core_enterprise_name": CORE_ENTERPRISE_NAME,
    "core_enterprise_code": CORE_ENTERPRISE_CODE,
    "order_number": "PO-2026-11083",
    "order_amount": "1250000.00",
    "delivery_on": "2027-02-28",
    "invoices": [
        {
            "invoice_code": "3302261130",
            "invoice_number": "20261108",
            "invoice_amount": "425000.00",
            "invoiced_on": "2026-11-08",
        }
    ],
    "requested_amount": "900000.00",
    "term_months": "6",
    "purpose": "materials",
    "repayment_method": "bullet",
    "repayment_source": "核心企业按订单付款",
    "consent_core_enterprise": "true",
}

CONFIRM_PAYABLE: dict[str, Any] = {
    "decision": "confirm",
    "payable_amount": "1200000.00",
    "payable_due_on": "2027-05-31",
    "payable_promise": "true",
}
DISPUTE_PAYABLE: dict[str, Any] = {"decision": "dispute", "confirmation_remark": "订单金额与我司合同不一致，请核对。"}

RECEIPT: dict[str, Any] = {
    "custodian_name": CUSTODIAN_NAME,
    "custodian_code": CUSTODIAN_CODE,
    "receipt_number": "CD-2026-0711",
    "receipt_expires_on": "2027-11-30",
    "goods_kind": "nonferrous",
    "goods": "电解铜 Cu-CATH-1",
    "goods_quantity": "30.500",
    "goods_unit": "吨",
    "warehouse": "北仑一号库 3 区",
    "receipt_value": "2135000.00",
}
WAREHOUSE_RECEIPT: dict[str, Any] = (
    COMPANY
    | RECEIPT
    | {
        "statement_owner": "true",
        "requested_amount": "900000.00",
        "term_months": "6",
        "purpose": "materials",
        "repayment_method": "bullet",
        "repayment_source": "电解铜销售回款",
        "consent_custodian": "true",
    }
)
CONFIRM_GOODS: dict[str, Any] = {
    "decision": "confirm",
    "quantity_found": "30.500",
    "counted_on": "2026-11-20",
    "goods_condition": "good",
    "lien_known": "none",
    "value_note": "近一周现货均价 70,000 元/吨",
    "custody_promise": "true",
}
LIEN_ON_GOODS: dict[str, Any] = CONFIRM_GOODS | {"lien_known": "known"}
REFUSE_GOODS: dict[str, Any] = {"decision": "refuse", "goods_remark": "在库 21 吨，少于仓单数量。"}

SUPPLEMENT: dict[str, Any] = {"answer": "已补充 9 月增值税申报表，见附件。"}
SUPPLEMENT_ORDER: dict[str, Any] = {
    key: TRADE_ORDER[key]
    for key in ("core_enterprise_name", "core_enterprise_code", "order_number", "order_amount", "delivery_on")
}
SUPPLEMENT_RECEIPT: dict[str, Any] = RECEIPT | {"receipt_number": "CD-2026-0712"}
MANUAL_PASSED: dict[str, Any] = {"decision": "passed", "evidence": "国家企业信用信息公示系统，2026-11-21 查询"}

CHECKLIST: dict[str, Any] = {
    "qualification": "yes",
    "qualification_remark": "原件扫描件核对一致",
    "finances": "yes",
    "finances_remark": "近 12 个月回款与开票比 96%",
    "purpose_supported": "yes",
    "purpose_supported_remark": "采购意向书 3,120,000.00 元",
}
VERIFIED: dict[str, Any] = {"income_yuan": "40950000.00", "dscr": "1.42"}
OPINION = "企业经营满九年，现金流可覆盖本息，用途真实，建议按测算缺口授信并受托支付。"

INITIAL_PASS: dict[str, Any] = CHECKLIST | {
    "decision": "pass",
    "verified": VERIFIED,
    "proposal": {
        "amount": "3000000.00",
        "rate_percent": "4.65",
        "term_months": "12",
        "repayment_method": "interest_monthly",
    },
    "opinion": OPINION,
    "no_conflict": "true",
}
INITIAL_SUPPLEMENT: dict[str, Any] = CHECKLIST | {
    "decision": "supplement",
    "request": "请补充 9 月增值税申报表和审计报告附注。",
    "opinion": "审计报告缺附注，无法核对应收账款账龄，先请企业补充后再审。",
    "no_conflict": "true",
}
INITIAL_FAIL: dict[str, Any] = CHECKLIST | {
    "decision": "fail",
    "finances": "no",
    "reason_code": "cash_flow",
    "reason_text": "现有回款不足以覆盖新增本息，待回款改善后可再申请。",
    "opinion": "近半年回款下降三成，测算偿债覆盖倍数低于一，本次不予通过。",
    "no_conflict": "true",
}
INITIAL_REFER: dict[str, Any] = INITIAL_PASS | {
    "decision": "refer",
    "opinion": "行业景气度分歧较大，提请主管决定是否按建议条件通过。",
}
LEAD_PASS: dict[str, Any] = {
    "decision": "pass",
    "proposal": INITIAL_PASS["proposal"],
    "opinion": "同意初审测算，按建议金额和期限通过，提交复审。请关注回款账户的归集情况。",
    "no_conflict": "true",
}
LEAD_TAKES_OVER: dict[str, Any] = CHECKLIST | LEAD_PASS

SECOND_APPROVE: dict[str, Any] = {
    "decision": "approve",
    "approved": INITIAL_PASS["proposal"],
    "opinion": "同意初审对营运资金缺口的测算，金额、期限和利率均在系统限制以内。",
    "no_conflict": "true",
}
SECOND_CHANGED: dict[str, Any] = SECOND_APPROVE | {
    "decision": "changed",
    "approved": INITIAL_PASS["proposal"] | {"amount": "2800000.00"},
    "conditions": [{"kind": "account", "text": "甬港重工回款账户变更为我行监管账户"}],
    "opinion": "同意初审对营运资金缺口的测算；最大客户账期延长，故金额压降并要求回款归集。",
}
SECOND_RETURN: dict[str, Any] = {
    "decision": "return",
    "return_request": "请补充核实最大客户的回款情况。",
    "opinion": "最大客户占收入四成，初审没有核实其回款，退回补充核实后再报。",
    "no_conflict": "true",
}
SECOND_REFUSE: dict[str, Any] = {
    "decision": "refuse",
    "reason_code": "leverage",
    "reason_text": "负债水平偏高，建议先降低短期借款后再申请。",
    "opinion": "资产负债率连续四期上升，已接近行业上限，新增授信后风险难以覆盖。",
    "no_conflict": "true",
}

COMMITTEE_AGREE: dict[str, Any] = {
    "decision": "agree",
    "opinion": "同意复审意见，风险可控，回款账户须在放款前完成变更。",
    "no_conflict": "true",
}
COMMITTEE_OPPOSE: dict[str, Any] = COMMITTEE_AGREE | {
    "decision": "oppose",
    "reason_text": "客户集中度过高且缺少担保，补充担保后可再申请。",
    "opinion": "客户集中度过高且缺少担保，不同意按此条件授信，建议暂缓。",
}
COMMITTEE_RECUSE: dict[str, Any] = {
    "decision": "recuse",
    "opinion": "本人配偶在该企业任职，与借款人有关联关系，依规回避表决。",
}
NO_VETO: dict[str, Any] = {
    "decision": "concur",
    "opinion": "贷审会表决程序合规，风险缓释措施可以落实，不行使否决权。",
    "no_conflict": "true",
}
VETO: dict[str, Any] = NO_VETO | {
    "decision": "veto",
    "reason_text": "所在行业本季度暂停新增授信，可在下季度再申请。",
    "opinion": "该行业已触及本行集中度预警线，行使一票否决权，不予授信。",
}
VOTE_AGAIN: dict[str, Any] = {
    "decision": "again",
    "opinion": "两位委员出差未能按期投票，重新召集一次，五天内表决。",
    "no_conflict": "true",
}
VOTE_RETURN: dict[str, Any] = VOTE_AGAIN | {
    "decision": "return",
    "return_request": "请补充关联交易的说明后再上会。",
    "opinion": "委员对关联交易有疑问，未能形成法定票数，退回初审补充说明。",
}
CONFIRM_REFUSAL: dict[str, Any] = {
    "decision": "confirm",
    "opinion": "红线事实经核对无误，企业也没有提出相反的证明材料，确认拒绝。",
    "no_conflict": "true",
}
OVERRIDE_REFUSAL: dict[str, Any] = CONFIRM_REFUSAL | {
    "decision": "override",
    "opinion": "逾期为银行系统扣款失败所致，已提供证明，转人工初审继续办理。",
}
SITE_VISIT: dict[str, Any] = {
    "visited_on": "2026-11-16",
    "visitors": "王毅、陈立",
    "place": "宁波市江北区甬江大道 88 号",
    "person_met": "陆文斌，法定代表人",
    "operating": "yes",
    "stock_agrees": "yes",
    "photos": [1, 2],
    "findings": "厂房自有，开工二十六台设备，存货盘点五类与账面差异百分之一点二。",
}
OBTAIN_REPORT: dict[str, Any] = {
    "how_risk": "entered",
    "how_bureau": "entered",
    "how_registry": "entered",
    "how_court": "entered",
    "risk_score": "72",
    "overdue_days_max": "0",
    "queries_6m": "2",
    "open_loans": "1",
    "balance_yuan": "500000.00",
    "status": "active",
    "abnormal": "no",
    "cases_open": "0",
    "enforced": "0",
    "court_amount_yuan": "0.00",
    "dishonest": "no",
    "source": "人工通道，2026-11-21 由主管取得",
}
ASK_REPORT_AGAIN: dict[str, Any] = {
    "how_risk": "again",
    "how_bureau": "again",
    "how_registry": "again",
    "how_court": "again",
    "source": "对方称已恢复，请系统重查",
}
ASK_FOR_PERSON: dict[str, Any] = {"decision": "review", "reason": "判决已于上月履行完毕，法院已出具结案通知书。"}
ACCEPT_REFUSAL: dict[str, Any] = {"decision": "accept"}
KEEP_REFUSAL: dict[str, Any] = {
    "decision": "confirm",
    "reason_text": "结案通知书对应的是另一件案件，名单所涉案件仍未履行。",
    "opinion": "已核对法院公开信息和申请人材料，名单所涉案件没有履行，维持拒绝。",
    "no_conflict": "true",
}
REOPEN: dict[str, Any] = KEEP_REFUSAL | {
    "decision": "override",
    "opinion": "结案通知书真实，名单尚未更新，可以继续现场尽调并由初审审查。",
}
DESK_VALUE: dict[str, Any] = {
    "market_value_yuan": "2100000.00",
    "market_source": "上海有色网现货均价，2026-11-20",
    "value_yuan": "1950000.00",
    "valued_on": "2026-11-21",
    "basis": "近三个月现货均价扣除运费和税费。",
    "no_conflict": "true",
}
ACCEPT: dict[str, Any] = {"decision": "accept", "terms_read": "true"}
DECLINE: dict[str, Any] = {"decision": "decline", "decline_reason": "rate"}

BY_FORM: dict[str, tuple[dict[str, Any], ...]] = {
    "working-capital-application": (WORKING_CAPITAL, SMALL_WORKING_CAPITAL, EXCLUDED_INDUSTRY),
    "trade-order-application": (TRADE_ORDER,),
    "warehouse-receipt-application": (WAREHOUSE_RECEIPT,),
    "confirm_payable": (CONFIRM_PAYABLE, DISPUTE_PAYABLE),
    "confirm_goods": (CONFIRM_GOODS, LIEN_ON_GOODS, REFUSE_GOODS),
    "supplement": (SUPPLEMENT, SUPPLEMENT_ORDER, SUPPLEMENT_RECEIPT),
    "manual_verification": (MANUAL_PASSED,),
    "initial_review": (INITIAL_PASS, INITIAL_SUPPLEMENT, INITIAL_FAIL, INITIAL_REFER),
    "lead_decision": (LEAD_TAKES_OVER,),
    "second_review": (SECOND_APPROVE, SECOND_CHANGED, SECOND_RETURN, SECOND_REFUSE),
    "committee_vote": (COMMITTEE_AGREE, COMMITTEE_OPPOSE, COMMITTEE_RECUSE),
    "committee_veto": (NO_VETO, VETO),
    "committee_unfinished": (VOTE_AGAIN, VOTE_RETURN),
    "refusal_confirmation": (CONFIRM_REFUSAL, OVERRIDE_REFUSAL),
    "site_visit": (SITE_VISIT,),
    "obtain_report": (OBTAIN_REPORT, ASK_REPORT_AGAIN),
    "human_review": (ASK_FOR_PERSON, ACCEPT_REFUSAL),
    "reconsideration": (KEEP_REFUSAL, REOPEN),
    "desk_value": (DESK_VALUE,),
    "accept_offer": (ACCEPT, DECLINE),
    **payout_answers.BY_FORM,
    **collection_answers.BY_FORM,
    **bill_answers.BY_FORM,
    **disposal_answers.BY_FORM,
}


def uploaded(kinds: Iterable[str], document_id: int = 1) -> dict[str, Any]:
    """Answers to upload_documents with the same document in the slot of every kind."""
    return {"documents": {kind: [document_id] for kind in kinds}}
