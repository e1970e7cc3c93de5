"""The page of one payment: the order, who made it, and what passed between the product and the bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.payments.show_payment import PaymentDetail
from app.web.page_models import Fact, Tag
from app.web.pages.finance_page import KINDS, STATES, WAITS

KINDS_OF_EVENTS = {
    "prepared": Text("经办", "Prepared"),
    "approved": Text("批准", "Approved"),
    "authorised": Text("复核通过", "Confirmed"),
    "withdrawn": Text("撤回", "Withdrawn"),
    "sent": Text("请求发出", "Request sent"),
    "not_taken": Text("银行没有收到，未发出", "The bank did not get it"),
    "answered": Text("银行应答", "The bank answered"),
    "queried": Text("查询结果", "Result asked for"),
    "called_back": Text("银行回执", "The bank's acknowledgement"),
    "received": Text("来款", "Money came"),
}
ANSWERS = {
    "processing": Text("已受理，处理中", "taken, being processed"),
    "succeeded": Text("成功", "paid"),
    "failed": Text("失败", "failed"),
    "unknown": Text("没有应答，结果未知", "no answer, result unknown"),
    "absent": Text("银行没有这笔指令", "the bank has no such order"),
}
CHANNELS = {"sandbox": Text("沙箱银行接口", "Sandbox bank's interface")}
SYSTEM = Text("系统", "The system")


@dataclass(frozen=True)
class EventRow:
    """One thing that happened: `answer` is what the bank said, `serial` its own number of the message."""

    at: datetime
    name: Text
    who: Text
    answer: Text | str
    reference: str
    amount: Decimal | None


@dataclass(frozen=True)
class PaymentPage:
    """The order's facts, its people, and the exchange with the bank."""

    number: str
    kind: Text
    state: Tag
    case_number: str
    case_url: str | None
    facts: tuple[Fact, ...]
    bank: tuple[Fact, ...]
    rows: tuple[EventRow, ...]


def payment_page(detail: PaymentDetail) -> PaymentPage:
    """One payment as finance looks at it."""
    payment, who = detail.payment, detail.people
    people = (
        (Text("经办", "Prepared by"), payment.maker_id),
        (Text("批准（第三人）", "Approved by (third person)"), payment.approver_id),
        (Text("复核", "Confirmed by"), payment.checker_id),
    )
    facts = [
        Fact(Text("金额", "Amount"), payment.amount, "money"),
        Fact(Text("收付方", "Payee or payer"), payment.counterparty_name or "—"),
        Fact(Text("开户银行", "Bank"), payment.counterparty_bank or "—"),
        Fact(Text("账号", "Account"), payment.account_masked or "—", "code"),
        Fact(Text("用途", "Purpose"), payment.purpose or "—"),
        *(Fact(label, who.get(id_, SYSTEM)) for label, id_ in people if id_ is not None),
    ]
    answered = next(
        (one for one in reversed(detail.events) if one.kind in ("answered", "queried", "called_back")), None
    )
    bank = [
        Fact(Text("通道", "Channel"), CHANNELS.get(payment.channel, payment.channel) or "—"),
        Fact(Text("请求时间", "Request sent at"), payment.sent_at or "—", "moment" if payment.sent_at else "text"),
        Fact(Text("应答时间", "Answered at"), answered.at if answered else "—", "moment" if answered else "text"),
        Fact(Text("银行流水号", "Bank reference"), payment.bank_reference or "—", "code"),
        Fact(Text("结果", "Result"), STATES.get(payment.state, WAITS).label),
        *((Fact(Text("原因", "Reason"), payment.reason),) if payment.reason else ()),
    ]
    return PaymentPage(
        payment.number,
        KINDS.get(payment.kind, Text(payment.kind)),
        STATES.get(payment.state, WAITS),
        detail.case_number,
        url_for("cases.show", case_number=detail.case_number) if detail.case_number else None,
        tuple(facts),
        tuple(bank),
        tuple(_row(one, who) for one in detail.events),
    )


def _row(event: Any, who: dict[int, Text]) -> EventRow:
    said = event.detail if isinstance(event.detail, dict) else {}
    status = str(said.get("status") or said.get("result") or "")
    return EventRow(
        event.at,
        KINDS_OF_EVENTS.get(event.kind, Text(event.kind)),
        who.get(event.person_id or 0, SYSTEM),
        ANSWERS.get(status, Text(status)) if status else "",
        str(event.serial or said.get("reference") or ""),
        event.amount,
    )
