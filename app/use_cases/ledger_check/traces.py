"""Invariants 33 to 35: where amounts and decisions come from, that processes agree with the ledger, and the audit."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import engine
from app.storage.cases import LoanCase
from app.storage.decision_traces import DecisionTrace
from app.storage.instances import ProcessInstance
from app.storage.loans import Loan
from app.storage.releases import ContentFile, Release
from app.storage.user_tasks import UserTask
from app.use_cases.administration.verify_audit import broken_chains
from app.use_cases.ledger_check.findings import Findings
from app.use_cases.ledger_check.interest_again import DAYS_A_YEAR
from app.use_cases.ledger_check.loan_books import LoanBooks

MONEY_IN, PAYOUT = ("receipt", "proceeds"), "payout"
RULES = {"penalty_rate_percent", "grace_days", "on_interest", "day_count", "dpd_grace_days"}
LOAN_ACTIVATED = "LoanActivated"


def rules_known(books: LoanBooks, found: Findings) -> bool:
    """33: a loan stands with the rules that its contract fixed, in words that the check can work with."""
    rules = books.loan.rules
    known = isinstance(rules, dict) and set(rules) >= RULES and rules["day_count"] in DAYS_A_YEAR
    if not known:
        found.rows += 1
        found.fault(books.number, "合同约定的规则没有完整保存。", "the rules of its contract are not stored in full.")
    return known


def amounts_traced(books: LoanBooks, found: Findings) -> None:
    """33: a loan's amount, its receipts and charges each have their journal, a bill its instalment."""
    found.rows += 1 + len(books.receipts) + len(books.charges) + len(books.bills)
    booked = {(one.row.event, one.row.subject) for one in books.journals}
    if (PAYOUT, books.payment.number) not in booked:
        found.fault(books.number, "放款没有凭证。", "has no journal of its payout.")
    for receipt in books.receipts:
        came = receipt.value_on <= books.day
        if came and not any((event, receipt.number) in booked for event in MONEY_IN) and receipt.payment_id:
            found.fault(receipt.number, "还款没有凭证。", "has no journal.")
    for charge in books.charges:
        if not any(subject == charge.voucher_no for _, subject in booked):
            found.fault(f"{books.number} {charge.voucher_no}", "费用没有凭证。", "has no journal.")
    asked = {(row.number, row.due_on, row.principal, row.interest) for _, rows in books.plans for row in rows}
    for bill in books.bills:
        if (bill.instalment, bill.due_on, bill.principal, bill.interest) not in asked:
            found.fault(bill.number, "账单在还款计划里没有对应的分期。", "asks for what no instalment says.")


def decisions_traced(session: Session, found: Findings) -> None:
    """33: a decision names the very table that it used; what a person decided has the person and the time."""
    files = {row.id: set(row.files.values()) for row in session.execute(select(Release.id, Release.files))}
    query = select(DecisionTrace.id, DecisionTrace.decision_key, DecisionTrace.content_hash, DecisionTrace.release_id)
    for id_, key, content_hash, release_id in session.execute(query):
        found.rows += 1
        if content_hash not in files.get(release_id, ()):
            found.fault(f"{key} #{id_}", "所用规则表的版本不明。", "the version of its table is not known.")
    undone = (UserTask.done_by.is_(None) | UserTask.done_at.is_(None)) & (UserTask.state == "done")
    for id_, name in session.execute(select(UserTask.id, UserTask.name_en).where(undone)):
        found.fault(f"#{id_} {name}", "任务已完成，但没有办理人或时间。", "is done by nobody or at no time.")


def process_and_ledger(session: Session, found: Findings) -> None:
    """34: as many loans of a case as processes that ended by activating one; one live instance a business key."""
    ended = _ended_by_activating(session)
    lent = Counter(session.scalars(select(Loan.case_id)))
    cases = select(LoanCase.id, LoanCase.number).where(LoanCase.id.in_({*ended, *lent}))
    numbers: dict[int, str] = dict(iter(session.execute(cases)))
    for case_id in sorted({*ended, *lent}):
        found.rows += 1
        if ended[case_id] != lent[case_id]:
            found.fault(
                numbers.get(case_id, f"#{case_id}"),
                f"放款流程办结 {ended[case_id]} 件，贷款 {lent[case_id]} 笔。",
                f"{ended[case_id]} payout processes ended, {lent[case_id]} loans are there.",
            )
    twice = (
        select(ProcessInstance.process_key, ProcessInstance.business_key, func.count())
        .where(ProcessInstance.status == "active")
        .group_by(ProcessInstance.process_key, ProcessInstance.business_key)
        .having(func.count() > 1)
    )
    for process_key, business_key, times in session.execute(twice):
        found.fault(f"{process_key} {business_key}", f"有 {times} 个在办实例。", f"{times} instances are live at once.")


def _ended_by_activating(session: Session) -> Counter[Any]:
    """Case id -> instances that ended at an event which throws the message of an activated loan."""
    ends = _activating_ends(session)
    query = select(ProcessInstance.case_id, ProcessInstance.release_id, ProcessInstance.end_element_id).where(
        ProcessInstance.status == "completed", ProcessInstance.release_id.in_(ends)
    )
    return Counter(case_id for case_id, release_id, end in session.execute(query) if end in ends[release_id])


def _activating_ends(session: Session) -> dict[str, set[str]]:
    """Release id -> the ids of its end events that throw the message."""
    found: dict[str, set[str]] = {}
    for release in session.execute(select(Release.id, Release.process_key, Release.files)):
        diagrams = [sha for path, sha in release.files.items() if path.endswith(".bpmn")]
        for content in session.scalars(select(ContentFile.content).where(ContentFile.sha256.in_(diagrams))):
            if LOAN_ACTIVATED.encode() in content:
                found.setdefault(release.id, set()).update(_ends_of(content, release.process_key))
    return {release_id: ends for release_id, ends in found.items() if ends}


@lru_cache(maxsize=64)
def _ends_of(diagram: bytes, process_key: str) -> frozenset[str]:
    return frozenset(
        element
        for facts in engine.process_facts(diagram)
        if facts.process_key == process_key
        for element, message in facts.end_messages.items()
        if message == LOAN_ACTIVATED
    )


def audit_chain(session: Session, found: Findings) -> None:
    """35: no entry of the audit log was changed, taken out or put in."""
    chains = broken_chains(session)
    found.rows += 1
    for chain in chains:
        found.fault(
            f"#{chain.organisation_id}",
            f"审计链在第 {chain.sequence} 条断开。",
            f"the audit chain breaks at entry {chain.sequence}.",
        )
