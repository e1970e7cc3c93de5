"""Many loans through a year of monthly closes: what the collections process has open is what an oracle says."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from app.gateways import clock
from app.storage import releases
from app.storage.database import reading
from app.storage.incidents import Incident
from app.storage.instances import ProcessInstance
from app.storage.loans import Loan, Schedule, ScheduleRow
from app.storage.waiting import MessageSubscription
from app.use_cases.closing.close_all import close_all
from tests.desk import FIRM, FIRM_OF_TWO, OTHER_FIRM, Desk
from tests.soak import LENGTH
from tests.use_cases.collections.oracle import RUNGS, Arrears, Oracle
from tests.use_cases.loans.lent import at, lent, receive

LOANS = 25 * LENGTH
CLOSES = [date(2026 + (month // 12), month % 12 + 1, 20) for month in range(1, 13)]
HABITS = ("punctual", "early", "late", "late", "parts", "too much", "told late", "never", "stops")
METHODS = ("equal_principal", "equal_instalment", "interest_monthly", "bullet")


@dataclass(frozen=True)
class Money:
    """A payment of the borrower: booked on a day, of an earlier value date where the bank was slow."""

    booked_on: date
    value_on: date
    fen: int


def habits(rng: random.Random, habit: str, plan: list[tuple[date, int, int]], paid_out_on: date) -> Iterator[Money]:
    """What a borrower of this habit pays in the year."""
    stops_after = rng.randrange(len(plan))
    for count, (due_on, interest, principal) in enumerate(plan):
        asked = interest + principal
        if habit == "never" or (habit == "stops" and count > stops_after):
            return
        day = due_on
        if habit == "early":
            day = max(due_on - timedelta(days=rng.randint(1, 9)), paid_out_on + timedelta(days=1))
        elif habit == "late":
            day = due_on + timedelta(days=rng.choice([1, 2, 6, 10, 35, 70, 100]))
        told_on = day + timedelta(days=rng.randint(1, 12)) if habit == "told late" else day
        if habit == "parts":
            part = rng.randint(1, asked)
            yield Money(told_on, day, part)
            later = told_on + timedelta(days=rng.choice([1, 8, 40]))
            yield Money(later, later, max(asked - part, 1))
        else:
            more = rng.choice([1, 50_00, 2_000_00]) if habit == "too much" else 0
            yield Money(told_on, day, asked + more)


@dataclass
class Followed:
    """One loan with its oracle and what its borrower is going to pay."""

    number: str
    oracle: Oracle
    payments: list[Money]


def village(desk: Desk, rng: random.Random) -> list[Followed]:
    """The loans, of random terms; small amounts, so that all of them fit into the demo's limits."""
    made = []
    for count in range(LOANS):
        paid_out_on = date(2026, 1, rng.randint(2, 28))
        number = lent(
            desk,
            amount=f"{rng.randint(2_000, 20_000)}.{rng.randint(0, 99):02d}",
            months=rng.choice([3, 6, 9, 12]),
            rate=f"{rng.randint(400, 1500) / 100:.2f}",
            method=rng.choice(METHODS),
            paid_out_on=paid_out_on,
            login=(FIRM, OTHER_FIRM, FIRM_OF_TWO)[count % 3],
        )
        with desk.app.app_context(), reading() as session:
            loan = session.scalars(select(Loan).where(Loan.number == number)).one()
            rows = session.scalars(
                select(ScheduleRow)
                .join(Schedule, Schedule.id == ScheduleRow.schedule_id)
                .where(Schedule.loan_id == loan.id)
                .order_by(ScheduleRow.number)
            )
            plan = [(row.due_on, int(row.interest * 100), int(row.principal * 100)) for row in rows]
            penalty = Fraction(loan.rules["penalty_rate_percent"]) / 100
        payments = sorted(habits(rng, HABITS[count % len(HABITS)], plan, paid_out_on), key=lambda one: one.booked_on)
        made.append(Followed(number, Oracle(plan, penalty), payments))
    return made


