"""The pages of loans for staff: the list, one loan with its books, and a loan in brief."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.loans.list_loans import PAGE_SIZE, LoanLine, LoanList
from app.use_cases.loans.repayment_plan import OVERDUE, PlanRow, next_due
from app.use_cases.loans.show_loan import JOURNALS_A_PAGE, LoanDetail, LoanSummary
from app.use_cases.offers.preview_schedule import REPAYMENT_METHODS
from app.use_cases.permissions import Actor
from app.web.page_models import Chip, Empty, Fact, Link, Pager, Tag
from app.web.pages.loan_words import PLAN_STATES, account_words, class_tag, event_words, kind_words, state_tag
from app.web.pages.shared import pager
from app.web.texts import language

FILTERS = {
    "": Text("全部", "All"),
    "active": Text("未结清", "Running"),
    "overdue": Text("逾期", "Overdue"),
    "ended": Text("已结束", "Ended"),
}
NONE = Decimal(0)


@dataclass(frozen=True)
class LoanRow:
    number: str
    url: str
    company: str
    funder: str
    amount: Decimal
    outstanding: Decimal
    overdue: Decimal
    dpd: int
    state: Tag
    asset_class: Tag
    stage: str
    due_on: date | None
    due_amount: Decimal | None


@dataclass(frozen=True)
class LoanListPage:
    """`all_funders` adds the column of the bank."""

    query: str
    filter_key: str
    chips: tuple[Chip, ...]
    rows: tuple[LoanRow, ...]
    pager: Pager
    empty: Empty | None
    all_funders: bool


@dataclass(frozen=True)
class PlanLine:
    row: PlanRow
    tag: Tag


@dataclass(frozen=True)
class ReceiptRow:
    number: str
    value_on: date
    amount: Decimal
    payer: str
    parts: tuple[tuple[Text, Decimal], ...]
    waiting: Decimal


@dataclass(frozen=True)
class JournalBlock:
    number: str
    on: date
    event: Text
    subject: str
    reverses: str
    amount: Decimal
    lines: tuple[tuple[Text, Decimal | None, Decimal | None], ...]


@dataclass(frozen=True)
class LoanPage:
    """`balances` are (account, debit, credit), `balance` their sum, which is nothing."""

    number: str
    company: str
    state: Tag
    asset_class: Tag
    case_number: str
    figures: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    plan: tuple[PlanLine, ...]
    receipts: tuple[ReceiptRow, ...]
    charges: tuple[Any, ...]
    bills: tuple[Any, ...]
    journals: tuple[JournalBlock, ...]
    journal_pager: Pager
    balances: tuple[tuple[Text, Decimal | None, Decimal | None], ...]
    balance: Decimal
    versions: int


def loan_list_page(actor: Actor, found: LoanList, words: str, chosen: str, page: int) -> LoanListPage:
    """The list with its filters; a filter that finds nothing says which one to drop."""

    def address(**changes: Any) -> str:
        values = {"q": words, "show": chosen} | changes
        return url_for("loans.index", **{key: value for key, value in values.items() if value})

    chips = tuple(
        Chip(key, name, found.counts[key], key == chosen, address(show=key), "red" if key == "overdue" else "")
        for key, name in FILTERS.items()
    )
    everything = Link(Text("看全部贷款", "See all loans"), url_for("loans.index"))
    empty = (
        Empty(
            Text("没有找到贷款", "No loan was found"),
            Text("可以按借据号或企业名称查找，或者去掉筛选。", "Search by loan number or firm, or drop the filter."),
            everything,
        )
        if words or chosen
        else Empty(
            Text("还没有贷款", "No loans yet"),
            Text("放款到账后，借据出现在这里。", "A loan appears here once the bank has paid it out."),
        )
    )
    return LoanListPage(
        words,
        chosen,
        chips,
        tuple(_row(line) for line in found.lines),
        pager(page, PAGE_SIZE, found.total, lambda number: address(page=number)),
        None if found.lines else empty,
        actor.case_scope is None,
    )


def _row(line: LoanLine) -> LoanRow:
    loan, here = line.loan, language()
    return LoanRow(
        loan.number,
        url_for("loans.show", number=loan.number),
        line.borrower.of(here),
        line.funder.of(here),
        loan.principal,
        loan.outstanding,
        loan.overdue,
        loan.dpd,
        state_tag(loan),
        class_tag(loan),
        loan.stage or "",
        line.due.due_on if line.due else None,
        line.due.left if line.due else None,
    )


def loan_page(detail: LoanDetail, journal_page: int) -> LoanPage:
    """The loan with its books."""
    loan, here = detail.loan, language()
    number = loan.number
    balances = tuple(
        (account_words(account), *_sides(amount)) for account, amount in sorted(detail.balances.items()) if amount
    )
    return LoanPage(
        number=number,
        company=detail.borrower.of(here),
        state=state_tag(loan),
        asset_class=class_tag(loan),
        case_number=detail.case_number,
        figures=loan_figures(detail),
        facts=loan_facts(detail),
        plan=plan_lines(detail.plan),
        receipts=receipt_rows(detail),
        charges=detail.charges,
        bills=detail.bills,
        journals=tuple(_journal(one) for one in detail.journals),
        journal_pager=pager(
            journal_page,
            JOURNALS_A_PAGE,
            detail.journal_total,
            lambda page: url_for("loans.show", number=number, journals=page, _anchor="journals"),
        ),
        balances=balances,
        balance=sum(detail.balances.values(), NONE),
        versions=len(detail.schedules),
    )


def loan_figures(detail: LoanSummary) -> tuple[Fact, ...]:
    """The key figures of a loan's head."""
    loan, due = detail.loan, next_due(detail.plan)
    figures = [
        Fact(Text("本金", "Principal"), loan.principal, "money"),
        Fact(Text("未还总额", "Outstanding"), loan.outstanding, "money"),
        Fact(Text("现在应还", "Due now"), loan.overdue, "money"),
        Fact(Text("逾期天数", "Days past due"), loan.dpd, "count"),
    ]
    if due is not None:
        label = Text("最早未还", "Oldest unpaid") if due.state == OVERDUE else Text("下一期", "Next instalment")
        figures.append(Fact(label, due.left, "money", Text(due.due_on.isoformat())))
    return tuple(figures)


