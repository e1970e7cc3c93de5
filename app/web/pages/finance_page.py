"""The finance desk: payments, money without a loan, alarms, and the trial balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.loans.show_trial_balance import TrialBalance
from app.use_cases.payments.list_payments import PAGE_SIZE, FinanceDesk, PaymentLine
from app.use_cases.payments.payment_kinds import PAYMENT_KINDS
from app.use_cases.permissions import Actor
from app.web.page_models import Chip, Choice, Pager, Tag
from app.web.pages.loan_words import account_words
from app.web.pages.shared import pager

FILTERS = {
    "open": Text("待出款", "Going out"),
    "unidentified": Text("待认领", "Not identified"),
    "out": Text("全部付款", "All out"),
    "in": Text("全部来款", "All in"),
}
KINDS = {key: kind.name for key, kind in PAYMENT_KINDS.items()} | {
    "repayment": Text("还款", "Repayment"),
    "proceeds": Text("处置款", "Proceeds"),
}
STATES = {
    "prepared": Tag("amber", Text("待复核", "To be confirmed")),
    "authorised": Tag("blue", Text("已复核，待发送", "Confirmed, to be sent")),
    "sent": Tag("blue", Text("已发送，等结果", "Sent, result awaited")),
    "unknown": Tag("amber", Text("结果未知，正在查询", "Result unknown, being queried")),
    "succeeded": Tag("green", Text("已付", "Paid")),
    "failed": Tag("red", Text("付款失败", "Failed")),
    "withdrawn": Tag("grey", Text("已撤回", "Withdrawn")),
}
TAKEN, WAITS = Tag("green", Text("已入账", "Booked")), Tag("amber", Text("待认领", "To be identified"))
NOTHING_LEFT = {
    "open": Text("没有等着出去的付款。", "No payment is on its way."),
    "unidentified": Text("每笔来款都有归属。", "All money that came belongs to a loan."),
    "out": Text("还没有付款。", "No payments yet."),
    "in": Text("还没有来款。", "No money has come yet."),
}


@dataclass(frozen=True)
class PaymentRow:
    """`inwards` says that money came."""

    number: str
    kind: Text
    inwards: bool
    counterparty: str
    account: str
    amount: Decimal
    state: Tag
    reason: str
    remark: str
    case_number: str
    case_url: str | None
    loan_no: str
    loan_url: str | None
    value_on: date | None
    created_at: datetime
    people: Text | None


@dataclass(frozen=True)
class AlarmCard:
    text: Text
    payment_no: str
    first_at: datetime
    last_at: datetime
    times: int
    settle_url: str | None


@dataclass(frozen=True)
class FinancePage:
    """`sides` are (account, debit, credit), `total` is nothing while the books balance."""

    chips: tuple[Chip, ...]
    filter_key: str
    rows: tuple[PaymentRow, ...]
    nothing: Text
    pager: Pager
    alarms: tuple[AlarmCard, ...]
    until: date
    funders: tuple[Choice, ...]
    sides: tuple[tuple[Text, Decimal | None, Decimal | None], ...]
    total: Decimal


def finance_page(
    actor: Actor, desk: FinanceDesk, trial: TrialBalance, chosen: str, page: int, funder_id: int | None
) -> FinancePage:
    """One page for both sides of the bank's account."""

    def address(**changes: Any) -> str:
        return url_for("finance.index", **{"show": chosen} | changes)

    chips = tuple(
        Chip(
            key,
            name,
            desk.counts[key],
            key == chosen,
            address(show=key),
            "amber" if key in ("open", "unidentified") else "",
        )
        for key, name in FILTERS.items()
    )
    everybody = Choice("", Text("全部资金方", "All funders"), funder_id is None)
    funders = (everybody, *(Choice(str(id_), name, id_ == funder_id) for id_, name in trial.funders))
    return FinancePage(
        chips,
        chosen,
        tuple(_row(line) for line in desk.lines),
        NOTHING_LEFT[chosen],
        pager(page, PAGE_SIZE, desk.total, lambda number: address(page=number)),
        tuple(_alarm(one) for one in desk.alarms),
        trial.until,
        funders if trial.funders else (),
        tuple(
            (account_words(code), *((amount, None) if amount >= 0 else (None, -amount)))
            for code, amount in trial.balances
        ),
        trial.total,
    )


def _row(line: PaymentLine) -> PaymentRow:
    payment = line.payment
    inwards = payment.direction == "in"
    state = (TAKEN if line.taken else WAITS) if inwards else STATES.get(payment.state, Tag("grey", Text(payment.state)))
    return PaymentRow(
        number=payment.number,
        kind=KINDS.get(payment.kind, Text(payment.kind, payment.kind)),
        inwards=inwards,
        counterparty=payment.counterparty_name,
        account=payment.account_masked,
        amount=payment.amount,
        state=state,
        reason=payment.reason,
        remark=payment.purpose if inwards else "",
        case_number=line.case_number,
        case_url=url_for("cases.show", case_number=line.case_number) if line.case_number else None,
        loan_no=line.loan_no,
        loan_url=url_for("loans.show", number=line.loan_no) if line.loan_no else None,
        value_on=payment.value_on,
        created_at=payment.created_at,
        people=_people(line),
    )


def _people(line: PaymentLine) -> Text | None:
    """Who prepared the payment and who confirmed it."""
    acts = ((line.maker, Text("经办：", "Prepared by ")), (line.checker, Text("复核：", "confirmed by ")))
    said = [(act.zh + name.zh, act.of("en") + name.of("en")) for name, act in acts if name is not None]
    return Text("，".join(zh for zh, _ in said), ", ".join(en for _, en in said)) if said else None


def _alarm(one: Any) -> AlarmCard:
    alarm = one.alarm
    return AlarmCard(
        Text(alarm.text_zh, alarm.text_en),
        one.payment_no,
        alarm.first_at,
        alarm.last_at,
        alarm.times,
        url_for("finance.settle", alarm_id=alarm.id) if one.may_settle else None,
    )
