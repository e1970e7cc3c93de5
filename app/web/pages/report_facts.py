"""What the answers of outside sources are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.texts import Text
from app.web.page_models import Fact

REPORT_NAMES = {
    "enterprise": Text("工商登记", "Enterprise register"),
    "risk": Text("风控报告", "Risk report"),
    "bureau": Text("征信报告", "Credit bureau report"),
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
    "lpr_percent": (Text("一年期 LPR", "One-year LPR"), "percent"),
    "published_on": (Text("发布日", "Published on"), "date"),
}
WORDS = {
    "active": Text("存续", "in business"),
    "executed_person": Text("被执行人", "judgment debtor"),
    "tax_arrears": Text("欠税", "tax arrears"),
}


def report_facts(kind: str, data: Mapping[str, Any], reference: str) -> tuple[Fact, ...]:
    """The facts of one report with the source's own number; what has no name here is left out."""
    found = [_fact(key, value) for key, value in data.items() if key in LABELS]
    return (*found, Fact(Text("来源编号", "Source's number"), reference, "code"))


def _fact(key: str, value: Any) -> Fact:
    label, kind = LABELS[key]
    if isinstance(value, list):
        shown = tuple(WORDS.get(str(item), Text(str(item))) for item in value)
        return Fact(label, shown or Text("无", "none"), kind if shown else "text")
    return Fact(label, WORDS.get(value, value) if isinstance(value, str) else value, kind)
