"""A loan lives in the tables as it does in the arithmetic: closes, repayment, arrears, cure, backdated money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import event, func, select

from app.lending.loan_facts import LoanFacts
from app.lending.schedule import plan
from app.storage import ledger, loans
from app.storage.database import db, reading
from app.storage.ledger import JournalRow
from app.use_cases.loans.loan_facts_of import loan_facts_of
from tests.desk import Desk
from tests.lending import loans as in_memory
from tests.use_cases.loans.lent import PAID_OUT, close, close_to, lent, loan, receive, thrown, trial

STAGES = {1: "S1", 8: "S2", 31: "S3", 91: "S4", 181: "S5"}
CLASSES = {0: "pass", 1: "special_mention", 91: "substandard", 271: "doubtful", 361: "loss"}
ROWS = plan(Decimal("120000.00"), Decimal("6.00"), 12, "equal_principal", PAID_OUT)
FIRST_DUE = ROWS[0].due_on


def facts(desk: Desk, number: str) -> LoanFacts:
    with desk.app.app_context(), reading() as session:
        one = loans.by_number(session, number)
        assert one is not None
        return loan_facts_of(session, one)


def names(desk: Desk, number: str) -> list[str]:
    return [name for name, _, _ in thrown(desk, number) if name not in ("BillDue", "RepaymentBooked")]


def journals(desk: Desk, number: str) -> list[JournalRow]:
    with desk.app.app_context(), reading() as session:
        return ledger.journals(session, loan(desk, number).id)


def on_day(steps: dict[int, str], day: int) -> str:
    return steps[max(first for first in steps if first <= day)]


def test_who_pays_every_instalment_on_its_day_is_settled_and_owes_nothing(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = lent(desk)

    for row in ROWS:
        close_to(desk, number, row.due_on - timedelta(days=1), days=30)
        receive(desk, number, f"{row.total}", row.due_on)

    done = loan(desk, number)
    interest = sum(row.interest for row in ROWS)
    assert (done.state, done.settled_on, done.outstanding, done.dpd) == ("settled", ROWS[-1].due_on, 0, 0)
    assert trial(desk, number) == {"bank": interest, "interest_income": -interest}
    assert names(desk, number) == ["LoanSettled"]
    bills = [(key, payload["amount"]) for name, key, payload in thrown(desk, number) if name == "BillDue"]
    assert bills == [(f"{number}-{row.number}", row.total) for row in ROWS]


def test_a_close_again_and_one_of_a_day_before_write_nothing(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = lent(desk)
    late = FIRST_DUE + timedelta(days=40)
    close(desk, number, late)
    before = (len(journals(desk, number)), len(thrown(desk, number)), trial(desk, number))

    again, earlier = close(desk, number, late), close(desk, number, late - timedelta(days=1))

    assert again is not None and again.is_empty and earlier is None
    assert (len(journals(desk, number)), len(thrown(desk, number)), trial(desk, number)) == before


def test_arrears_go_through_every_stage_and_class_as_in_memory(desk: Desk) -> None:
    number = lent(desk)
    twin = in_memory.Ledger(in_memory.loan(), in_memory.rules())
    last = FIRST_DUE + timedelta(days=365)

    for day in range(1, (last - PAID_OUT).days + 1):
        on = PAID_OUT + timedelta(days=day)
        ours, theirs = close(desk, number, on), twin.close(on)
        assert ours is not None
        assert (ours.interest, ours.penalties, ours.standing) == (theirs.interest, theirs.penalties, theirs.standing)
        one, dpd = loan(desk, number), max((on - FIRST_DUE).days, 0)
        assert (one.dpd, one.asset_class) == (dpd, on_day(CLASSES, dpd))
        assert one.stage == (on_day(STAGES, dpd) if dpd else None)

    assert names(desk, number) == ["Overdue", *["StageEntered"] * 4]
    assert trial(desk, number)["penalty_receivable"] == twin.balance("penalty_receivable") > 0
    assert facts(desk, number).booked.penalties == twin.facts.booked.penalties


def test_arrears_are_told_with_what_collections_need(desk: Desk) -> None:
    number = lent(desk)
    close_to(desk, number, FIRST_DUE + timedelta(days=8))

    told = [one for one in thrown(desk, number) if one[0] in ("Overdue", "StageEntered")]
    ((overdue, key, first), (entered, stage_key, second)) = told
    assert (overdue, key, first["stage"], first["dpd"], first["episode"]) == ("Overdue", number, "S1", 1, 1)
    assert (entered, stage_key, second["stage"], second["dpd"]) == ("StageEntered", f"{number}/1/S2", "S2", 8)
    assert (first["overdue"], first["secured"]) == (ROWS[0].total, False)
    assert first["company_name"] == desk.organisation("qingxi").name_zh
    penalty_of_a_day = Decimal("2.65")  # 10,600.00 at 9 % over 360 days
    assert first["outstanding"] == sum(row.total for row in ROWS) + penalty_of_a_day


def test_paying_all_that_is_overdue_cures_and_the_next_arrears_are_a_new_episode(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    number = lent(desk)
    close_to(desk, number, FIRST_DUE + timedelta(days=9))

    receive(desk, number, "10700.00", FIRST_DUE + timedelta(days=10))
    cured = loan(desk, number)
    close(desk, number, ROWS[1].due_on + timedelta(days=1))

    keys = [(name, key) for name, key, _ in thrown(desk, number) if name not in ("BillDue", "RepaymentBooked")]
    assert (cured.dpd, cured.stage, cured.asset_class, cured.episode) == (0, None, "pass", 1)
    assert keys == [
        ("Overdue", number),
        ("StageEntered", f"{number}/1/S2"),
        ("Cured", f"{number}/1"),
        ("Overdue", number),
    ]
    assert loan(desk, number).episode == 2


def test_backdated_money_leaves_the_loan_as_if_it_had_come_in_time(desk_on_each_database: Desk) -> None:
    desk = desk_on_each_database
    on_time, late = lent(desk), lent(desk, login="lu.ming")
    booked_on = FIRST_DUE + timedelta(days=20)
    receive(desk, on_time, "10600.00", FIRST_DUE)
    for number in (on_time, late):
        close_to(desk, number, booked_on, days=5)

    receive(desk, late, "10600.00", FIRST_DUE, booked_on=booked_on)

    same = ("dpd", "asset_class", "outstanding", "overdue", "stage")
    one, other = loan(desk, on_time), loan(desk, late)
    assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]
    assert trial(desk, on_time) == trial(desk, late)
    last = max(row.business_on for row in journals(desk, late))
    backdated = [row for row in journals(desk, late) if row.event in ("receipt", "penalty_write_back", "application")]
    assert {row.business_on for row in backdated} == {booked_on} and last == booked_on


def test_earlier_money_takes_the_place_of_later_money_by_a_reversal_that_points_to_it(desk: Desk) -> None:
    number = lent(desk)
    close_to(desk, number, FIRST_DUE + timedelta(days=10), days=5)
    receive(desk, number, "10600.00", FIRST_DUE + timedelta(days=10))

    receive(desk, number, "300.00", FIRST_DUE, booked_on=FIRST_DUE + timedelta(days=12))

    rows = {row.id: row for row in journals(desk, number)}
    reversed_rows = [rows[row.reverses_id].event for row in rows.values() if row.reverses_id is not None]
    assert reversed_rows == ["application"]
    again = close(desk, number, FIRST_DUE + timedelta(days=12))
    assert again is not None and again.is_empty


def test_the_order_of_allocation_is_kept_with_the_hash_of_its_table(desk: Desk) -> None:
    number = lent(desk)
    receive(desk, number, "100.00", FIRST_DUE)

    with desk.app.app_context(), reading() as session:
        (receipt,) = loans.receipts(session, loan(desk, number).id)
    assert receipt.allocation_order["due"] == ["cost", "fee", "penalty", "interest", "principal"]
    assert len(receipt.order_hash) == 64


def test_a_penalty_that_was_agreed_is_the_loans(desk: Desk) -> None:
    agreed, usual = lent(desk, penalty_uplift="30"), lent(desk, login="lu.ming")

    assert Decimal(loan(desk, agreed).rules["penalty_rate_percent"]) == Decimal("7.8")
    assert Decimal(loan(desk, usual).rules["penalty_rate_percent"]) == Decimal(9)


def test_a_close_asks_the_database_a_dozen_times_however_old_the_loan_is(desk: Desk) -> None:
    number = lent(desk, months=24)
    close_to(desk, number, PAID_OUT + timedelta(days=400), days=10)
    statements: list[Any] = []

    with desk.app.app_context():
        listen = (db.engine, "after_cursor_execute", lambda *args: statements.append(args[2]))
        event.listen(*listen)
        close(desk, number, PAID_OUT + timedelta(days=401))
        event.remove(*listen)

    assert len(statements) <= 18, statements


def test_the_facts_of_a_loan_are_those_of_its_twin_in_memory(desk: Desk) -> None:
    number = lent(desk)
    twin = in_memory.Ledger(in_memory.loan(), in_memory.rules())
    payments = {FIRST_DUE: "5000.00", FIRST_DUE + timedelta(days=12): "900.00", ROWS[1].due_on: "7777.77"}

    for day in range(1, 80):
        on = PAID_OUT + timedelta(days=day)
        if on in payments:
            receipt_no = receive(desk, number, payments[on], on)
            twin.facts = in_memory.received(twin.facts, (receipt_no, on.isoformat(), payments[on]))
        close(desk, number, on)
        twin.close(on)

    ours, theirs = facts(desk, number), twin.facts
    assert ours.standing == theirs.standing and ours.booked.interest == theirs.booked.interest
    assert ours.booked.penalties == theirs.booked.penalties
    assert [one.settlements for one in ours.booked.applications] == [
        one.settlements for one in theirs.booked.applications
    ]
    assert replace(ours, loan_no="L1", booked=theirs.booked, receipts=theirs.receipts) == theirs


def test_debits_and_credits_of_the_tables_are_equal(desk: Desk) -> None:
    number = lent(desk)
    close_to(desk, number, date(2026, 9, 1), days=7)
    receive(desk, number, "33333.33", date(2026, 9, 2))

    with desk.app.app_context(), reading() as session:
        sums = session.execute(select(ledger.JournalLine.side, func.sum(ledger.JournalLine.amount)).group_by("side"))
        both = {side: amount for side, amount in sums}
    assert both["debit"] == both["credit"] > 0
