"""Plans of every kind of contract: what must hold for all of them, and worked examples of the special ones."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lending.day_count import DAY_COUNTS
from app.lending.due_dates import UNITS, DueRule
from app.lending.money import FEN, Rounding
from app.lending.schedule import ALL_METHODS, Disbursement, Terms, make_schedule

START = date(2026, 1, 31)


def terms(amount: str = "12000.00", rate: str = "12.00", count: int | None = 4, **changes: object) -> Terms:
    return Terms((Disbursement(START, Decimal(amount)),), Decimal(rate), count, **changes)  # type: ignore[arg-type]


@st.composite
def contracts(draw: st.DrawFn) -> Terms:
    amount = draw(st.decimals(min_value=100, max_value=Decimal("50000000"), places=2))
    method, flat = draw(st.sampled_from(ALL_METHODS)), draw(st.booleans())
    count, unit = draw(st.integers(1, 60)), draw(st.sampled_from(UNITS))
    drawn = [Disbursement(START, amount)]
    if not flat:
        days = draw(st.lists(st.integers(0, count - 1), max_size=2))
        drawn += [Disbursement(START + timedelta(days=day), Decimal("1000.00")) for day in days]
    return Terms(
        tuple(drawn),
        draw(st.decimals(min_value=0, max_value=36, places=2)),
        count,
        method=method,
        flat=flat,
        due=DueRule(unit, draw(st.integers(1, 3))),
        day_count=draw(st.sampled_from(DAY_COUNTS)),
        rounding=Rounding(FEN, draw(st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))),
        instalment_rounding=draw(st.sampled_from([None, Rounding(Decimal(1), ROUND_CEILING)])),
        principal_part=draw(st.decimals(min_value=1, max_value=1000, places=2))
        if method == "fixed_principal"
        else None,
        interest_only_count=draw(st.integers(0, count - 1)),
    )


@settings(max_examples=300, deadline=None)
@given(contracts())
def test_every_plan_repays_what_is_paid_out_to_the_fen(contract: Terms) -> None:
    """Invariants 1 and 2; amounts stay multiples of the fen."""
    rows = make_schedule(contract)
    paid_out = sum(one.amount for one in contract.disbursements)

    assert sum(row.principal for row in rows) == paid_out
    assert rows[-1].balance == 0
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows)
    assert all(left.due_on < right.due_on for left, right in pairwise(rows))
    assert all(row.total == row.total.quantize(FEN) for row in rows)


@given(contracts())
def test_a_caller_with_a_coarse_decimal_context_gets_the_same_plan(contract: Terms) -> None:
    usual = make_schedule(contract)
    with localcontext() as context:
        context.prec = 9
        coarse = make_schedule(contract)

    assert coarse == usual


def test_a_year_of_days_charges_the_actual_days() -> None:
    rows = make_schedule(terms(day_count="ACT/360", method="interest_monthly"))

    assert [str(row.interest) for row in rows] == ["112.00", "124.00", "120.00", "124.00"]


def test_flat_interest_is_the_same_in_every_row() -> None:
    rows = make_schedule(terms(flat=True))

    assert [(row.principal, row.interest) for row in rows] == [(3000, 120)] * 4


def test_instalments_without_principal_at_the_start_pay_interest() -> None:
    rows = make_schedule(terms(interest_only_count=2, method="equal_principal"))

    assert [(row.principal, row.interest) for row in rows] == [(0, 120), (0, 120), (6000, 120), (6000, 60)]


def test_a_given_instalment_runs_until_the_loan_is_repaid() -> None:
    rows = make_schedule(terms(count=None, instalment=Decimal("5000.00"), until_zero=True))

    assert [str(row.total) for row in rows] == ["5000.00", "5000.00", "2213.11"]


def test_an_instalment_below_the_interest_is_refused() -> None:
    with pytest.raises(ValueError, match="never repays"):
        make_schedule(terms(count=None, instalment=Decimal("100.00"), until_zero=True))


def test_a_first_period_of_part_of_a_month_bears_part_of_the_interest() -> None:
    rows = make_schedule(terms(method="interest_monthly", due=DueRule(first_due_on=date(2026, 2, 21))))

    assert [str(row.interest) for row in rows] == ["81.29", "120.00", "120.00", "120.00"]


def test_money_paid_out_in_the_middle_raises_the_later_instalments() -> None:
    contract = Terms(
        (Disbursement(START, Decimal("6000.00")), Disbursement(date(2026, 3, 31), Decimal("6000.00"))),
        Decimal("12.00"),
        4,
        method="equal_principal",
    )

    assert [row.principal for row in make_schedule(contract)] == [1500, 1500, 4500, 4500]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"amount": "0"}, "above zero"),
        ({"rate": "-1"}, "not below it"),
        ({"method": "balloon"}, "known method"),
        ({"method": "fixed_principal"}, "principal part"),
        ({"count": None}, "runs until zero"),
    ],
)
def test_terms_that_make_no_plan_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        terms(**changes)  # type: ignore[arg-type]


def test_money_paid_out_after_the_last_due_date_is_refused() -> None:
    late = Disbursement(date(2026, 5, 31), Decimal(1))
    with pytest.raises(ValueError, match="before the last due date"):
        make_schedule(Terms((Disbursement(START, Decimal(100)), late), Decimal(1), 4))