def loan_facts(detail: LoanSummary) -> tuple[Fact, ...]:
    """The terms, and how far the closes are."""
    loan = detail.loan
    facts = [
        Fact(Text("资金方", "Funder"), detail.funder),
        Fact(Text("年利率", "Yearly rate"), loan.rate_percent_per_year, "percent"),
        Fact(Text("期限（月）", "Term (months)"), loan.term_months, "count"),
        Fact(Text("还款方式", "Repayment"), REPAYMENT_METHODS.get(loan.repayment_method, Text(loan.repayment_method))),
        Fact(Text("放款日", "Paid out"), loan.paid_out_on, "date"),
        Fact(Text("到期日", "Matures"), loan.matures_on, "date"),
    ]
    if loan.closed_on:
        facts.append(Fact(Text("日终至", "Closed to"), loan.closed_on, "date"))
    if loan.stage:
        facts.append(
            Fact(
                Text("催收阶段", "Stage"),
                loan.stage,
                "text",
                Text(f"第 {loan.episode} 次逾期", f"episode {loan.episode}"),
            )
        )
    if loan.settled_on:
        facts.append(Fact(Text("结清日", "Paid off"), loan.settled_on, "date"))
    return tuple(facts)


def plan_lines(plan: Iterable[PlanRow]) -> tuple[PlanLine, ...]:
    """The instalments with a word on each."""
    return tuple(PlanLine(row, PLAN_STATES[row.state]) for row in plan)


def receipt_rows(detail: LoanSummary) -> tuple[ReceiptRow, ...]:
    """The money that came, newest first, with what it paid."""
    return tuple(
        ReceiptRow(
            one.receipt.number,
            one.receipt.value_on,
            one.receipt.amount,
            one.payer,
            tuple((kind_words(kind), amount) for kind, amount in one.parts.items()),
            one.waiting,
        )
        for one in reversed(detail.receipts)
    )


def _journal(entry: Any) -> JournalBlock:
    lines = tuple(
        (account_words(line.account), *_sides(line.amount if line.side == "debit" else -line.amount))
        for line in entry.lines
    )
    whole = sum((debit for _account, debit, _credit in lines if debit is not None), NONE)
    journal = entry.journal
    return JournalBlock(
        journal.number,
        journal.business_on,
        event_words(journal.event),
        "" if journal.subject in ("interest", "penalty") else journal.subject,
        entry.reverses,
        whole,
        lines,
    )


def _sides(amount: Decimal) -> tuple[Decimal | None, Decimal | None]:
    return (amount, None) if amount >= 0 else (None, -amount)
