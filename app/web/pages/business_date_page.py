"""The operator's page of the business date: where it stands, moving it, and what each daily close did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flask import url_for

from app.texts import Text
from app.use_cases.closing.move_business_date import MOST_DAYS
from app.use_cases.closing.show_business_date import PAGE_SIZE, BusinessDates, CloseLine
from app.web.page_models import Empty, Fact, Pager, Tag
from app.web.pages.shared import pager
from app.web.present import money

HOME_CURRENCY = "CNY"
# what is said of a close, in this order, where there is any of it
SAID = {
    "bills": ("出账单 {n} 张", "1 bill", "{n} bills"),
    "receipts": ("核销还款 {n} 笔", "1 receipt applied", "{n} receipts applied"),
    "overdue": ("逾期 {n} 笔", "1 loan overdue", "{n} loans overdue"),
    "stages": ("进入催收环节 {n} 次", "1 rung of collection entered", "{n} rungs of collection entered"),
    "cured": ("逾期还清 {n} 笔", "1 cured", "{n} cured"),
    "class_changes": ("分类调整 {n} 笔", "1 class changed", "{n} classes changed"),
    "settled": ("结清 {n} 笔", "1 settled", "{n} settled"),
    "messages": ("发出消息 {n} 条", "1 message", "{n} messages"),
}


@dataclass(frozen=True)
class Step:
    """A button that moves the date to `to`."""

    label: Text
    to: date


@dataclass(frozen=True)
class FailureRow:
    loan_no: str
    cause: Text
    note: Text


@dataclass(frozen=True)
class CloseRow:
    """A day of the list; `words` say what its close did, amounts are written with their currency unless yuan."""

    on: date
    tag: Tag
    words: Text
    interest: str
    penalty: str
    trial_balance: str
    is_balanced: bool
    seconds: str
    failures: tuple[FailureRow, ...]


@dataclass(frozen=True)
class BusinessDatePage:
    """`percent` of the days that are caught up with is None where no day is missing; `renews` while that changes."""

    facts: tuple[Fact, ...]
    steps: tuple[Step, ...]
    first: date
    last: date
    entered: str
    error: Text | None
    days_done: int
    days_due: int
    percent: int | None
    is_stuck: bool
    renews: bool
    rows: tuple[CloseRow, ...]
    pager: Pager
    empty: Empty | None


def business_date_page(
    found: BusinessDates, number: int, entered: str = "", error: Text | None = None
) -> BusinessDatePage:
    """The page; `entered` and `error` after a move that was refused."""
    today, is_behind = found.business_on, found.days_done < found.days_due
    stuck = any(line.failures for line in found.lines if not line.is_done)
    empty = Empty(
        Text("还没有做过日终", "No day was closed yet"),
        Text(
            "后台每到新的营业日期就自动日终，结果列在这里。",
            "Each new business date is closed by itself; what it did is listed here.",
        ),
    )
    return BusinessDatePage(
        facts=_facts(found),
        steps=tuple(Step(_forward(days), today + timedelta(days=days)) for days in (1, 7)),
        first=today + timedelta(days=1),
        last=today + timedelta(days=MOST_DAYS),
        entered=entered,
        error=error,
        days_done=found.days_done,
        days_due=found.days_due,
        percent=100 * found.days_done // found.days_due if is_behind else None,
        is_stuck=stuck,
        renews=is_behind,
        rows=tuple(close_row(line) for line in found.lines),
        pager=pager(number, PAGE_SIZE, found.total, lambda page: url_for("operations.business_date", page=page)),
        empty=None if found.lines else empty,
    )


def _forward(days: int) -> Text:
    return Text(f"推进 {days} 天", "Forward 1 day" if days == 1 else f"Forward {days} days")


def _facts(found: BusinessDates) -> tuple[Fact, ...]:
    ahead = (found.business_on - found.real_on).days
    note = Text(f"超前真实日期 {ahead} 天", f"{ahead} days ahead") if ahead else Text("与真实日期相同", "the real date")
    facts = [
        Fact(Text("营业日期", "Business date"), found.business_on, "date", note),
        Fact(Text("真实日期", "Real date"), found.real_on, "date"),
    ]
    if found.move is not None:
        moved = found.move
        words = Text(f"{moved.before} → {moved.to}，{moved.by.zh}", f"{moved.before} → {moved.to}, {moved.by.of('en')}")
        facts.append(Fact(Text("最近一次调整", "Last moved"), moved.at, "moment", words))
    return tuple(facts)


def close_row(line: CloseLine) -> CloseRow:
    """A close as lists show it."""
    balances = line.trial_balance or {HOME_CURRENCY: Decimal("0.00")}
    return CloseRow(
        on=line.on,
        tag=_tag(line),
        words=_words(line),
        interest=_amounts(line.counts.get("interest", {})),
        penalty=_amounts(line.counts.get("penalty", {})),
        trial_balance=_amounts(balances) if line.is_done else "—",
        is_balanced=not any(balances.values()),
        seconds=f"{line.worked_in_ms / 1000:.1f}",
        failures=tuple(
            FailureRow(one.loan_no, one.cause, Text(f"已试 {one.times} 次", f"tried {one.times} times"))
            for one in line.failures
        ),
    )


def _tag(line: CloseLine) -> Tag:
    if line.is_done:
        return Tag("green", Text("完成", "Done"))
    if line.failures and not line.is_at_work:
        return Tag("red", Text("未完成", "Not done"))
    return Tag("blue", Text(f"进行中 {line.closed}/{line.loans}", f"At work {line.closed}/{line.loans}"))


def _words(line: CloseLine) -> Text:
    said = [_said(words, line.counts[key]) for key, words in SAID.items() if line.counts.get(key)]
    nothing = Text("没有存续借据", "no active loan")
    loans = _said(("借据 {n} 笔", "1 loan", "{n} loans"), line.closed) if line.closed else nothing
    every = (loans, *said)
    return Text("，".join(one.zh for one in every), ", ".join(one.of("en") for one in every))


def _said(words: tuple[str, str, str], n: int) -> Text:
    zh, one, many = words
    return Text(zh.format(n=n), one if n == 1 else many.format(n=n))


def _amounts(by_currency: Mapping[str, Decimal]) -> str:
    """Yuan without a word, as the head of the column says; others with their currency."""
    if not by_currency:
        return "0.00"
    return " ".join(
        money(amount) if currency == HOME_CURRENCY else f"{currency} {money(amount)}"
        for currency, amount in by_currency.items()
    )
