"""The daily close (日终) of one loan as a pure function: what is still to be booked, billed and told on a date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.lending.allocation import AllocationLine
from app.lending.classification import reclassify
from app.lending.delinquency import days_past_due, overdue_amount, rungs_entered
from app.lending.journal import Journal, reversal
from app.lending.loan_facts import (
    OVERPAID,
    BookedApplication,
    CloseRules,
    LoanFacts,
    Receipt,
    Settlement,
    Standing,
    accrued_interest,
)
from app.lending.money import ZERO
from app.lending.postings import Books
from app.lending.replay import Position, replay


@dataclass(frozen=True)
class Bill:
    """What is asked for an instalment; `bill_no` is the loan's number and the instalment's."""

    bill_no: str
    number: int
    due_on: date
    principal: Decimal
    interest: Decimal


@dataclass(frozen=True)
class Message:
    """What other processes are told: BillDue, Overdue, StageEntered or Cured; `key` correlates it."""

    name: str
    key: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Application:
    """A receipt's new settlements with their journal."""

    receipt_no: str
    settlements: tuple[Settlement, ...]
    journal: Journal


@dataclass(frozen=True)
class Close:
    """The close of a loan on a date: the differences to what is booked, and how the loan stands.

    `journals` is everything to book, in order (applications' journals among them; one with `reverses` takes back a
    booked application); `penalties` the change by instalment. Nothing is left to do where `is_empty`.
    """

    on: date
    journals: tuple[Journal, ...]
    interest: Decimal
    penalties: Mapping[int, Decimal]
    received: tuple[str, ...]
    applications: tuple[Application, ...]
    bills: tuple[Bill, ...]
    standing: Standing
    overdue: Decimal
    settled: bool
    messages: tuple[Message, ...]
    position: Position

    @property
    def is_empty(self) -> bool:
        """Whether the close found nothing new to book, bill or tell."""
        return not (self.journals or self.bills or self.messages)


def close_day(facts: LoanFacts, rules: CloseRules, on: date) -> Close:
    """What the close of `on` adds: accrual, bills, receipts and their application, penalty, DPD, class, messages.

    Made from the difference between where the loan stands and what is booked, so a second run of the same date finds
    nothing, and a backdated receipt is mended by reversals and write-backs. ValueError for a date before the last
    close: a sealed day takes no entry (invariant 8).
    """
    if facts.standing.closed_on is not None and on < facts.standing.closed_on:
        raise ValueError(f"{facts.loan_no} is closed to {facts.standing.closed_on}; a sealed day takes no entry")
    position, books = replay(facts, rules, on), Books(facts.loan_no, facts.currency, on)
    active_to = min(on, facts.stopped_on) if facts.stopped_on else on
    interest = accrued_interest(facts.rows, facts.paid_out_on, active_to) - facts.booked.interest
    penalties = _penalty_changes(facts.booked.penalties, position.penalties)
    received = _not_booked(facts, on)
    taken_back, applications = _applications(facts, position, books)
    bills = tuple(_bills(facts, rules, active_to))
    standing, messages = _standing(facts, rules, position)
    return Close(
        on=on,
        journals=(
            *taken_back,
            *_accruals(books, interest, penalties),
            *(books.receipt(one.amount, one.receipt_no) for one in received),
            *(one.journal for one in applications),
        ),
        interest=interest,
        penalties=penalties,
        received=tuple(one.receipt_no for one in received),
        applications=applications,
        bills=bills,
        standing=standing,
        overdue=overdue_amount(position.items, on),
        # money whose value date is still to come has to be booked first: a settled loan is closed no more
        settled=position.outstanding == 0 and all(one.on <= on for one in facts.receipts),
        messages=(*(_bill_due(facts, bill) for bill in bills), *messages),
        position=position,
    )


def _not_booked(facts: LoanFacts, on: date) -> list[Receipt]:
    """The receipts whose value date has come and that the ledger does not hold yet."""
    new = (one for one in facts.receipts if one.on <= on and one.receipt_no not in facts.booked.receipt_nos)
    return sorted(new, key=lambda one: (one.on, one.receipt_no))


def _penalty_changes(booked: Mapping[int, Decimal], earned: Mapping[int, Decimal]) -> dict[int, Decimal]:
    changes = {number: earned.get(number, ZERO) - booked.get(number, ZERO) for number in sorted({*booked, *earned})}
    return {number: change for number, change in changes.items() if change}


