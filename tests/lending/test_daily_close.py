"""The daily close: idempotent, balanced, and the same whatever the order in which receipts become known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lending.allocation import AllocationOrder, OpenItem
from app.lending.daily_close import close_day
from app.lending.journal import trial_balance
from app.lending.loan_facts import Receipt
from app.lending.money import ZERO
from app.lending.penalty import PenaltyRule
from tests.lending.loans import PAID_OUT, Ledger, loan, received, rules

RECEIPTS = st.lists(
    st.tuples(st.integers(0, 420), st.decimals(min_value="0.01", max_value=40000, places=2)), min_size=0, max_size=8
)


def with_random(receipts: list[tuple[int, Decimal]]) -> Ledger:
    facts = received(
        loan(),
        *((f"R{n}", (PAID_OUT + timedelta(days=day)).isoformat(), str(sum_)) for n, (day, sum_) in enumerate(receipts)),
    )
    return Ledger(facts, rules())


def test_a_loan_paid_on_its_due_dates_ends_at_zero() -> None:
    facts = loan(months=3)
    ledger = Ledger(
        received(facts, *((f"R{row.number}", str(row.due_on), str(row.total)) for row in facts.rows)), rules()
    )
    for day in range(100):
        ledger.close(PAID_OUT + timedelta(days=day))

    assert ledger.closes[-1].settled
    assert ledger.messages() == []
    assert {account: sum_ for (_, account), sum_ in trial_balance(ledger.journals.values()).items() if sum_} == {
        "bank": Decimal("121200.00"),
        "payout_clearing": Decimal("-120000.00"),
        "interest_income": Decimal("-1200.00"),
    }


def test_a_bill_is_made_seven_days_before_it_is_due_and_once() -> None:
    ledger = Ledger(loan(), rules())
    bills = {day: ledger.close(date(2026, 2, day)).bills for day in (7, 8, 9)}

    assert [len(bills[day]) for day in (7, 8, 9)] == [0, 1, 0]
    assert (bills[8][0].bill_no, bills[8][0].principal, bills[8][0].interest) == ("L1-1", 10000, 600)


def test_accruals_of_a_period_add_up_to_the_bill() -> None:
    ledger = Ledger(loan(), rules())
    for day in range(1, 32):
        ledger.close(PAID_OUT + timedelta(days=day))

    assert ledger.balance("interest_receivable") == Decimal("600.00")


def test_ten_days_overdue_cost_the_worked_penalty() -> None:
    """100,000 principal 10 days late at 9.00 % over 360 days: 250.00 (rules-and-law C2)."""
    simple = replace(
        loan("100000.00", 1, "bullet"), rows=(replace(loan("100000.00", 1, "bullet").rows[0], interest=ZERO),)
    )
    ledger = Ledger(simple, rules())
    due_on = simple.rows[0].due_on
    daily = [ledger.close(due_on + timedelta(days=day)).penalties.get(1, ZERO) for day in range(11)]

    assert daily == [ZERO] + [Decimal("25.00")] * 10
    assert ledger.balance("penalty_income") == Decimal("-250.00")


def test_arrears_tell_each_rung_once_and_are_cured_by_payment() -> None:
    ledger = Ledger(loan(months=2), rules())
    due_on = ledger.facts.rows[0].due_on
    for day in range(1, 12):
        ledger.close(due_on + timedelta(days=day))
    ledger.facts = received(ledger.facts, ("R1", str(due_on + timedelta(days=12)), "70000.00"))
    cured = ledger.close(due_on + timedelta(days=12))

    assert ledger.messages() == [("Overdue", "S1"), ("StageEntered", "S2"), ("Cured", "S2")]
    assert (cured.standing.dpd, cured.standing.stage, cured.standing.episode) == (0, None, 1)


def test_a_close_after_a_long_gap_tells_every_rung_on_the_way() -> None:
    ledger = Ledger(loan(months=1), rules())
    ledger.close(ledger.facts.rows[0].due_on + timedelta(days=40))

    assert ledger.messages() == [("Overdue", "S1"), ("StageEntered", "S2"), ("StageEntered", "S3")]


def test_a_second_episode_has_its_own_number() -> None:
    ledger = Ledger(loan(months=2), rules())
    first, second = (row.due_on for row in ledger.facts.rows)
    ledger.close(first + timedelta(days=1))
    ledger.facts = received(ledger.facts, ("R1", str(first + timedelta(days=1)), "61000.00"))
    ledger.close(first + timedelta(days=2))
    ledger.close(second + timedelta(days=1))

    episodes = [m.payload["episode"] for c in ledger.closes for m in c.messages if m.name == "Overdue"]
    assert episodes == [1, 2]


def test_a_part_payment_lowers_the_days_but_not_the_rung() -> None:
    ledger = Ledger(loan(months=3), rules())
    first, second = (row.due_on for row in ledger.facts.rows[:2])
    before = ledger.close(second + timedelta(days=5))
    ledger.facts = received(ledger.facts, ("R1", str(second + timedelta(days=6)), "42000.00"))
    after = ledger.close(second + timedelta(days=6))

    assert (before.standing.dpd, before.standing.stage) == ((second - first).days + 5, "S3")
    assert (after.standing.dpd, after.standing.stage) == (6, "S3")
    assert [message.name for message in after.messages] == []


def test_within_grace_there_is_neither_penalty_nor_an_episode() -> None:
    ledger = Ledger(loan(), rules(penalty=PenaltyRule(Decimal("9.00"), grace_days=3)))
    due_on = ledger.facts.rows[0].due_on
    closes = [ledger.close(due_on + timedelta(days=day)) for day in range(1, 5)]

    assert [close.standing.dpd for close in closes] == [1, 2, 3, 4]
    assert [bool(close.penalties) for close in closes] == [False, False, False, True]
    assert [close.standing.stage for close in closes] == [None, None, None, "S1"]


def test_early_money_waits_for_the_due_date_and_pays_on_it() -> None:
    ledger = Ledger(received(loan(), ("R1", "2026-02-01", "10600.00")), rules())
    ledger.close(date(2026, 2, 14))
    waiting = ledger.balance("unapplied_receipts")
    ledger.close(date(2026, 3, 1))

    assert waiting == Decimal("-10600.00")
    assert ledger.balance("unapplied_receipts") == 0
    assert ledger.closes[-1].standing.dpd == 0
    assert ledger.balance("penalty_income") == 0


def test_what_exceeds_everything_owed_is_a_debt_to_the_payer() -> None:
    facts = loan(months=1)
    ledger = Ledger(received(facts, ("R1", str(facts.rows[0].due_on), "121000.00")), rules())
    ledger.close(facts.rows[0].due_on)

    assert ledger.balance("overpayments") == Decimal("-400.00")


def test_costs_are_paid_first() -> None:
    facts = replace(loan(), charges=(OpenItem(1, "cost", Decimal("300.00"), date(2026, 2, 10), date(2026, 2, 15)),))
    ledger = Ledger(received(facts, ("R1", "2026-02-15", "500.00")), rules())
    paid = ledger.close(date(2026, 2, 15)).applications[0].settlements

    assert [(one.kind, one.amount) for one in paid] == [("cost", Decimal("300.00")), ("interest", Decimal("200.00"))]


def test_a_new_order_of_allocation_leaves_what_was_booked_by_the_old_one() -> None:
    old, new = AllocationOrder(), AllocationOrder(due=("principal", "interest", "penalty", "fee", "cost"))
    facts = replace(loan(), receipts=(Receipt("R1", date(2026, 2, 15), Decimal("500.00"), old),))
    ledger = Ledger(facts, rules(order=old))
    ledger.close(date(2026, 2, 15))
    ledger.rules = rules(order=new)
    ledger.facts = received(ledger.facts, ("R2", "2026-02-15", "700.00"))
    later = ledger.close(date(2026, 2, 15))

    assert [journal.event for journal in later.journals] == ["receipt", "application"]
    assert [(one.kind, one.amount) for one in later.applications[0].settlements] == [("principal", Decimal("700.00"))]


def test_a_written_off_loan_takes_no_new_bill_or_penalty() -> None:
    ledger = Ledger(replace(loan(), stopped_on=date(2026, 3, 1)), rules())
    ledger.close(date(2026, 3, 1))
    later = ledger.close(date(2026, 6, 1))

    assert (later.bills, later.journals) == ((), ())
    assert later.standing.asset_class == "substandard"


def test_a_backdated_receipt_writes_the_penalty_back() -> None:
    ledger = Ledger(loan(), rules())
    due_on = ledger.facts.rows[0].due_on
    for day in range(1, 8):
        ledger.close(due_on + timedelta(days=day))
    charged = ledger.balance("penalty_income")
    ledger.facts = received(ledger.facts, ("R1", str(due_on), "10600.00"))
    mended = ledger.close(due_on + timedelta(days=7))

    assert charged < 0
    assert ledger.balance("penalty_income") == 0
    assert [journal.event for journal in mended.journals] == ["penalty_write_back", "receipt", "application"]
    assert mended.standing.dpd == 0


def test_a_sealed_day_takes_no_entry() -> None:
    ledger = Ledger(loan(), rules())
    ledger.close(date(2026, 3, 1))

    with pytest.raises(ValueError, match="sealed"):
        ledger.close(date(2026, 2, 28))


def test_a_receipt_taken_away_restores_what_was_before() -> None:
    """A reversed payment: the later receipt goes where it would have gone (invariant 21)."""
    both = received(loan(), ("R1", "2026-02-15", "10600.00"), ("R2", "2026-02-20", "5000.00"))
    ledger = Ledger(both, rules())
    ledger.close(date(2026, 2, 20))
    ledger.facts = replace(ledger.facts, receipts=ledger.facts.receipts[1:])
    ledger.close(date(2026, 2, 20))
    never = Ledger(received(loan(), ("R2", "2026-02-20", "5000.00")), rules())
    never.close(date(2026, 2, 20))

    for account in ("principal_receivable", "interest_receivable", "penalty_receivable", "penalty_income"):
        assert ledger.balance(account) == never.balance(account), account


@settings(deadline=None, max_examples=60)
@given(RECEIPTS, st.lists(st.integers(1, 420), min_size=1, max_size=6))
def test_a_second_close_of_a_date_finds_nothing(receipts: list[tuple[int, Decimal]], days: list[int]) -> None:
    ledger = with_random(receipts)
    for day in sorted(days):
        ledger.close(PAID_OUT + timedelta(days=day))
        again = close_day(ledger.facts, ledger.rules, PAID_OUT + timedelta(days=day))

        assert again.is_empty
        assert again.standing == ledger.facts.standing


@settings(deadline=None, max_examples=60)
@given(RECEIPTS, st.lists(st.integers(1, 420), min_size=1, max_size=6))
def test_the_books_agree_with_the_position_after_every_close(
    receipts: list[tuple[int, Decimal]], days: list[int]
) -> None:
    ledger = with_random(receipts)
    for day in sorted(days):
        done = ledger.close(PAID_OUT + timedelta(days=day))
        open_of = {"principal": ZERO, "penalty": ZERO}
        for item in done.position.items:
            open_of[item.kind] = open_of.get(item.kind, ZERO) + item.amount
        settled = sum((one.amount for one in done.position.settlements), ZERO)
        waiting = sum(done.position.unapplied.values(), ZERO)

        assert sum(trial_balance(ledger.journals.values()).values()) == 0
        assert ledger.balance("principal_receivable") == open_of["principal"]
        assert ledger.balance("penalty_receivable") == open_of["penalty"]
        paid_interest = sum((one.amount for one in done.position.settlements if one.kind == "interest"), ZERO)
        assert ledger.balance("interest_receivable") == ledger.facts.booked.interest - paid_interest >= 0
        assert ledger.balance("unapplied_receipts") == -waiting
        assert settled + waiting == sum((one.amount for one in ledger.facts.receipts if one.on <= done.on), ZERO)
        assert all(item.amount > 0 for item in done.position.items)


@settings(deadline=None, max_examples=60)
@given(RECEIPTS, st.integers(1, 420), st.data())
def test_receipts_that_become_known_late_lead_to_the_same_balances(
    receipts: list[tuple[int, Decimal]], last: int, data: st.DataObject
) -> None:
    """Closes every ten days that hear of a receipt late end as one that knew all (invariants 21, 23)."""
    known_on = [day + data.draw(st.integers(0, 60)) for day, _ in receipts]
    knowing, end = with_random(receipts), PAID_OUT + timedelta(days=last)
    knowing.close(end)
    hearing = with_random([])
    for day in sorted({*range(0, last, 10), last}):
        heard = tuple(
            one for one, known in zip(knowing.facts.receipts, known_on, strict=True) if known <= day or day == last
        )
        hearing.facts = replace(hearing.facts, receipts=heard)
        hearing.close(PAID_OUT + timedelta(days=day))

    accounts = {journal_line.account for one in hearing.journals.values() for journal_line in one.lines}
    assert {name: hearing.balance(name) for name in accounts} == {name: knowing.balance(name) for name in accounts}
    assert hearing.facts.standing.dpd == knowing.facts.standing.dpd


def test_money_beyond_all_that_is_owed_is_overpaid_however_many_receipts_it_comes_in() -> None:
    facts = received(loan("12000.00", 3), ("R1", "2026-01-20", "11000.00"), ("R2", "2026-01-21", "5000.00"))
    ledger = Ledger(facts, rules())
    ledger.close(date(2026, 1, 22))
    # 12,120.00 are owed with all interest; the first receipt waits for 11,000.00 of it
    assert ledger.balance("unapplied_receipts") == Decimal("-12120.00")
    assert ledger.balance("overpayments") == Decimal("-3880.00")
