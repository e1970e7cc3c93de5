"""What states, classes, kinds and booked events of loans are called on pages."""

from __future__ import annotations

from typing import Any

from app.lending.classification import CLASSES
from app.lending.journal import CHART
from app.texts import Text
from app.use_cases.loans.loan_state import DUE, GIVEN_UP, LATE, PAID_OFF, loan_state
from app.web.page_models import Tag

KINDS = {
    "principal": Text("本金", "Principal"),
    "interest": Text("利息", "Interest"),
    "penalty": Text("罚息", "Penalty"),
    "fee": Text("手续费", "Fee"),
    "cost": Text("代垫费用", "Costs"),
    "overpaid": Text("多付", "Overpaid"),
}
EVENTS = {
    "payout": Text("放款", "Payout"),
    "payout_confirmed": Text("放款到账", "Payout confirmed"),
    "interest_accrual": Text("计提利息", "Interest accrued"),
    "interest_write_back": Text("冲回利息", "Interest written back"),
    "penalty_accrual": Text("计提罚息", "Penalty accrued"),
    "penalty_write_back": Text("冲回罚息", "Penalty written back"),
    "fee_accrual": Text("计收手续费", "Fee charged"),
    "fee_write_back": Text("冲回手续费", "Fee written back"),
    "cost_accrual": Text("计收费用", "Cost charged"),
    "cost_write_back": Text("冲回费用", "Cost written back"),
    "cost_advanced": Text("代垫费用", "Cost advanced"),
    "receipt": Text("收款", "Receipt"),
    "application": Text("核销", "Applied"),
    "refund": Text("退款", "Refund"),
    "written_off": Text("核销坏账", "Written off"),
    "proceeds": Text("处置款", "Proceeds of disposal"),
    "claims_paid": Text("支付其他债权人", "Other claims paid"),
    "surplus_paid": Text("退还余款", "Surplus paid"),
    "reversal": Text("冲正", "Reversal"),
}
PLAN_STATES = {
    "paid": Tag("green", Text("已还", "Paid")),
    "overdue": Tag("red", Text("逾期", "Overdue")),
    "next": Tag("blue", Text("下一期", "Next")),
    "later": Tag("grey", Text("未到期", "Later")),
}


def event_words(event: str) -> Text:
    """A booked event; its key where there is no name."""
    return EVENTS.get(event, Text(event, event))


def kind_words(kind: str) -> Text:
    """What a part of a receipt paid."""
    return KINDS.get(kind, Text(kind, kind))


def account_words(code: str) -> Text:
    """An account of the chart."""
    return CHART[code].name if code in CHART else Text(code, code)


def class_tag(loan: Any) -> Tag:
    """The five-level class: special mention amber, what does not perform red; grey the last one of a paid loan."""
    asset_class = loan.asset_class
    tone = {"pass": "grey", "special_mention": "amber"}.get(asset_class, "red") if loan.outstanding else "grey"
    return Tag(tone, CLASSES.get(asset_class, Text(asset_class, asset_class)))


def state_tag(loan: Any) -> Tag:
    """How the loan stands, in a word."""
    state = loan_state(loan)
    if state == LATE:
        return Tag("red", Text(f"逾期 {loan.dpd} 天", f"{loan.dpd} {'day' if loan.dpd == 1 else 'days'} overdue"))
    return {
        PAID_OFF: Tag("green", Text("已结清", "Paid off")),
        GIVEN_UP: Tag("grey", Text("已核销", "Written off")),
        DUE: Tag("amber", Text("现在应还", "Due now")),
    }.get(state, Tag("blue", Text("还款中", "Being repaid")))
