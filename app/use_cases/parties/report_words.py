"""What the answers of outside sources are called: reports, their facts, and the codes of sources."""

from __future__ import annotations

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
    "goods": (Text("品种", "Goods"), "text"),
    "unit": (Text("计价单位", "Unit"), "text"),
    "unit_price": (Text("单价（不含税）", "Unit price without tax"), "money"),
    "quoted_on": (Text("报价日", "Quoted on"), "date"),
    "list_version": (Text("名单版本", "List version"), "text"),
    "lpr_percent": (Text("一年期 LPR", "One-year LPR"), "percent"),
    "published_on": (Text("发布日", "Published on"), "date"),
}
WORDS = {
    "active": Text("存续", "in business"),
    "executed_person": Text("被执行人", "judgment debtor"),
    "tax_arrears": Text("欠税", "tax arrears"),
}
