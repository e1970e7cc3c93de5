"""All that the database holds of a loan, in plain rows; a block of loans at a time, so that memory is bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lending.journal import DEBIT
from app.storage.contracts import Contract
from app.storage.ledger import JournalLine, JournalRow, PenaltyRow, SettlementRow
from app.storage.loans import Bill, Loan, LoanCharge, LoanReceipt, Schedule, ScheduleRow
from app.storage.offers import Offer
from app.storage.payments import Payment

LOANS_A_BLOCK = 200
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Booked:
    """A journal with its lines, what it settled and its parts of penalty; `taken_back` where another reverses it."""

    row: Any
    lines: tuple[Any, ...]
    settlements: tuple[Any, ...]
    penalties: tuple[Any, ...]
    taken_back: bool

    @property
    def number(self) -> str:
        return f"J{self.row.id:08d}"

    def on_account(self, account: str) -> Decimal:
        """What it moves on an account, debit above zero."""
        return sum((signed(line) for line in self.lines if line.account == account), ZERO)


@dataclass(frozen=True)
class LoanBooks:
    """One loan: its rows in the order in which they were made, `plans` the schedules with their rows, newest last."""

    loan: Any
    payment: Any
    contract: Any
    offer: Any
    plans: tuple[tuple[Any, tuple[Any, ...]], ...]
    charges: tuple[Any, ...]
    receipts: tuple[Any, ...]
    bills: tuple[Any, ...]
    journals: tuple[Booked, ...]

    @property
    def number(self) -> str:
        number: str = self.loan.number
        return number

    @property
    def rows(self) -> tuple[Any, ...]:
        """The instalments of the schedule in force."""
        return self.plans[-1][1] if self.plans else ()

    @property
    def day(self) -> date:
        """To which day the loan is closed."""
        day: date = self.loan.closed_on or self.loan.paid_out_on
        return day

    @cached_property
    def accounts(self) -> dict[str, Decimal]:
        """The loan's balance of each account, debit above zero."""
        found: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for journal in self.journals:
            for line in journal.lines:
                found[line.account] += signed(line)
        return found

    @cached_property
    def settlements(self) -> tuple[Any, ...]:
        """What receipts paid, without what was taken back."""
        return tuple(part for one in self.journals if not one.taken_back for part in one.settlements)

    @cached_property
    def settled(self) -> dict[tuple[int, str], Decimal]:
        """What was paid on each item: (instalment, kind)."""
        found: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
        for part in self.settlements:
            found[part.instalment, part.kind] += part.amount
        return found

    def settled_of(self, kind: str) -> Decimal:
        """What was paid of one kind."""
        return sum((amount for (_, each), amount in self.settled.items() if each == kind), ZERO)


def signed(line: Any) -> Decimal:
    """A journal line's amount, debit above zero."""
    amount: Decimal = line.amount
    return amount if line.side == DEBIT else -amount


def every_loan(session: Session) -> Iterator[LoanBooks]:
    """All loans by id."""
    ids = list(session.scalars(select(Loan.id).order_by(Loan.id)))
    for start in range(0, len(ids), LOANS_A_BLOCK):
        block = ids[start : start + LOANS_A_BLOCK]
        yield from _block(session, block[0], block[-1])


def _block(session: Session, first: int, last: int) -> Iterator[LoanBooks]:
    def of_loan(table: Any, *, by: Any = None) -> dict[int, list[Any]]:
        order = table.id if by is None else by
        query = select(*table.__table__.columns).where(table.loan_id.between(first, last)).order_by(order)
        return _grouped(session.execute(query), lambda row: row.loan_id)

    mine = Loan.id.between(first, last)
    schedules, journals = of_loan(Schedule, by=Schedule.version), of_loan(JournalRow)
    charges, receipts, bills = of_loan(LoanCharge), of_loan(LoanReceipt), of_loan(Bill)
    rows = _instalments(session, first, last)
    lines = _of_journal(session, JournalLine, first, last)
    settlements = _of_journal(session, SettlementRow, first, last)
    penalties = _of_journal(session, PenaltyRow, first, last, by=PenaltyRow.instalment)
    payments = _by_loan(session, Payment, Loan.payment_id == Payment.id, mine)
    contracts = _by_loan(session, Contract, Loan.contract_id == Contract.id, mine)
    offers = _by_loan(session, Offer, (Loan.contract_id == Contract.id) & (Contract.offer_id == Offer.id), mine)
    for loan in session.execute(select(*Loan.__table__.columns).where(mine).order_by(Loan.id)):
        own = journals.get(loan.id, [])
        gone = {row.reverses_id for row in own}
        yield LoanBooks(
            loan=loan,
            payment=payments.get(loan.id),
            contract=contracts.get(loan.id),
            offer=offers.get(loan.id),
            plans=tuple((one, tuple(rows.get(one.id, ()))) for one in schedules.get(loan.id, ())),
            charges=tuple(charges.get(loan.id, ())),
            receipts=tuple(receipts.get(loan.id, ())),
            bills=tuple(bills.get(loan.id, ())),
            journals=tuple(
                Booked(
                    row,
                    tuple(lines.get(row.id, ())),
                    tuple(settlements.get(row.id, ())),
                    tuple(penalties.get(row.id, ())),
                    row.id in gone,
                )
                for row in own
            ),
        )


def _grouped(rows: Iterable[Any], key: Callable[[Any], int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _instalments(session: Session, first: int, last: int) -> dict[int, list[Any]]:
    query = select(*ScheduleRow.__table__.columns).join(Schedule, Schedule.id == ScheduleRow.schedule_id)
    query = query.where(Schedule.loan_id.between(first, last)).order_by(ScheduleRow.schedule_id, ScheduleRow.number)
    return _grouped(session.execute(query), lambda row: row.schedule_id)


def _of_journal(session: Session, table: Any, first: int, last: int, *, by: Any = None) -> dict[int, list[Any]]:
    order = table.position if by is None else by
    query = select(*table.__table__.columns).join(JournalRow, JournalRow.id == table.journal_id)
    query = query.where(JournalRow.loan_id.between(first, last)).order_by(table.journal_id, order)
    return _grouped(session.execute(query), lambda row: row.journal_id)


def _by_loan(session: Session, table: Any, joined: Any, mine: Any) -> dict[int, Any]:
    query = select(Loan.id.label("of_loan"), *table.__table__.columns).where(joined, mine)
    return {row.of_loan: row for row in session.execute(query)}
