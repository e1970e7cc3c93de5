"""Plans after what happened: payments early and late, settlement before the end, agreed changes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lending.due_dates import DueRule
from app.lending.early_settlement import settle
from app.lending.recalculation import MODES, Payment, recalculate
from app.lending.rescheduling import Change, accelerate, reschedule
from app.lending.schedule import Disbursement, Terms, make_schedule

START = date(2026, 1, 15)
AMOUNT = Decimal("120000.00")


def terms(count: int = 12, **changes: object) -> Terms:
    return Terms((Disbursement(START, AMOUNT),), Decimal("6.00"), count, **changes)  # type: ignore[arg-type]


def on_due_dates(count: int) -> list[Payment]:
    return [Payment(row.due_on, row.total) for row in make_schedule(terms())[:count]]


@given(st.integers(0, 12))
def test_payments_as_planned_leave_the_plan_as_it_was(count: int) -> None:
    assert recalculate(terms(), on_due_dates(count)) == make_schedule(terms())


PAYMENTS = st.lists(
    st.builds(
        Payment,
        st.integers(1, 300).map(lambda days: START + timedelta(days=days)),
        st.decimals(min_value=1, max_value=60000, places=2),
    ),
    max_size=5,
)


@given(PAYMENTS, st.sampled_from(MODES), st.integers(0, 400))
def test_whatever_is_paid_the_principal_of_the_rows_is_the_loan(
    payments: list[Payment], mode: str, seen_in: int
) -> None:
    rows = recalculate(terms(), payments, as_of=START + timedelta(days=seen_in), mode=mode)

    assert sum(row.principal for row in rows) == AMOUNT
    assert rows[-1].balance == 0
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows)


def test_a_prepayment_shortens_the_term_or_lowers_the_instalment() -> None:
    due_on = make_schedule(terms())[0].due_on
    shorter = recalculate(terms(), [Payment(due_on, Decimal("50000.00"))], mode="shorten_term")
    lower = recalculate(terms(), [Payment(due_on, Decimal("50000.00"))], mode="reduce_instalment")

    assert (len(shorter), shorter[1].total) == (8, make_schedule(terms())[1].total)
    assert (len(lower), lower[1].total < shorter[1].total) == (12, True)


def test_overdue_principal_bears_interest_until_it_is_paid() -> None:
    first, second = make_schedule(terms())[:2]
    late = recalculate(terms(), [Payment(first.due_on + timedelta(days=10), first.total)])

    assert late[0].interest == first.interest
    # ten days of 28 on 120,000.00, the rest on 110,272.03, each piece rounded
    assert late[1].interest == Decimal("214.29") + Decimal("354.45") > second.interest


def test_settlement_on_a_due_date_costs_the_balance_left_by_the_plan() -> None:
    rows = make_schedule(terms())
    found = settle(terms(), on_due_dates(3), rows[2].due_on)

    assert (found.total, found.interest) == (rows[2].balance, 0)


def test_settlement_by_whole_periods_costs_the_interest_of_the_running_one() -> None:
    rows = make_schedule(terms())
    between = rows[2].due_on + timedelta(days=3)
    whole = settle(terms(), on_due_dates(3), between, "to_period_end")
    to_the_day = settle(terms(), on_due_dates(3), between)

    assert whole.interest == rows[3].interest
    assert to_the_day.interest < whole.interest
    assert whole.principal == to_the_day.principal == rows[2].balance


@given(PAYMENTS, st.integers(0, 700))
def test_payments_and_settlement_together_repay_the_loan(payments: list[Payment], day: int) -> None:
    on = START + timedelta(days=day)
    found = settle(terms(), payments, on)

    assert found.principal + sum(split.principal for split in found.payments) == AMOUNT
    assert found.interest >= 0
    assert all(split.principal >= 0 and split.interest >= 0 for split in found.payments)


def test_a_payment_below_the_interest_leaves_the_principal_alone() -> None:
    found = settle(terms(), [Payment(date(2026, 2, 15), Decimal("100.00"))], date(2026, 2, 15))

    assert (found.payments[0].interest, found.payments[0].principal) == (100, 0)
    assert (found.principal, found.interest) == (AMOUNT, 500)


def test_a_settlement_before_the_payout_is_refused() -> None:
    with pytest.raises(ValueError, match="after the payout"):
        settle(terms(), [], START - timedelta(days=1))


def test_a_moved_due_date_moves_the_later_ones() -> None:
    rows = reschedule(terms(4), Change(date(2026, 3, 15), new_due_on=date(2026, 3, 25)))

    assert [str(row.due_on) for row in rows] == ["2026-02-15", "2026-03-25", "2026-04-25", "2026-05-25"]


def test_a_new_rate_holds_from_its_period_on() -> None:
    old = make_schedule(terms(4))
    rows = reschedule(terms(4), Change(old[1].due_on, new_rate_percent=Decimal("3.00")))

    assert rows[0] == old[0]
    assert rows[1].interest == (old[0].balance * Decimal("0.0025")).quantize(Decimal("0.01"))


def test_more_instalments_spread_the_principal_that_is_left() -> None:
    rows = reschedule(terms(4, method="equal_principal"), Change(date(2026, 4, 15), extra_count=2))

    assert [row.principal for row in rows] == [30000, 30000, 15000, 15000, 15000, 15000]
    assert str(rows[-1].due_on) == "2026-07-15"


def test_a_pause_of_principal_still_asks_for_interest() -> None:
    rows = reschedule(terms(4, method="equal_principal"), Change(date(2026, 3, 15), interest_only_count=1))

    assert [row.principal for row in rows] == [30000, 0, 45000, 45000]
    assert rows[1].interest == 450


@given(
    st.integers(2, 24),
    st.data(),
    st.sampled_from(["equal_instalment", "equal_principal", "interest_monthly"]),
    st.booleans(),
)
def test_a_change_keeps_the_principal(count: int, data: st.DataObject, method: str, flat: bool) -> None:
    """Invariant 3: the rows kept and the rows anew repay the loan."""
    old = terms(count, method=method, flat=flat, due=DueRule())
    dues = [row.due_on for row in make_schedule(old)]
    change = Change(
        data.draw(st.sampled_from(dues)),
        new_rate_percent=data.draw(st.none() | st.decimals(0, 24, places=2)),
        extra_count=data.draw(st.integers(0, 12)),
    )

    assert sum(row.principal for row in reschedule(old, change)) == AMOUNT


def test_a_change_from_a_day_on_which_nothing_is_due_is_refused() -> None:
    with pytest.raises(ValueError, match="no instalment is due"):
        reschedule(terms(4), Change(date(2026, 3, 16), extra_count=1))


@given(st.integers(0, 400), st.integers(2, 12), st.sampled_from(["equal_instalment", "interest_monthly", "bullet"]))
def test_calling_in_the_debt_keeps_the_principal_and_the_order_of_due_dates(day: int, count: int, method: str) -> None:
    rows = make_schedule(terms(count, method=method))
    called = accelerate(rows, START, START + timedelta(days=day))

    assert sum(row.principal for row in called) == AMOUNT
    assert all(left.due_on < right.due_on for left, right in pairwise(called))
    assert sum(row.interest for row in called) <= sum(row.interest for row in rows)
