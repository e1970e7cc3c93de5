"""Tells other processes what a close found: bills, arrears, stages, cures, the end of the loan, money too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lending.daily_close import Close, Message
from app.lending.loan_facts import OVERPAID, LoanFacts, Settlement
from app.lending.money import ZERO
from app.moment import Moment
from app.storage import collateral, ledger
from app.storage.cases import LoanCase
from app.storage.loans import Loan, LoanReceipt
from app.storage.organisations import Organisation
from app.storage.payments import Payment
from app.use_cases.instances.throw_message import NOT_KEPT, throw

BILL_DUE, OVERDUE, STAGE_ENTERED, CURED = "BillDue", "Overdue", "StageEntered", "Cured"
LOAN_SETTLED, BILL_EXCEPTION = "LoanSettled", "BillException"


def tell_of_close(
    session: Session, loan: Loan, facts: LoanFacts, done: Close, moment: Moment, *, settled_now: bool
) -> None:
    """Puts the messages of a close into the outbox; nothing is read where there is nothing to tell.

    Their keys: BillDue the bill's number, Overdue and LoanSettled the loan's, StageEntered "loan/episode/stage", Cured
    "loan/episode", BillException the receipt's ("receipt/2" for more of it). Each payload has case_number and loan_no.
    """
    overpaid = list(_newly_overpaid(facts, done))
    if not done.messages and not overpaid and not settled_now:
        return
    case_number = session.get_one(LoanCase, loan.case_id).number
    about = {"case_number": case_number, "loan_no": loan.number}
    for message in done.messages:
        key, payload = _as_thrown(session, loan, message)
        lives = NOT_KEPT if message.name == BILL_DUE else None
        throw(session, message.name, key, about | payload, loan.case_id, moment, time_to_live=lives)
    for receipt_no, amount, before in overpaid:
        told: dict[str, Any] = {"receipt_no": receipt_no, "kind": OVERPAID, "amount": amount}
        told |= {"payer_name": _payer_of(session, loan, receipt_no)}
        # the process about the first part may still be live: a later part has a business key of its own
        key = f"{receipt_no}/{ledger.applied_times(session, loan.id, receipt_no)}" if before else receipt_no
        throw(session, BILL_EXCEPTION, key, about | told, loan.case_id, moment)
    if settled_now:
        throw(session, LOAN_SETTLED, loan.number, about, loan.case_id, moment)


def _as_thrown(session: Session, loan: Loan, message: Message) -> tuple[str, dict[str, Any]]:
    """Key and payload; the loan has its standing of the day already."""
    payload = dict(message.payload)
    if message.name == BILL_DUE:
        return message.key, payload | {"bill_no": message.key}
    episode = payload["episode"]
    if message.name == CURED:
        return f"{loan.number}/{episode}", payload
    told = payload | {
        "overdue": loan.overdue,
        "outstanding": loan.outstanding,
        "secured": bool(collateral.of_case(session, loan.case_id, live_only=True)),
        "company_name": session.get_one(Organisation, loan.borrower_id).name_zh,
    }
    key = loan.number if message.name == OVERDUE else f"{loan.number}/{episode}/{payload['stage']}"
    return key, told


def _newly_overpaid(facts: LoanFacts, done: Close) -> Iterator[tuple[str, Decimal, bool]]:
    """(receipt, by how much more than before it exceeds all that is owed, whether it did before)."""
    held = _overpaid(part for one in facts.booked.applications for part in one.settlements)
    for receipt_no, amount in _overpaid(done.position.settlements).items():
        before = held.get(receipt_no, ZERO)
        if amount > before:
            yield receipt_no, amount - before, before > 0


def _overpaid(settlements: Iterable[Settlement]) -> dict[str, Decimal]:
    amounts: dict[str, Decimal] = {}
    for one in settlements:
        if one.kind == OVERPAID:
            amounts[one.receipt_no] = amounts.get(one.receipt_no, ZERO) + one.amount
    return amounts


def _payer_of(session: Session, loan: Loan, receipt_no: str) -> str:
    receipt = session.scalars(select(LoanReceipt).where(LoanReceipt.number == receipt_no)).one()
    payment = session.get(Payment, receipt.payment_id) if receipt.payment_id is not None else None
    return payment.counterparty_name if payment else session.get_one(Organisation, loan.borrower_id).name_zh
