"""Reads what the daily close is told about a loan: plan in force, money that came, what the ledger holds, standing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lending.allocation import OpenItem
from app.lending.loan_facts import Booked, BookedApplication, LoanFacts, Receipt, Settlement, Standing
from app.lending.money import ZERO
from app.lending.schedule import Instalment
from app.storage import ledger
from app.storage.loans import Bill, Loan, LoanCharge, LoanReceipt, Schedule, ScheduleRow
from app.use_cases.loans.close_rules import stored_order


def loan_facts_of(session: Session, loan: Loan) -> LoanFacts:
    """The facts of one loan in a few statements; the caller holds the loan's lock where it is going to book."""
    receipts = _receipts(session, loan.id)
    return LoanFacts(
        loan_no=loan.number,
        currency=loan.currency,
        paid_out_on=loan.paid_out_on,
        rows=plan_in_force(session, loan.id),
        receipts=receipts,
        charges=_charges(session, loan.id),
        booked=Booked(
            interest=ledger.accrued_interest(session, loan.id),
            penalties=ledger.accrued_penalties(session, loan.id),
            receipt_nos=ledger.receipt_numbers(session, loan.id) if receipts else frozenset(),
            applications=_applications(session, loan.id) if receipts else (),
            billed_numbers=frozenset(session.scalars(select(Bill.instalment).where(Bill.loan_id == loan.id))),
        ),
        standing=Standing(loan.dpd, loan.asset_class, loan.episode, loan.stage, loan.closed_on),
        judged_class=loan.judged_class,
        stopped_on=loan.stopped_on,
    )


def plan_in_force(session: Session, loan_id: int) -> tuple[Instalment, ...]:
    """The instalments of the newest schedule."""
    newest = select(func.max(Schedule.id)).where(Schedule.loan_id == loan_id).scalar_subquery()
    columns = (
        ScheduleRow.number,
        ScheduleRow.due_on,
        ScheduleRow.principal,
        ScheduleRow.interest,
        ScheduleRow.balance,
    )
    query = select(*columns).where(ScheduleRow.schedule_id == newest).order_by(ScheduleRow.due_on, ScheduleRow.number)
    return tuple(Instalment(*row) for row in session.execute(query))


def _receipts(session: Session, loan_id: int) -> tuple[Receipt, ...]:
    columns = (LoanReceipt.number, LoanReceipt.value_on, LoanReceipt.amount, LoanReceipt.allocation_order)
    query = select(*columns).where(LoanReceipt.loan_id == loan_id).order_by(LoanReceipt.id)
    return tuple(
        Receipt(number, value_on, amount, stored_order(order))
        for number, value_on, amount, order in session.execute(query)
    )


def _charges(session: Session, loan_id: int) -> tuple[OpenItem, ...]:
    columns = (LoanCharge.kind, LoanCharge.amount, LoanCharge.due_on)
    query = select(*columns).where(LoanCharge.loan_id == loan_id).order_by(LoanCharge.id)
    return tuple(OpenItem(0, kind, amount, due_on, due_on) for kind, amount, due_on in session.execute(query))


def _applications(session: Session, loan_id: int) -> tuple[BookedApplication, ...]:
    rows = ledger.settlements_in_force(session, loan_id)
    return tuple(
        BookedApplication(
            str(journal_id),
            tuple(Settlement(one.receipt_no, one.value_on, one.instalment, one.kind, one.amount) for one in parts),
        )
        for journal_id, parts in groupby(rows, key=lambda one: one.journal_id)
    )


def owed_at_payout(rows: tuple[Instalment, ...]) -> tuple[Decimal, date]:
    """All that a new plan asks for, and the day on which it ends."""
    return sum((row.total for row in rows), ZERO), rows[-1].due_on