def pay_until(desk: Desk, one: Followed, on: date) -> None:
    """Books what the borrower pays by a day; each booking closes the loan, so the oracle looks then too."""
    while one.payments and one.payments[0].booked_on <= on:
        money = one.payments.pop(0)
        with clock.fixed_at(at(money.booked_on).now):
            number = receive(desk, one.number, f"{money.fen / 100:.2f}", money.value_on, booked_on=money.booked_on)
        one.oracle.receipts.append((money.value_on, number, money.fen))
        one.oracle.see(money.booked_on)


def live(desk: Desk, message: str) -> dict[str, list[tuple[str, str]]]:
    """Business key -> (round, rung) of the live instances of the process that the message starts.

    A rung waits for the next one's message: who waits for that of S3 stands on S2, who waits for none on the last.
    """
    rungs = list(RUNGS)
    found: dict[str, list[tuple[str, str]]] = {}
    with desk.app.app_context(), reading() as session:
        (process_key,) = releases.processes_started_by(session, message)
        waiting: dict[int, list[str]] = {}
        entered = select(MessageSubscription.instance_id, MessageSubscription.correlation_key)
        for instance_id, key in session.execute(entered.where(MessageSubscription.name == "StageEntered")):
            waiting.setdefault(instance_id, []).append(key.rsplit("/", 1)[1])
        running = select(ProcessInstance).where(
            ProcessInstance.process_key == process_key, ProcessInstance.status == "active"
        )
        for instance in session.scalars(running):
            (next_rung,) = waiting.get(instance.id) or [""]
            rung = rungs[rungs.index(next_rung) - 1] if next_rung else rungs[-1]
            found.setdefault(instance.business_key, []).append((instance.round, rung))
    return found


def started(desk: Desk, message: str) -> list[str]:
    """The business keys of all instances of the process that the message starts, ended ones too."""
    with desk.app.app_context(), reading() as session:
        (process_key,) = releases.processes_started_by(session, message)
        query = select(ProcessInstance.business_key).where(ProcessInstance.process_key == process_key)
        return sorted(session.scalars(query))


def standing(desk: Desk) -> dict[str, tuple[int, str, int]]:
    """Loan number -> (days past due, stage, fen outstanding) as its row has them."""
    with desk.app.app_context(), reading() as session:
        return {
            one.number: (one.dpd, one.stage or "", int(one.outstanding * 100)) for one in session.scalars(select(Loan))
        }


@pytest.mark.soak
def test_open_collections_and_their_rungs_are_what_the_oracle_says(desk: Desk) -> None:
    rng, began = random.Random(20260115), time.monotonic()
    followed = village(desk, rng)
    seen: list[set[str]] = []
    for on in CLOSES:
        for one in followed:
            pay_until(desk, one, on)
        with clock.fixed_at(at(on).now):
            with desk.app.app_context():
                assert close_all(on).state == "done"
            desk.work()
        expected = {one.number: one.oracle.see(on) for one in followed}
        assert live(desk, "Overdue") == {
            number: [(str(each.episode), each.stage)] for number, each in expected.items() if each.stage
        }, on
        assert standing(desk) == {number: _row(each) for number, each in expected.items()}, on
        seen.append({each.stage for each in expected.values()})
    settled = {number for number, each in expected.items() if each.outstanding_fen == 0}
    overpaid = {number for each in expected.values() for number in each.overpaid}
    assert set(live(desk, "BillException")) == overpaid
    assert started(desk, "LoanSettled") == sorted(settled)
    with desk.app.app_context(), reading() as session:
        assert session.scalars(select(Incident.cause_en)).all() == []
    # the year has to show what the oracle is for
    assert {"", "S1", "S2", "S3", "S4", "S5"} <= set().union(*seen) and settled and overpaid
    print(f"{LOANS} loans through {len(CLOSES)} closes in {(time.monotonic() - began) / 60:.1f} minutes")


def _row(each: Arrears) -> tuple[int, str, int]:
    return each.dpd, each.stage, each.outstanding_fen
