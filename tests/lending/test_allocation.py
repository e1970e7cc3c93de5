"""Allocation: the order is data, no item gets more than it is owed, nothing is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lending.allocation import FUTURE_RULES, KINDS, LEGAL_ORDER, PROCESSINGS, AllocationOrder, OpenItem, allocate

ON = date(2026, 3, 1)


def item(number: int, kind: str, amount: str, due_on: str) -> OpenItem:
    due = date.fromisoformat(due_on)
    return OpenItem(number, kind, Decimal(amount), due, due)


TWO_DUE = [
    item(1, "principal", "1000", "2026-01-15"),
    item(1, "interest", "60", "2026-01-15"),
    item(1, "penalty", "5", "2026-01-15"),
    item(2, "principal", "1000", "2026-02-15"),
    item(2, "interest", "55", "2026-02-15"),
    item(2, "cost", "30", "2026-02-20"),
    item(3, "principal", "1000", "2026-03-15"),
    item(3, "interest", "50", "2026-03-15"),
]


def parts(amount: str, **order: object) -> list[tuple[int, str, str]]:
    done = allocate(Decimal(amount), ON, TWO_DUE, AllocationOrder(**order))  # type: ignore[arg-type]
    return [(line.number, line.kind, str(line.amount)) for line in done.lines]


def test_by_default_costs_penalty_and_interest_come_before_principal_of_the_oldest_instalment() -> None:
    assert parts("200") == [(1, "penalty", "5"), (1, "interest", "60"), (1, "principal", "135")]


def test_vertically_a_kind_is_paid_everywhere_before_the_next() -> None:
    assert parts("200", processing="vertical") == [
        *((2, "cost", "30"), (1, "penalty", "5")),
        *((1, "interest", "60"), (2, "interest", "55"), (1, "principal", "50")),
    ]


def test_a_cost_of_enforcing_the_whole_debt_comes_before_every_instalment() -> None:
    done = allocate(Decimal(100), ON, [*TWO_DUE, item(0, "cost", "80", "2026-02-28")], AllocationOrder())

    assert (done.lines[0].number, done.lines[0].kind, done.lines[0].amount) == (0, "cost", 80)


def test_principal_first_is_only_another_order() -> None:
    assert parts("1100", due=("principal", "interest", "penalty", "cost")) == [
        *((1, "principal", "1000"), (1, "interest", "60"), (1, "penalty", "5"), (2, "principal", "35")),
    ]


def test_early_money_is_kept_unless_the_order_spends_it() -> None:
    kept = allocate(Decimal("2200"), ON, TWO_DUE, AllocationOrder())
    spent = allocate(Decimal("2200"), ON, TWO_DUE, AllocationOrder(future="next_instalment"))

    assert (kept.unapplied, kept.overpaid) == (50, 0)
    assert (spent.unapplied, spent.lines[-1].number, spent.lines[-1].kind) == (0, 3, "interest")


@pytest.mark.parametrize(
    ("future", "expected"),
    [
        ("next_instalment", [(3, "50"), (4, "50"), (5, "20")]),
        ("last_instalment", [(5, "50"), (4, "50"), (3, "20")]),
        ("next_last_instalment", [(3, "50"), (5, "50"), (4, "20")]),
        ("reamortization", [(3, "40"), (4, "40"), (5, "40")]),
    ],
)
def test_money_in_advance_follows_the_future_rule(future: str, expected: list[tuple[int, str]]) -> None:
    items = [item(number, "principal", "50", f"2026-0{number}-15") for number in (3, 4, 5)]
    done = allocate(Decimal(120), ON, items, AllocationOrder(future=future))

    assert [(line.number, str(line.amount.normalize().quantize(Decimal(1)))) for line in done.lines] == expected


def test_a_spread_that_does_not_divide_leaves_the_residue_to_the_last_instalment() -> None:
    items = [item(number, "principal", "50", f"2026-0{number}-15") for number in (3, 4, 5)]
    done = allocate(Decimal("100.00"), ON, items, AllocationOrder(future="reamortization"))

    assert [line.amount for line in done.lines] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


def test_a_charge_is_due_on_its_own_day_inside_an_instalment() -> None:
    charge = OpenItem(3, "penalty", Decimal(20), date(2026, 2, 28), date(2026, 3, 15))
    done = allocate(Decimal(30), ON, [charge, *TWO_DUE[-2:]], AllocationOrder())

    assert [(line.kind, line.amount) for line in done.lines] == [("penalty", 20)]
    assert done.unapplied == 10


ITEMS = st.lists(
    st.builds(
        item,
        st.integers(1, 6),
        st.sampled_from(KINDS),
        st.decimals(min_value="0.01", max_value=5000, places=2).map(str),
        st.dates(date(2026, 1, 1), date(2026, 6, 1)).map(str),
    ),
    max_size=12,
)
ORDERS = st.builds(
    AllocationOrder,
    due=st.permutations(KINDS).map(tuple),
    in_advance=st.permutations(KINDS).map(tuple),
    processing=st.sampled_from(PROCESSINGS),
    future=st.sampled_from(FUTURE_RULES),
)


@given(st.decimals(min_value="0.01", max_value=40000, places=2), ITEMS, ORDERS)
def test_a_receipt_is_its_parts_and_no_item_gets_more_than_it_is_owed(
    amount: Decimal, items: list[OpenItem], order: AllocationOrder
) -> None:
    done = allocate(amount, ON, items, order)
    owed, left = sum(one.amount for one in items), sum(one.amount for one in done.left_open)
    paid = sum(line.amount for line in done.lines)

    assert paid + done.unapplied + done.overpaid == amount
    assert owed - left == paid
    assert all(one.amount > 0 for one in done.left_open) and all(line.amount > 0 for line in done.lines)
    assert done.overpaid == max(amount - owed, 0)


@given(st.decimals(min_value="0.01", max_value=40000, places=2), ITEMS, ORDERS, st.randoms())
def test_the_order_in_which_items_are_listed_does_not_matter(
    amount: Decimal, items: list[OpenItem], order: AllocationOrder, random: object
) -> None:
    once = {(one.number, one.kind, one.instalment_due_on): one for one in items}.values()
    shuffled = sorted(once, key=lambda _: random.random())  # type: ignore[attr-defined]

    def by_place(listed: object) -> list[tuple[int, str, str]]:
        done = allocate(amount, ON, listed, order)  # type: ignore[arg-type]
        return sorted((line.number, line.kind, str(line.amount)) for line in done.lines)

    assert by_place(shuffled) == by_place(once)


def test_two_receipts_pay_what_their_sum_would_pay() -> None:
    first = allocate(Decimal(700), ON, TWO_DUE, AllocationOrder())
    second = allocate(Decimal(600), ON, first.left_open, AllocationOrder())

    assert second.left_open == allocate(Decimal(1300), ON, TWO_DUE, AllocationOrder()).left_open


def test_a_kind_that_the_order_does_not_name_is_not_paid() -> None:
    done = allocate(Decimal(5000), ON, TWO_DUE, AllocationOrder(due=LEGAL_ORDER[1:]))

    assert ("cost", 30) in [(one.kind, one.amount) for one in done.left_open]


@pytest.mark.parametrize("wrong", [{"due": ("tea",)}, {"processing": "diagonal"}, {"future": "never"}])
def test_an_order_of_unknown_words_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="unknown in an allocation order"):
        AllocationOrder(**wrong)  # type: ignore[arg-type]


def test_a_receipt_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        allocate(Decimal(0), ON, TWO_DUE, AllocationOrder())
