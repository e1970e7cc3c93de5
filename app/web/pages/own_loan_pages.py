"""What a firm reads of its own loans: what to pay next and how, the plan, what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.loans.repayment_plan import OVERDUE, PlanRow, next_due
from app.use_cases.loans.show_loan import LoanSummary
from app.web.page_models import Fact, Tag
from app.web.pages.loan_pages import NONE, PlanLine, ReceiptRow, loan_facts, plan_lines, receipt_rows
from app.web.pages.loan_words import state_tag
from app.web.texts import language


@dataclass(frozen=True)
class OwnLoan:
    """A firm's loan as a card. `to_pay` is what to pay next, `late` says that it is late already."""

    number: str
    url: str
    state: Tag
    funder: str
    principal: Decimal
    outstanding: Decimal
    to_pay: Decimal
    due_on: date | None
    late: bool
    dpd: int
    paid_rows: int
    rows: int
    matures_on: date
    pay_url: str | None


@dataclass(frozen=True)
class OwnLoanPage:
    card: OwnLoan
    case_number: str
    facts: tuple[Fact, ...]
    plan: tuple[PlanLine, ...]
    receipts: tuple[ReceiptRow, ...]
    charges: tuple[Any, ...]


def own_loan(loan: Any, funder: Text, plan: Sequence[PlanRow], due: PlanRow | None, pays: bool) -> OwnLoan:
    """A card for the firm; `pays` adds the way to the sandbox bank's counter."""
    late = loan.overdue > 0
    to_pay = loan.overdue if late else due.left if due else NONE
    return OwnLoan(
        number=loan.number,
        url=url_for("loans.own", number=loan.number),
        state=state_tag(loan),
        funder=funder.of(language()),
        principal=loan.principal,
        outstanding=loan.outstanding,
        to_pay=to_pay,
        due_on=due.due_on if due else None,
        late=late,
        dpd=loan.dpd,
        paid_rows=sum(1 for row in plan if row.left <= 0),
        rows=len(plan),
        matures_on=loan.matures_on,
        pay_url=url_for("sandbox_bank.show", remark=loan.number, amount=f"{to_pay:.2f}") if pays and to_pay else None,
    )


def own_loan_page(detail: LoanSummary, pays: bool) -> OwnLoanPage:
    """What is owed next, how to pay it, and what was paid."""
    loan = detail.loan
    waiting = [row for row in detail.plan if row.state == OVERDUE]
    facts = [fact for fact in loan_facts(detail) if fact.label.zh not in ("日终至", "催收阶段")]
    if waiting:
        facts.append(Fact(Text("逾期期数", "Late instalments"), len(waiting), "count"))
    return OwnLoanPage(
        own_loan(loan, detail.funder, detail.plan, next_due(detail.plan), pays),
        detail.case_number,
        tuple(facts),
        plan_lines(detail.plan),
        receipt_rows(detail),
        detail.charges,
    )
