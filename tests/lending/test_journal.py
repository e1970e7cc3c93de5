"""The ledger: journals balance or do not exist, reversals point back, proceeds of disposal go by rank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lending.allocation import AllocationLine
from app.lending.journal import BANK, CHART, PRINCIPAL, Journal, Line, Unbalanced, lines_of, reversal, trial_balance
from app.lending.money import CurrencyMismatch, Money
from app.lending.postings import Books
from app.lending.waterfall import Claim, distribute

ON = date(2026, 3, 1)
BOOKS = Books("L1", "CNY", ON)
AMOUNTS = st.decimals(min_value="0.01", max_value=1000000, places=2)


def money(amount: str | int) -> Money:
    return Money(Decimal(amount), "CNY")


def paid(kind: str, amount: Decimal) -> AllocationLine:
    return AllocationLine(1, kind, amount, ON)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_every_posting_balances_and_a_reversal_takes_it_back(one: Decimal, two: Decimal, three: Decimal) -> None:
    journals = [
        BOOKS.payout(one, "P1"),
        BOOKS.payout_confirmed(one, "P1"),
        BOOKS.accrual("interest", two),
        BOOKS.accrual("penalty", -three),
        BOOKS.accrual("fee", three),
        BOOKS.cost_advanced(three, "V1"),
        BOOKS.receipt(one, "R1"),
        BOOKS.application([paid("interest", two), paid("principal", one)], three, "R1"),
        BOOKS.refund(three, "P2"),
        BOOKS.written_off({"principal": one, "interest": two}),
        BOOKS.proceeds(one, three, two, "D1"),
        BOOKS.claims_paid(three, "P4"),
        BOOKS.surplus_paid(two, "P3"),
    ]
    turned = [reversal(journal, f"J{number}", ON) for number, journal in enumerate(journals)]

    assert sum(trial_balance(journals).values()) == 0
    assert set(trial_balance([*journals, *turned]).values()) == {0}
    assert turned[3].reverses == "J3"


def test_a_loan_paid_out_and_confirmed_leaves_clearing_empty() -> None:
    found = trial_balance([BOOKS.payout(Decimal("100.00"), "P1"), BOOKS.payout_confirmed(Decimal("100.00"), "P1")])

    assert found[("CNY", "payout_clearing")] == 0
    assert (found[("CNY", "principal_receivable")], found[("CNY", "bank")]) == (100, -100)


def test_a_journal_whose_sides_differ_cannot_be_made() -> None:
    with pytest.raises(Unbalanced, match="differ"):
        Journal("receipt", ON, "L1", lines_of([(BANK, Decimal(2)), (PRINCIPAL, Decimal(-1))], "CNY"))


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (Line("bank", "debit", money("0.00")), Line("bank", "credit", money("0.00"))),
        (Line("petty_cash", "debit", money("1.00")), Line("bank", "credit", money("1.00"))),
        (Line("bank", "left", money("1.00")), Line("bank", "credit", money("1.00"))),
    ],
)
def test_a_journal_needs_amounts_known_accounts_and_sides(lines: tuple[Line, ...]) -> None:
    with pytest.raises(Unbalanced, match="line"):
        Journal("receipt", ON, "L1", lines)


def test_a_journal_has_one_currency() -> None:
    lines = (Line("bank", "debit", money("1.00")), Line("bank", "credit", Money(Decimal("1.00"), "USD")))
    with pytest.raises(CurrencyMismatch, match="one currency"):
        Journal("receipt", ON, "L1", lines)


def test_the_trial_balance_is_by_currency() -> None:
    found = trial_balance([BOOKS.receipt(Decimal(5), "R1"), Books("L2", "USD", ON).receipt(Decimal(7), "R2")])

    assert (found[("CNY", "bank")], found[("USD", "bank")]) == (5, 7)


def test_every_account_has_a_name_in_both_languages() -> None:
    assert all(account.name.zh and account.name.en for account in CHART.values())


CLAIMS = [
    Claim("cost", 1, money("3000.00")),
    Claim("tax", 2, money("2000.00")),
    Claim("first_mortgagee", 3, money("50000.00")),
    Claim("loan.interest", 4, money("8000.00")),
    Claim("loan.principal", 5, money("100000.00")),
]


def test_proceeds_pay_the_claims_by_rank_and_leave_a_shortfall() -> None:
    found = distribute(money("120000.00"), reversed(CLAIMS))

    assert [(line.claim.key, str(line.paid.amount)) for line in found.lines] == [
        ("cost", "3000.00"),
        ("tax", "2000.00"),
        ("first_mortgagee", "50000.00"),
        ("loan.interest", "8000.00"),
        ("loan.principal", "57000.00"),
    ]
    assert (found.surplus, found.shortfall) == (money("0.00"), money("43000.00"))


def test_what_exceeds_all_claims_belongs_to_the_owner() -> None:
    found = distribute(money("170000.00"), CLAIMS)

    assert (found.surplus, found.shortfall) == (money("7000.00"), money("0.00"))
    assert found.paid_to("loan.principal") == money("100000.00")


def test_unregistered_creditors_of_one_rank_share_pro_rata() -> None:
    claims = [Claim("a", 1, money("100.00")), Claim("b", 1, money("200.00")), Claim("c", 2, money("50.00"))]
    found = distribute(money("100.00"), claims)

    assert [found.paid_to(key) for key in "abc"] == [money("33.33"), money("66.67"), money("0.00")]


def test_the_largest_claim_of_a_rank_takes_the_residue() -> None:
    found = distribute(
        money("100.00"), [Claim(key, 1, money(owed)) for key, owed in zip("abc", (50, 50, 51), strict=True)]
    )

    assert [str(found.paid_to(key).amount) for key in "abc"] == ["33.11", "33.11", "33.78"]


def test_nothing_over_claims_of_nothing_is_nothing() -> None:
    found = distribute(money("0.00"), [Claim("a", 1, money("0.00"))])

    assert (found.paid_to("a"), found.surplus, found.shortfall) == (money("0.00"), money("0.00"), money("0.00"))


@given(st.decimals(0, 500000, places=2), st.lists(st.tuples(st.integers(1, 4), AMOUNTS), max_size=8))
def test_proceeds_are_all_distributed_and_no_claim_gets_too_much(
    proceeds: Decimal, claims: list[tuple[int, Decimal]]
) -> None:
    found = distribute(
        Money(proceeds, "CNY"),
        [Claim(str(at), rank, Money(amount, "CNY")) for at, (rank, amount) in enumerate(claims)],
    )
    given_out = sum(line.paid.amount for line in found.lines)

    assert given_out + found.surplus.amount == proceeds
    assert all(line.paid.amount >= 0 and line.unpaid.amount >= 0 for line in found.lines)
    assert found.surplus.amount == 0 or found.shortfall.amount == 0


@pytest.mark.parametrize(
    ("proceeds", "claims"), [("-1.00", []), ("1.00", [CLAIMS[0], CLAIMS[0]]), ("1.00", [Claim("a", 1, money("-1"))])]
)
def test_proceeds_below_zero_and_twin_claims_are_refused(proceeds: str, claims: list[Claim]) -> None:
    with pytest.raises(ValueError, match=r"below zero|of its own"):
        distribute(money(proceeds), claims)
