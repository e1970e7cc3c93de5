"""What moves on the loans of `consistent`, as rows: money in, schedules, accruals, applications, journals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.storage.cases import LoanCase
from app.storage.ledger import JournalLine, JournalRow, PenaltyRow, SettlementRow
from app.storage.loans import Loan, LoanReceipt, Schedule, ScheduleRow
from app.storage.payments import Payment, PaymentEvent

PAID_OUT, SOLD_ON = date(2026, 1, 15), date(2026, 3, 17)


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 4, 0, tzinfo=UTC)


def yuan(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Place:
    """Who is who in the demo, and the case that a loan is of."""

    case: LoanCase
    funder: int
    borrower: int
    borrower_name: str
    people: dict[str, int]


def money_in(session: Session, place: Place, number: str, amount: str, on: date) -> Payment:
    payment = Payment(
        number=number,
        case_id=place.case.id,
        direction="in",
        kind="repayment",
        amount=yuan(amount),
        state="unapplied",
        channel="sandbox",
        value_on=on,
        created_at=noon(on),
    )
    session.add(payment)
    session.flush()
    told = {"channel": "sandbox", "serial": f"S-{number}", "amount": yuan(amount)}
    session.add(PaymentEvent(payment_id=payment.id, kind="received", detail={}, at=noon(on), **told))
    return payment


def receipt_of(session: Session, place: Place, loan: Loan, number: str, amount: str, on: date) -> LoanReceipt:
    payment = money_in(session, place, number, amount, on)
    receipt = LoanReceipt(
        number=number,
        loan_id=loan.id,
        payment_id=payment.id,
        value_on=on,
        amount=yuan(amount),
        allocation_order={},
        taken_at=noon(on),
    )
    session.add(receipt)
    return receipt


def write_schedule(session: Session, loan: Loan, rows: Iterable[tuple[date, str, str]]) -> None:
    schedule = Schedule(loan_id=loan.id, version=1, reason="paid_out", from_on=PAID_OUT, made_at=noon(PAID_OUT))
    session.add(schedule)
    session.flush()
    balance = loan.principal
    for number, (due_on, principal, interest) in enumerate(rows, 1):
        balance -= yuan(principal)
        amounts = {"principal": yuan(principal), "interest": yuan(interest), "balance": balance}
        session.add(ScheduleRow(schedule_id=schedule.id, number=number, due_on=due_on, **amounts))


def accrue(session: Session, loan: Loan, on: date, kind: str, amount: str) -> None:
    """Penalty is on the one instalment that is overdue in each loan."""
    lines = [(f"{kind}_receivable", amount), (f"{kind}_income", f"-{amount}")]
    row = journal(session, loan, on, f"{kind}accrue", kind, lines)
    if kind == "penalty":
        instalment = 2 if loan.number == "DK-A" else 1
        session.add(PenaltyRow(journal_id=row.id, instalment=instalment, amount=yuan(amount)))


def book_receipt(session: Session, loan: Loan, receipt: LoanReceipt) -> None:
    lines = [("bank", str(receipt.amount)), ("unapplied_receipts", f"-{receipt.amount}")]
    journal(session, loan, receipt.value_on, "receipt", receipt.number, lines)


def book_application(session: Session, loan: Loan, receipt: LoanReceipt, parts: list[tuple[int, str, str]]) -> None:
    lines = [("unapplied_receipts", str(receipt.amount))]
    lines += [(f"{kind}_receivable", f"-{amount}") for _, kind, amount in parts]
    row = journal(session, loan, receipt.value_on, "application", receipt.number, lines)
    for position, (instalment, kind, amount) in enumerate(parts):
        part = {"instalment": instalment, "kind": kind, "amount": yuan(amount)}
        on = {"receipt_no": receipt.number, "value_on": receipt.value_on}
        session.add(SettlementRow(journal_id=row.id, position=position, **on, **part))


def journal(
    session: Session, loan: Loan, on: date, event: str, subject: str, lines: list[tuple[str, str]]
) -> JournalRow:
    """Adds a journal of signed lines: debit above zero, credit below."""
    facts: dict[str, Any] = {"event": event, "business_on": on, "subject": subject, "booked_at": noon(on)}
    row = JournalRow(loan_id=loan.id, funder_id=loan.funder_id, **facts)
    session.add(row)
    session.flush()
    for position, (account, amount) in enumerate(lines):
        side = "debit" if Decimal(amount) > 0 else "credit"
        line = {"account": account, "side": side, "amount": abs(yuan(amount)), "currency": "CNY"}
        session.add(JournalLine(journal_id=row.id, position=position, **line))
    return row
