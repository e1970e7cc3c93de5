"""Days past due, classes, rungs of collections and penalties, on the days where they change."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lending.allocation import OpenItem
from app.lending.classification import CLASSES, NON_PERFORMING, reclassify
from app.lending.delinquency import days_past_due, overdue_amount, rungs_entered
from app.lending.money import HALF_UP_TO_FEN
from app.lending.penalty import PenaltyRule, late_fee, penalty, penalty_rate_percent, penalty_to
from app.lending.steps import Steps
from tests.lending.loans import FLOORS, LADDER

DUE = date(2026, 2, 15)


def owed(kind: str = "principal", due_on: date = DUE, amount: str = "100.00") -> OpenItem:
    return OpenItem(1, kind, Decimal(amount), due_on, due_on)


def test_the_due_date_is_day_zero_and_the_oldest_counts() -> None:
    items = [owed(due_on=DUE + timedelta(days=31)), owed()]

    assert [days_past_due(items, DUE + timedelta(days=day)) for day in (-3, 0, 1, 40)] == [0, 0, 1, 40]


def test_days_within_grace_count_only_after_it_and_then_all() -> None:
    found = [days_past_due([owed()], DUE + timedelta(days=day), grace_days=3) for day in (3, 4)]

    assert found == [0, 4]


def test_a_penalty_left_over_keeps_nobody_in_arrears() -> None:
    items = [owed("penalty")]

    assert days_past_due(items, DUE + timedelta(days=9)) == 0
    assert overdue_amount([*items, owed()], DUE + timedelta(days=9)) == 100


def test_what_is_due_today_is_not_overdue_yet() -> None:
    assert overdue_amount([owed()], DUE) == 0


@given(st.sampled_from(sorted(CLASSES)), st.integers(0, 500), st.sampled_from(sorted(CLASSES)))
def test_a_class_is_never_better_than_the_floor_nor_than_what_was_judged(held: str, dpd: int, judged: str) -> None:
    order = list(CLASSES)
    found = order.index(reclassify(held, dpd, FLOORS, judged))

    assert found >= order.index(FLOORS.at(dpd))
    assert found >= order.index(judged)
    assert held not in NON_PERFORMING or found >= order.index(held)


def test_special_mention_is_left_by_payment_and_a_non_performing_class_by_a_person_only() -> None:
    assert reclassify("special_mention", 0, FLOORS) == "pass"
    assert reclassify("substandard", 0, FLOORS) == "substandard"


@pytest.mark.parametrize(
    ("standing", "dpd", "expected"),
    [
        ("S0", 1, ("S1",)),
        ("S1", 7, ()),
        ("S1", 8, ("S2",)),
        ("S1", 100, ("S2", "S3", "S4")),
        ("S3", 5, ()),
        (None, 0, ("S0",)),
    ],
)
def test_rungs_are_entered_downwards_and_in_order(standing: str | None, dpd: int, expected: tuple[str, ...]) -> None:
    assert rungs_entered(LADDER, standing, dpd) == expected


@pytest.mark.parametrize("pairs", [(), ((1, "a"),), ((0, "a"), (0, "b")), ((0, "a"), (5, "b"), (3, "c"))])
def test_steps_that_do_not_begin_at_zero_and_rise_are_refused(pairs: tuple[tuple[int, str], ...]) -> None:
    with pytest.raises(ValueError, match="rise"):
        Steps(pairs)


@pytest.mark.parametrize(("day_count", "expected"), [("ACT/360", "250.00"), ("ACT/365F", "246.58")])
def test_ten_days_of_penalty_by_two_day_counts(day_count: str, expected: str) -> None:
    """100,000 at 6.00 % and a half of it (rules-and-law C2)."""
    rate = penalty_rate_percent(Decimal("6.00"), [Decimal("1.5")])

    assert penalty(Decimal(100000), rate, 10, day_count, HALF_UP_TO_FEN) == Decimal(expected)


def test_who_is_late_and_misused_the_money_pays_the_higher_rate_only() -> None:
    assert penalty_rate_percent(Decimal("6.00"), [Decimal("1.5"), Decimal(2)]) == 12


def test_a_multiplier_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        penalty_rate_percent(Decimal("6.00"), [Decimal("0.5")])


def test_a_part_payment_lowers_the_penalty_from_its_day_on() -> None:
    paid = [(DUE + timedelta(days=4), Decimal(40000))]
    found = penalty_to(DUE + timedelta(days=10), DUE, Decimal(100000), paid, PenaltyRule(Decimal("9.00")))

    assert found == Decimal(100000) * 9 * 4 / 36000 + Decimal(60000) * 9 * 6 / 36000


@given(st.integers(0, 60), st.integers(0, 10), st.lists(st.tuples(st.integers(-5, 70), st.integers(1, 20)), max_size=4))
def test_a_penalty_grows_day_by_day_and_starts_after_grace(days: int, grace: int, paid: list[tuple[int, int]]) -> None:
    rule = PenaltyRule(Decimal("9.00"), grace_days=grace)
    parts = [(DUE + timedelta(days=day), Decimal(amount)) for day, amount in paid]

    def to(day: int) -> Decimal:
        return penalty_to(DUE + timedelta(days=day), DUE, Decimal(100), parts, rule)

    assert to(days) <= to(days + 1)
    assert days > grace or to(days) == 0


def test_a_late_fee_is_a_part_of_its_base() -> None:
    assert late_fee(Decimal(1000), Decimal("1.5"), HALF_UP_TO_FEN) == 15
