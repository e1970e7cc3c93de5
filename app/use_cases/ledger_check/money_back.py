"""Invariants 11 and 31: what left to payers, owners and other claimants was paid by the bank, and was owed to them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lending.journal import BANK
from app.lending.loan_facts import OVERPAID
from app.storage.disposals import Disposal, DisposalLine
from app.storage.ledger import JournalLine, JournalRow
from app.storage.loans import Loan
from app.storage.payments import OUT, Payment
from app.use_cases.ledger_check.findings import Findings
from app.use_cases.ledger_check.loan_books import ZERO, LoanBooks

REFUND, SURPLUS, SURPLUS_PAID, CLAIMS_PAID, SUCCEEDED = "refund", "surplus", "surplus_paid", "claims_paid", "succeeded"


def refunds_were_overpaid(books: LoanBooks, found: Findings) -> None:
    """11: no more went back to payers than they paid above all that was owed."""
    found.rows += 1
    back = sum((-one.on_account(BANK.code) for one in books.journals if one.row.event == REFUND), ZERO)
    if back > books.settled_of(OVERPAID):
        found.fault(
            books.number,
            f"退款 {back}，多付的只有 {books.settled_of(OVERPAID)}。",
            f"{back} were refunded though only {books.settled_of(OVERPAID)} were overpaid.",
        )


def refunds_were_paid(session: Session, found: Findings) -> None:
    """11: each refund in the ledger is one that two people ordered and the bank paid, booked once."""
    _were_paid(session, found, REFUND, REFUND)


def surplus_was_paid(session: Session, found: Findings) -> None:
    """31: a surplus left once, by the payment that its disposal knows, for the whole of it."""
    _were_paid(session, found, SURPLUS_PAID, SURPLUS)
    known = {
        number: surplus
        for number, surplus in session.execute(
            select(Payment.number, Disposal.surplus).join(Disposal, Disposal.surplus_payment_id == Payment.id)
        )
    }
    for journal_id, subject, amount, _ in _journals(session, SURPLUS_PAID):
        if known.pop(subject, None) != amount:
            found.fault(
                f"J{journal_id:08d}", "不是某次处置的余款。", "is not the surplus of a disposal that knows its payment."
            )
    for number in known:
        found.fault(number, "余款付款没有入账。", "paid a surplus and is not in the ledger.")


def claims_were_owed(session: Session, found: Findings) -> None:
    """31: what other claimants got is what the lines of the distribution gave them, each once."""
    query = select(Disposal.number, DisposalLine.position, DisposalLine.paid)
    lines = session.execute(query.join(Disposal, Disposal.id == DisposalLine.disposal_id))
    owed = {f"{number}/{position}": paid for number, position, paid in lines}
    for journal_id, subject, amount, _ in _journals(session, CLAIMS_PAID):
        found.rows += 1
        if owed.pop(subject, None) != amount:
            found.fault(f"J{journal_id:08d}", f"{subject} 没有分到 {amount}。", f"{subject} did not get {amount}.")


def _were_paid(session: Session, found: Findings, event: str, kind: str) -> None:
    query = select(Payment.number, Payment.case_id, Payment.amount).where(
        Payment.direction == OUT, Payment.kind == kind, Payment.state == SUCCEEDED
    )
    paid = {number: (case_id, amount) for number, case_id, amount in session.execute(query)}
    for journal_id, subject, amount, case_id in _journals(session, event):
        found.rows += 1
        if paid.pop(subject, None) != (case_id, amount):
            found.fault(
                f"J{journal_id:08d}",
                f"{subject} 不是银行付出的同一笔 {amount}。",
                f"{subject} is not a payment of this case by which the bank paid {amount}, or is booked twice.",
            )


def _journals(session: Session, event: str) -> list[tuple[int, str, Decimal, int]]:
    """(journal id, subject, yuan that left the bank, case id) of the journals of an event."""
    left = func.coalesce(func.sum(JournalLine.amount), 0)
    query: Any = (
        select(JournalRow.id, JournalRow.subject, left, Loan.case_id)
        .join(Loan, Loan.id == JournalRow.loan_id)
        .outerjoin(
            JournalLine,
            (JournalLine.journal_id == JournalRow.id)
            & (JournalLine.account == BANK.code)
            & (JournalLine.side == "credit"),
        )
        .where(JournalRow.event == event)
        .group_by(JournalRow.id, JournalRow.subject, Loan.case_id)
        .order_by(JournalRow.id)
    )
    return [(id_, subject, Decimal(amount), case_id) for id_, subject, amount, case_id in session.execute(query)]
