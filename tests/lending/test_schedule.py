"""Plans of repayment: worked examples and what must hold for every loan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.lending.due_dates import months_after
from app.lending.schedule import METHODS, plan
from app.lending.yearly_cost import yearly_cost_percent

AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("50000000"), places=2)
RATES = st.decimals(min_value=0, max_value=36, places=2)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31))


@example(Decimal("1.04"), Decimal("15.48"), 60, "equal_instalment", date(2020, 1, 1))
@given(AMOUNTS, RATES, st.integers(1, 120), st.sampled_from(METHODS), DAYS)
def test_the_principals_add_up_to_the_loan_and_nothing_is_owed_at_the_end(
    amount: Decimal, rate: Decimal, months: int, method: str, on: date
) -> None:
    rows = plan(amount, rate, months, method, on)
    assert sum((row.principal for row in rows), Decimal(0)) == amount
    assert rows[-1].balance == 0
    assert all(row.interest >= 0 for row in rows)
    assert [row.due_on for row in rows] == sorted({row.due_on for row in rows})


def test_monthly_interest_of_an_offer_is_a_twelfth_of_the_yearly_rate() -> None:
    rows = plan(Decimal("2800000.00"), Decimal("4.65"), 12, "interest_monthly", date(2026, 11, 22))
    assert [row.interest for row in rows] == [Decimal("10850.00")] * 12
    assert rows[-1].total == Decimal("2810850.00")


def test_equal_instalments_are_equal_but_for_the_last_fen() -> None:
    rows = plan(Decimal("1200000.00"), Decimal("4.35"), 24, "equal_instalment", date(2026, 12, 8))
    assert {row.total for row in rows[:-1]} == {Decimal("52297.05")}
    assert rows[-1].total == Decimal("52296.95")
    assert sum((row.interest for row in rows), Decimal(0)) == Decimal("55129.10")


def test_a_bullet_loan_is_paid_once() -> None:
    rows = plan(Decimal("800000.00"), Decimal("4.30"), 6, "bullet", date(2026, 8, 31))
    assert [(row.due_on, row.principal, row.interest) for row in rows] == [
        (date(2027, 2, 28), Decimal("800000.00"), Decimal("17200.00"))
    ]


def test_a_month_later_is_the_last_day_where_the_month_is_shorter() -> None:
    found = [months_after(date(2027, 1, 31), months) for months in (1, 2, 13)]
    assert found == [date(2027, 2, 28), date(2027, 3, 31), date(2028, 2, 29)]


def test_without_fees_the_yearly_cost_is_the_rate() -> None:
    rows = plan(Decimal("1200000.00"), Decimal("4.35"), 24, "equal_instalment", date(2026, 12, 8))
    assert yearly_cost_percent(Decimal("1200000.00"), rows, date(2026, 12, 8)) == Decimal("4.35")


def test_a_fee_taken_from_the_payout_raises_the_yearly_cost() -> None:
    rows = plan(Decimal("1200000.00"), Decimal("4.35"), 24, "equal_instalment", date(2026, 12, 8))
    assert yearly_cost_percent(Decimal("1192800.00"), rows, date(2026, 12, 8)) == Decimal("4.94")


@pytest.mark.parametrize(
    ("amount", "months", "method"),
    [("0", 12, "bullet"), ("-1", 12, "bullet"), ("1", 0, "bullet"), ("1", 12, "balloon")],
)
def test_a_loan_without_amount_term_or_known_method_is_refused(amount: str, months: int, method: str) -> None:
    with pytest.raises(ValueError, match="a loan needs"):
        plan(Decimal(amount), Decimal("4.65"), months, method, date(2026, 1, 1))
