"""A loan that dies: arrears, the debt called in, the pledge sold, the proceeds in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.lending.allocation import OpenItem
from app.lending.daily_close import Close
from app.lending.journal import trial_balance
from app.lending.loan_facts import Receipt
from app.lending.money import ZERO, Money
from app.lending.postings import Books
from app.lending.rescheduling import accelerate
from app.lending.waterfall import Claim, Waterfall, distribute
from tests.lending.loans import PAID_OUT, Ledger, loan, rules

COST, TAX = Decimal("3000.00"), Decimal("1800.00")
CALLED_ON, SOLD_ON = PAID_OUT + timedelta(days=150), PAID_OUT + timedelta(days=230)


def sold_for(price: str) -> tuple[Ledger, Waterfall, Close]:
    """The loan never pays, is called in after 150 days, and its pledge is sold after 230."""
    ledger = Ledger(loan(), rules())
    for day in range(1, 151):
        ledger.close(PAID_OUT + timedelta(days=day))
    called = accelerate(ledger.facts.rows, PAID_OUT, CALLED_ON)
    cost = OpenItem(0, "cost", COST, SOLD_ON, SOLD_ON)
    ledger.facts = replace(ledger.facts, rows=called, charges=(cost,))
    books = Books("L1", "CNY", SOLD_ON)
    ledger.book([books.cost_advanced(COST, "V1")])
    before = ledger.close(SOLD_ON)
    claims = [Claim("tax", 1, Money(TAX, "CNY")), Claim("loan", 2, Money(before.position.outstanding, "CNY"))]
    found = distribute(Money(Decimal(price), "CNY"), claims)
    to_loan = found.paid_to("loan").amount
    ledger.book([books.proceeds(to_loan, TAX, found.surplus.amount, "D1"), books.claims_paid(TAX, "P9")])
    ledger.facts = replace(
        ledger.facts,
        receipts=(Receipt("D1", SOLD_ON, to_loan),),
        booked=replace(ledger.facts.booked, receipt_nos=ledger.facts.booked.receipt_nos | {"D1"}),
    )
    return ledger, found, ledger.close(SOLD_ON)


def test_calling_in_the_debt_writes_no_interest_back() -> None:
    ledger, _, _ = sold_for("20000.00")

    assert "interest_write_back" not in {journal.event for journal in ledger.journals.values()}


def test_a_good_price_ends_the_loan_and_the_surplus_is_the_owners() -> None:
    ledger, found, done = sold_for("180000.00")
    balances = {account: sum_ for (_, account), sum_ in trial_balance(ledger.journals.values()).items() if sum_}

    assert done.settled
    assert found.surplus.amount > 0
    assert balances["disposal_surplus"] == -found.surplus.amount
    assert not {name for name in balances if name.endswith("receivable")}
    assert sum(balances.values()) == 0
    assert [message.name for message in done.messages] == ["Cured"]


@pytest.mark.parametrize("price", ["60000.00", "100000.00"])
def test_a_poor_price_leaves_the_shortfall_owed(price: str) -> None:
    ledger, found, done = sold_for(price)

    assert done.position.outstanding == found.shortfall.amount > 0
    assert ledger.balance("cost_receivable") == ZERO
    assert ledger.balance("disposal_claims") == ZERO
    assert done.standing.asset_class == "substandard" and done.standing.stage == "S5"
