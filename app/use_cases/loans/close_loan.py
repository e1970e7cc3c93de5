"""Closes one loan for a date inside a unit: books, bills, standing and messages, each only where it is new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.lending.daily_close import Application, Close, close_day
from app.lending.daily_close import Bill as MadeBill
from app.lending.journal import PRINCIPAL, Journal
from app.lending.money import ZERO
from app.moment import Moment
from app.storage import ledger, loans
from app.storage.ledger import PenaltyRow, SettlementRow
from app.storage.loans import Bill, Loan
from app.use_cases.loans.close_rules import rules_of
from app.use_cases.loans.loan_facts_of import loan_facts_of
from app.use_cases.loans.tell_of_close import tell_of_close
from app.use_cases.offers.free_repaid import free_repaid

PENALTY_EVENTS = {"penalty_accrual": 1, "penalty_write_back": -1}


def close_loan_in(session: Session, loan: Loan, on: date, moment: Moment) -> Close | None:
    """Does what the close of `on` adds, and gives it; None for a date before the loan's last close: that day is sealed.

    Locks the loan, so that of two closes, or a close and a receipt, one sees what the other did. A second run for the
    same date writes nothing.
    """
    loans.lock(session, loan)
    if loan.closed_on is not None and on < loan.closed_on:
        return None
    facts = loan_facts_of(session, loan)
    done = close_day(facts, rules_of(session, loan, on), on)
    _book(session, loan, done, moment)
    session.add_all(_bill_row(loan, one, on) for one in done.bills)
    was_active = loan.state == loans.ACTIVE
    _stand(loan, done)
    if any(line.account == PRINCIPAL.code for journal in done.journals for line in journal.lines):
        free_repaid(session, loan, moment)
    tell_of_close(session, loan, facts, done, moment, settled_now=was_active and loan.state == loans.SETTLED)
    return done


def _book(session: Session, loan: Loan, done: Close, moment: Moment) -> None:
    made = {id(one.journal): one for one in done.applications}
    for journal in done.journals:
        row = ledger.book(session, loan.id, loan.funder_id, journal, moment.now)
        if id(journal) in made:
            _settle(session, row.id, made[id(journal)])
        elif journal.event in PENALTY_EVENTS:
            _part_penalty(session, row.id, journal, done.penalties)


def _settle(session: Session, journal_id: int, application: Application) -> None:
    rows = [
        {
            "journal_id": journal_id,
            "position": position,
            "receipt_no": one.receipt_no,
            "value_on": one.on,
            "instalment": one.number,
            "kind": one.kind,
            "amount": one.amount,
        }
        for position, one in enumerate(application.settlements)
    ]
    session.execute(insert(SettlementRow), rows)


def _part_penalty(session: Session, journal_id: int, journal: Journal, changes: Mapping[int, Decimal]) -> None:
    """Which instalments a penalty journal is about: the next close books the difference by instalment."""
    sign = PENALTY_EVENTS[journal.event]
    parts = {number: change for number, change in changes.items() if change * sign > 0}
    assert abs(sum(parts.values(), ZERO)) == journal.lines[0].amount.amount, "the parts are the journal's"
    rows = [{"journal_id": journal_id, "instalment": number, "amount": part} for number, part in parts.items()]
    session.execute(insert(PenaltyRow), rows)


def _bill_row(loan: Loan, one: MadeBill, on: date) -> Bill:
    return Bill(
        number=one.bill_no,
        loan_id=loan.id,
        instalment=one.number,
        due_on=one.due_on,
        principal=one.principal,
        interest=one.interest,
        made_on=on,
    )


def _stand(loan: Loan, done: Close) -> None:
    """The loan as it stands after the day; the session writes the columns that changed."""
    after = done.standing
    loan.dpd, loan.asset_class, loan.episode = after.dpd, after.asset_class, after.episode
    loan.stage, loan.closed_on = after.stage, after.closed_on
    loan.outstanding, loan.overdue = done.position.outstanding, done.overdue
    if done.settled and loan.state == loans.ACTIVE:
        loan.state, loan.settled_on = loans.SETTLED, done.on
