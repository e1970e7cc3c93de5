"""Shows a loan: plan with what is paid, receipts and what each paid, bills, charges, journals, balances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gateways import clock
from app.lending.money import ZERO
from app.storage import ledger, loans
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.ledger import JournalLine, JournalRow, SettlementRow
from app.storage.loans import Bill, Loan, LoanCharge, LoanReceipt, Schedule
from app.storage.organisations import Organisation
from app.storage.payments import Payment
from app.texts import Text
from app.use_cases.loans.repayment_plan import PlanRow, repayment_plans
from app.use_cases.loans.seen_loan import loan_in_ledger, own_loan
from app.use_cases.permissions import Actor, may

JOURNALS_A_PAGE = 12


@dataclass(frozen=True)
class ReceiptLine:
    """Money that came, and what it paid by kind (principal, interest, penalty, cost, fee, overpaid)."""

    receipt: LoanReceipt
    payer: str
    parts: Mapping[str, Decimal]

    @property
    def waiting(self) -> Decimal:
        """What is not applied yet."""
        return self.receipt.amount - sum(self.parts.values(), ZERO)


@dataclass(frozen=True)
class JournalEntry:
    """A journal with its lines; `reverses` is the number of the journal that it takes back."""

    journal: JournalRow
    lines: tuple[JournalLine, ...]
    reverses: str


@dataclass(frozen=True)
class LoanSummary:
    """A loan as a party of it reads it; amounts in its currency."""

    loan: Loan
    case_number: str
    borrower: Text
    funder: Text
    plan: tuple[PlanRow, ...]
    receipts: tuple[ReceiptLine, ...]
    charges: tuple[LoanCharge, ...]


@dataclass(frozen=True)
class LoanDetail(LoanSummary):
    """`balances` by account, debit above zero; journals are the page asked for, newest first."""

    bills: tuple[Bill, ...]
    schedules: tuple[Schedule, ...]
    journals: tuple[JournalEntry, ...]
    journal_total: int
    balances: Mapping[str, Decimal]


def show_loan(actor: Actor, number: str, journal_page: int = 1) -> LoanDetail:
    """The loan with its books, for people who see the ledger; NotFound where it is not theirs to see."""
    with reading() as session:
        loan = loan_in_ledger(session, actor, number)
        return detail_of(session, loan, journal_page)


def show_my_loan(actor: Actor, number: str) -> LoanSummary:
    """A firm's own loan without the funder's books; NotFound for another's."""
    with reading() as session:
        return summary_of(session, own_loan(session, actor, number))


def loans_of_case(actor: Actor, case_id: int) -> tuple[Loan, ...]:
    """The loans of a case that the actor may see already, where the ledger is theirs to see too."""
    if not may("view_ledger", actor):
        return ()
    with reading() as session:
        found = loans.of_case(session, case_id)
    return tuple(loan for loan in found if actor.case_scope in (None, loan.funder_id))


def summary_of(session: Session, loan: Loan) -> LoanSummary:
    """What both sides read of a loan, for a caller who may show it."""
    plan = repayment_plans(session, [loan], clock.moment().business_on).get(loan.id, ())
    sides = {
        one.id: one.name
        for one in session.scalars(select(Organisation).where(Organisation.id.in_((loan.borrower_id, loan.funder_id))))
    }
    return LoanSummary(
        loan=loan,
        case_number=session.get_one(LoanCase, loan.case_id).number,
        borrower=sides[loan.borrower_id],
        funder=sides[loan.funder_id],
        plan=plan,
        receipts=_receipts(session, loan),
        charges=tuple(loans.charges(session, loan.id)),
    )


def detail_of(session: Session, loan: Loan, journal_page: int = 1) -> LoanDetail:
    """The loan with its books, for a caller who may show them."""
    found = ledger.newest_journals(session, loan.id, JOURNALS_A_PAGE, (max(1, journal_page) - 1) * JOURNALS_A_PAGE)
    balances = ledger.balances(session, loan_id=loan.id)
    return LoanDetail(
        **vars(summary_of(session, loan)),
        bills=tuple(loans.bills(session, loan.id)),
        schedules=tuple(loans.schedules(session, loan.id)),
        journals=tuple(_entries(session, found)),
        journal_total=ledger.journal_count(session, loan.id),
        balances={account: amount for (_currency, account), amount in balances.items()},
    )


def _receipts(session: Session, loan: Loan) -> tuple[ReceiptLine, ...]:
    received = loans.receipts(session, loan.id)
    applied = ledger.settlements_in_force(session, loan.id) if received else []
    paid_by = {one.payment_id for one in received if one.payment_id is not None}
    payers = dict(session.execute(select(Payment.id, Payment.counterparty_name).where(Payment.id.in_(paid_by))).all())
    return tuple(ReceiptLine(one, payers.get(one.payment_id or 0, ""), _parts(applied, one.number)) for one in received)


def _parts(applied: Iterable[SettlementRow], receipt_no: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for part in applied:
        if part.receipt_no == receipt_no:
            found[part.kind] = found.get(part.kind, ZERO) + part.amount
    return found


def _entries(session: Session, found: list[JournalRow]) -> Iterable[JournalEntry]:
    lines: dict[int, list[JournalLine]] = {}
    for line in ledger.lines(session, [journal.id for journal in found]):
        lines.setdefault(line.journal_id, []).append(line)
    for journal in found:
        before = f"J{journal.reverses_id:08d}" if journal.reverses_id is not None else ""
        yield JournalEntry(journal, tuple(lines.get(journal.id, ())), before)
