"""Loans for the tests, and a ledger in memory that books what a close says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from app.lending.allocation import AllocationOrder
from app.lending.daily_close import Close, close_day
from app.lending.journal import Journal, trial_balance
from app.lending.loan_facts import Booked, BookedApplication, CloseRules, LoanFacts, Receipt
from app.lending.money import ZERO
from app.lending.penalty import PenaltyRule
from app.lending.postings import Books
from app.lending.schedule import plan
from app.lending.steps import Steps

FLOORS = Steps(((0, "pass"), (1, "special_mention"), (91, "substandard"), (271, "doubtful"), (361, "loss")))
LADDER = Steps(((0, "S0"), (1, "S1"), (8, "S2"), (31, "S3"), (91, "S4"), (181, "S5")))
PAID_OUT = date(2026, 1, 15)


def rules(**changes: object) -> CloseRules:
    """The usual rules: 9.00 % penalty on everything overdue over 360 days, no grace, early money kept in hand."""
    usual = CloseRules(AllocationOrder(), PenaltyRule(Decimal("9.00")), FLOORS, LADDER)
    return replace(usual, **changes)  # type: ignore[arg-type]


def loan(amount: str = "120000.00", months: int = 12, method: str = "equal_principal") -> LoanFacts:
    """A loan at 6 % paid out on 15 January 2026, with nothing booked but its payout."""
    rows = plan(Decimal(amount), Decimal("6.00"), months, method, PAID_OUT)
    return LoanFacts("L1", "CNY", PAID_OUT, rows)


def received(facts: LoanFacts, *receipts: tuple[str, str, str]) -> LoanFacts:
    """The loan with receipts (number, ISO day, amount) more."""
    new = (Receipt(number, date.fromisoformat(day), Decimal(amount)) for number, day, amount in receipts)
    return replace(facts, receipts=(*facts.receipts, *new))


@dataclass
class Ledger:
    """Books closes; the loan's facts grow as its tables would."""

    facts: LoanFacts
    rules: CloseRules
    journals: dict[str, Journal] = field(default_factory=dict)
    closes: list[Close] = field(default_factory=list)

    def __post_init__(self) -> None:
        paid_out = sum((row.principal for row in self.facts.rows), ZERO)
        self.book([Books("L1", "CNY", PAID_OUT).payout(paid_out, "P1")])

    def book(self, journals: Iterable[Journal]) -> None:
        for journal in journals:
            self.journals[f"J{len(self.journals) + 1}"] = journal

    def close(self, on: date) -> Close:
        done = close_day(self.facts, self.rules, on)
        self.book(done.journals)
        self.closes.append(done)
        self.facts = replace(self.facts, booked=self._booked(done), standing=done.standing)
        return done

    def _booked(self, done: Close) -> Booked:
        booked = self.facts.booked
        gone = {journal.reverses for journal in done.journals}
        numbers = {id(journal): number for number, journal in self.journals.items()}
        kept = tuple(one for one in booked.applications if one.journal_no not in gone)
        new = tuple(BookedApplication(numbers[id(one.journal)], one.settlements) for one in done.applications)
        penalties = dict(booked.penalties)
        for number, change in done.penalties.items():
            penalties[number] = penalties.get(number, ZERO) + change
        return Booked(
            interest=booked.interest + done.interest,
            penalties=penalties,
            receipt_nos=booked.receipt_nos | set(done.received),
            applications=kept + new,
            billed_numbers=booked.billed_numbers | {bill.number for bill in done.bills},
        )

    def balance(self, account: str) -> Decimal:
        """Debit above zero."""
        return trial_balance(self.journals.values()).get(("CNY", account), ZERO)

    def messages(self) -> list[tuple[str, str]]:
        """Every message but bills, as (name, stage), in order."""
        return [
            (message.name, message.payload["stage"])
            for close in self.closes
            for message in close.messages
            if message.name != "BillDue"
        ]
