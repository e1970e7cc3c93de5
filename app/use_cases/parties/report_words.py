"""What the answers of outside sources are called: reports, their facts, and the codes of sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.texts import Text

REPORT_NAMES = {
    "enterprise": Text("工商登记", "Enterprise register"),
    "risk": Text("风控报告", "Risk report"),
    "bureau": Text("征信报告", "Credit bureau report"),
    "court": Text("涉诉与执行", "Court records"),
    "goods_price": Text("货物行情", "Goods' market price"),
    "screening": Text("名单筛查", "List screening"),
    "market_rate": Text("基准利率", "Market rate"),
}
LABELS: dict[str, tuple[Text, str]] = {
    "status": (Text("状态", "Status"), "text"),
    "company_name": (Text("企业名称", "Company"), "text"),
    "registered_on": (Text("成立日期", "Registered on"), "date"),
    "registered_capital": (Text("注册资本", "Registered capital"), "money"),
    "score": (Text("风险分（满分 100）", "Risk score (of 100)"), "count"),
    "flags": (Text("风险信号", "Warning signs"), "list"),
    "lawsuits_open": (Text("未结诉讼", "Open lawsuits"), "count"),
    "tax_grade": (Text("纳税信用", "Tax grade"), "text"),
    "invoice_revenue_12m": (Text("近 12 个月开票", "Invoiced in 12 months"), "money"),
    "overdue_days_max": (Text("最长逾期天数", "Longest overdue, days"), "count"),
    "queries_6m": (Text("近 6 个月查询次数", "Enquiries in 6 months"), "count"),
    "open_loans": (Text("未结清贷款笔数", "Open loans"), "count"),
    "balance_yuan": (Text("贷款余额", "Loan balance"), "money"),
    "abnormal": (Text("列入经营异常名录", "Listed as abnormal"), "yesno"),
    "cases_open": (Text("在审案件", "Cases open"), "count"),
    "enforced": (Text("执行案件", "Enforcement cases"), "count"),
    "dishonest": (Text("失信被执行人", "Dishonest judgment debtor"), "yesno"),
    "amount_yuan": (Text("涉案金额", "Amount in dispute"), "money"),
    "judgments": (Text("案件", "Cases"), "list"),
    "shareholders": (Text("股东", "Shareholders"), "list"),
    "goods": (Text("品种", "Goods"), "text"),
    "unit": (Text("计价单位", "Unit"), "text"),
    "unit_price": (Text("单价（不含税）", "Unit price without tax"), "money"),
    "quoted_on": (Text("报价日", "Quoted on"), "date"),
    "list_version": (Text("名单版本", "List version"), "text"),
    "hits": (Text("命中", "Hits"), "list"),
    "screened": (Text("已筛查", "Screened"), "list"),
    "source_note": (Text("来源说明", "Where it was obtained"), "text"),
    "lpr_percent": (Text("一年期 LPR", "One-year LPR"), "percent"),
    "published_on": (Text("发布日", "Published on"), "date"),
}
WORDS = {
    "active": Text("存续", "in business"),
    "executed_person": Text("被执行人", "judgment debtor"),
    "tax_arrears": Text("欠税", "tax arrears"),
    "revoked": Text("吊销", "licence revoked"),
    "cancelled": Text("注销", "struck off"),
    "deregistered": Text("注销", "struck off"),
    "sale_contract": Text("买卖合同纠纷", "sales contract dispute"),
    "loan_contract": Text("借款合同纠纷", "loan contract dispute"),
    "lease_contract": Text("租赁合同纠纷", "lease dispute"),
    "labour_dispute": Text("劳动争议", "labour dispute"),
    "defendant": Text("被告", "defendant"),
    "plaintiff": Text("原告", "plaintiff"),
    "open": Text("在审", "open"),
    "closed": Text("已结", "closed"),
    "sanctions": Text("制裁名单", "sanctions list"),
    "pep": Text("重要公职人员名单", "list of politically exposed persons"),
    "aml": Text("反洗钱名单", "money laundering list"),
    "borrower": Text("借款人", "borrower"),
    "legal_representative": Text("法定代表人", "legal representative"),
    "owner": Text("股东或受益所有人", "owner"),
    "guarantor": Text("担保人", "guarantor"),
    "core_enterprise": Text("核心企业", "core enterprise"),
    "named": Text("另行列出", "named for this check"),
}


def row_words(row: Mapping[str, Any]) -> Text:
    """One row of a report's list in a line: a case at a court, a hit on a list, a name that was screened, an owner."""
    if "case_no" in row:
        cause, status = (WORDS.get(str(row.get(key)), Text(str(row.get(key)))) for key in ("cause", "status"))
        amount = f"{row.get('amount_yuan') or 0:,.2f}"
        return Text(
            f"{row['case_no']} {cause.zh}，{amount} 元，{_state(row, status).zh}",
            f"{row['case_no']} {cause.en}, CNY {amount}, {_state(row, status).en}",
        )
    party = WORDS.get(str(row.get("party") or ""), Text(""))
    name = str(row.get("name") or "")
    if "entry" in row:
        listed, percent = WORDS.get(str(row.get("list")), Text(str(row.get("list")))), row.get("similarity")
        return Text(
            f"{party.zh} {name}：{listed.zh} {row['entry']}“{row.get('entry_name')}”，"
            f"相似度 {percent}%，{row.get('reason')}",
            f'{party.en} {name}: {listed.en} {row["entry"]} "{row.get("entry_name")}", {percent}% alike, '
            f"{row.get('reason_en') or row.get('reason')}",
        )
    if "share_percent" in row:
        return Text(f"{name} {row['share_percent']}%")
    return Text(f"{party.zh} {name}".strip(), f"{party.en} {name}".strip())


def _state(row: Mapping[str, Any], status: Text) -> Text:
    """What a court case's status is; enforced is a count elsewhere."""
    return Text("执行中", "being enforced") if row.get("status") == "enforced" else status