def _accruals(books: Books, interest: Decimal, penalties: Mapping[int, Decimal]) -> Iterator[Journal]:
    """Accruals and write-backs, each penalty's direction by itself: one never hides in the other."""
    more = sum((change for change in penalties.values() if change > 0), ZERO)
    less = sum((change for change in penalties.values() if change < 0), ZERO)
    for kind, amount in (("interest", interest), ("penalty", more), ("penalty", less)):
        if amount:
            yield books.accrual(kind, amount)


def _applications(facts: LoanFacts, position: Position, books: Books) -> tuple[list[Journal], tuple[Application, ...]]:
    """New settlements by receipt; where what is booked no longer holds, it is reversed and the receipt starts anew."""
    taken_back: list[Journal] = []
    applications: list[Application] = []
    booked: dict[str, list[BookedApplication]] = {}
    for one in facts.booked.applications:
        booked.setdefault(one.settlements[0].receipt_no, []).append(one)
    wanted: dict[str, list[Settlement]] = {receipt_no: [] for receipt_no in booked}
    for settlement in position.settlements:
        wanted.setdefault(settlement.receipt_no, []).append(settlement)
    for receipt_no, settlements in wanted.items():
        old = booked.get(receipt_no, [])
        held = Counter(settlement for one in old for settlement in one.settlements)
        if held - Counter(settlements):
            taken_back += [_reversed(one, books) for one in old]
            held = Counter()
        new = tuple((Counter(settlements) - held).elements())
        if new:
            applications.append(Application(receipt_no, new, _journal_of(new, books)))
    return taken_back, tuple(applications)


def _reversed(one: BookedApplication, books: Books) -> Journal:
    return reversal(_journal_of(one.settlements, books), one.journal_no, books.on)


def _journal_of(settlements: tuple[Settlement, ...], books: Books) -> Journal:
    lines = [AllocationLine(one.number, one.kind, one.amount, one.on) for one in settlements if one.kind != OVERPAID]
    overpaid = sum((one.amount for one in settlements if one.kind == OVERPAID), ZERO)
    return books.application(lines, overpaid, settlements[0].receipt_no)


def _bills(facts: LoanFacts, rules: CloseRules, on: date) -> Iterator[Bill]:
    for row in facts.rows:
        made_on = row.due_on - timedelta(days=rules.bill_days_before)
        if made_on <= on and row.number not in facts.booked.billed_numbers:
            yield Bill(f"{facts.loan_no}-{row.number}", row.number, row.due_on, row.principal, row.interest)


def _bill_due(facts: LoanFacts, bill: Bill) -> Message:
    payload = {"loan_no": facts.loan_no, "due_on": bill.due_on.isoformat(), "amount": bill.principal + bill.interest}
    return Message("BillDue", bill.bill_no, payload)


def _standing(facts: LoanFacts, rules: CloseRules, position: Position) -> tuple[Standing, tuple[Message, ...]]:
    """The standing after the day, and what it tells: an episode of arrears begins, goes deeper, or is cured."""
    before, dpd = facts.standing, days_past_due(position.items, position.on, grace_days=rules.dpd_grace_days)
    held = reclassify(before.asset_class, dpd, rules.class_floors, facts.judged_class)
    stage, episode, messages = before.stage, before.episode, []

    def tell(name: str, told_stage: str) -> None:
        payload = {"loan_no": facts.loan_no, "episode": episode, "stage": told_stage, "dpd": dpd}
        messages.append(Message(name, facts.loan_no, payload))

    if stage is None and dpd > rules.penalty.grace_days:
        episode += 1
        entered = rungs_entered(rules.ladder, rules.ladder.values[0], dpd) or rules.ladder.values[:1]
        stage = entered[-1]
        tell("Overdue", entered[0])
        for rung in entered[1:]:
            tell("StageEntered", rung)
    elif stage is not None and dpd == 0:
        tell("Cured", stage)
        stage = None
    elif stage is not None:
        for rung in rungs_entered(rules.ladder, stage, dpd):
            tell("StageEntered", rung)
            stage = rung
    return Standing(dpd, held, episode, stage, position.on), tuple(messages)
