"""What the people of the mission write into each task, by its title; dates follow the product's business date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.processes import answers, collection_answers, disposal_answers, payout_answers

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Plot:
    """What a loan of the mission is about: the firm as its application says, and the terms that everybody agrees on."""

    product: str
    firm: Answers
    application: Answers
    amount: str
    term_months: str
    repayment_method: str

    @property
    def terms(self) -> dict[str, str]:
        """Amount, rate, term and method, as reviewers propose and approve them."""
        terms = {"amount": self.amount, "rate_percent": "4.65", "term_months": self.term_months}
        return terms | {"repayment_method": self.repayment_method}


GOOD = Plot(
    product="working-capital",
    firm={"company_name": "灵山精密机械有限公司", "unified_social_credit_code": "91330600MA2D3M007Q"},
    application=answers.WORKING_CAPITAL,
    amount="400000.00",
    term_months="3",
    repayment_method="interest_monthly",
)
BAD = Plot(
    product="warehouse-receipt",
    firm={"company_name": "白云物流有限公司", "unified_social_credit_code": "91330900MA2D3M010K"},
    application=answers.WAREHOUSE_RECEIPT
    | {"custodian_name": "金石仓储有限公司", "custodian_code": "91330200MA2D3M012M"},
    amount="600000.00",
    term_months="3",
    repayment_method="bullet",
)
PRICE = "800000.00"
# rows that the form brings along: the same is written into each
EVERY = "[*]"
EVERY_CHECK = f"checks{EVERY}"
SURPLUS = {key: value for key, value in payout_answers.PREPARE_OWN_PAYMENT.items() if key != "amount"}
OVER_TWO_YEARS = timedelta(days=800)


def _entrusted(plot: Plot) -> Answers:
    """The order to the trading partner, its one contract line over the whole amount."""
    (line,) = payout_answers.PREPARE_PAYMENT["evidence_lines"]
    rows = {f"evidence_lines{EVERY}.{key}": value for key, value in line.items()}
    order = {key: value for key, value in payout_answers.PREPARE_PAYMENT.items() if key != "evidence_lines"}
    return order | rows | {"amount": plot.amount, f"evidence_lines{EVERY}.line_amount": plot.amount}


def of(plot: Plot, today: date) -> dict[str, Answers]:
    """Title of a task -> what is entered on the day `today`."""
    day, later = today.isoformat(), (today + OVER_TWO_YEARS).isoformat()
    asked = {"requested_amount": plot.amount, "term_months": plot.term_months}
    asked |= {"repayment_method": plot.repayment_method}
    return {
        "填写申请": {**plot.application, **plot.firm, **asked, **_receipt(plot, today)},
        "上传资料": {},
        "人工核验": answers.MANUAL_PASSED,
        "核库": answers.CONFIRM_GOODS | {"counted_on": day},
        "现场尽调": {k: v for k, v in answers.SITE_VISIT.items() if k != "photos"} | {"visited_on": day},
        "货物估值": answers.DESK_VALUE | {"valued_on": day},
        "主管决定": answers.LEAD_PASS | {"proposal": plot.terms},
        "初审": answers.INITIAL_PASS | {"proposal": plot.terms},
        "复审": answers.SECOND_APPROVE | {"approved": plot.terms},
        "第二人复审": answers.SECOND_APPROVE | {"approved": plot.terms},
        "贷审会投票": answers.COMMITTEE_AGREE,
        "否决权行使": answers.NO_VETO,
        "接受方案": answers.ACCEPT,
        "合同校对": payout_answers.CONTRACTS_PASS,
        "办理质押登记": payout_answers.REGISTRATION | {"registered_on": day, "ends_on": later},
        "落实放款条件": {f"{EVERY_CHECK}.{key}": value for key, value in payout_answers.MET.items()},
        "合规审查": payout_answers.COMPLIANCE_CLEAR,
        "受托支付经办": _entrusted(plot),
        "自主支付经办": payout_answers.PREPARE_OWN_PAYMENT | {"amount": plot.amount},
        "放款复核": payout_answers.CONFIRM_PAYMENT,
        "知悉逾期": collection_answers.ALERT,
        "电话催收": collection_answers.CALL | {"contact_on": day},
        "发催收函": collection_answers.LETTER | {"sent_on": day},
        "上门催收": {k: v for k, v in collection_answers.VISIT.items() if k != "photos"} | {"visited_on": day},
        "检查担保物": collection_answers.COLLATERAL | {"checked_on": day},
        "清收决定": collection_answers.DISPOSE,
        "处置审批": collection_answers.APPROVE,
        "确定处置方案": disposal_answers.PLAN,
        "监管仓盘点交接": disposal_answers.GOODS_PRESENT | {"insured_until": later},
        "外部评估": disposal_answers.EXTERNAL_VALUE | {"valued_on": day},
        "内部估值": disposal_answers.INTERNAL_VALUE | {"valued_on": day},
        "发布拍卖公告": disposal_answers.ANNOUNCED,
        "登记拍卖结果": disposal_answers.sold(PRICE),
        "协议折价": disposal_answers.sold(PRICE),
        "自行变卖": disposal_answers.sold(PRICE),
        "委托处置公司": disposal_answers.sold(PRICE),
        "录入费用和税费": disposal_answers.COSTS,
        "余款付款经办": SURPLUS,
        "余款付款复核": payout_answers.CONFIRM_PAYMENT,
        "注销担保登记": disposal_answers.CANCELLED | {"cancelled_on": day},
        "注销登记": disposal_answers.CANCELLED | {"cancelled_on": day},
    }


def expanded(given: Answers, names: Iterable[str]) -> dict[str, Any]:
    """The answers with "rows[*].field" written out for every such row among the form's `names`."""
    every = {key: value for key, value in given.items() if EVERY in key}
    found = {key: value for key, value in given.items() if EVERY not in key}
    for name in names:
        pattern = re.sub(r"\[\d+\]", EVERY, name, count=1)
        if pattern in every:
            found[name] = every[pattern]
    return found


def _receipt(plot: Plot, today: date) -> Answers:
    if "receipt_number" not in plot.application:
        return {}
    return {
        "receipt_number": f"CD-{today:%Y%m%d}",
        "receipt_expires_on": (today + OVER_TWO_YEARS).isoformat(),
    }
