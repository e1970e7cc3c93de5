"""The proceeds of a disposal go by rank, once, into table and ledger; what is left over is the owner's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.storage import loans
from app.storage.database import reading
from app.use_cases.operation import OperationRefused
from tests.desk import Desk
from tests.use_cases.collateral.receipts import states
from tests.use_cases.disposals.selling import COST, OWED_COST, RANKS, SOLD, TAX, Sale, in_arrears
from tests.use_cases.loans.lent import loan, thrown, trial

ZERO = Decimal("0.00")


def by_claim(sale: Sale) -> dict[str, tuple[Decimal, Decimal]]:
    return {line.claim: (line.amount, line.paid) for line in sale.lines()}


def balanced(sale: Sale) -> dict[str, Decimal]:
    """The loan's balances, which add up to nothing."""
    found = trial(sale.desk, sale.loan_no)
    assert sum(found.values()) == 0
    return found


def test_a_good_price_ends_the_loan_and_leaves_a_surplus(desk_on_each_database: Desk) -> None:
    sale = in_arrears(desk_on_each_database).sold("180000.00")
    sale.pay("180000.00")

    told = sale.settle(costs=[COST, OWED_COST], taxes=[TAX])

    books, row = balanced(sale), sale.row()
    assert told["to_loan"] + told["to_others"] + told["surplus"] == row.price == Decimal("180000.00")
    assert told["to_others"] == Decimal("3800.00") and told["shortfall"] == ZERO
    assert books["disposal_surplus"] == -told["surplus"] < 0
    assert not {name for name in books if name.endswith("receivable")} | {"disposal_claims"} & set(books)
    assert (loan(sale.desk, sale.loan_no).state, row.state) == ("settled", "distributed")
    assert states(sale.desk, sale.case_number) == ["sold"]
    assert {"Cured", "LoanSettled"} <= {name for name, _, _ in thrown(sale.desk, sale.loan_no)}


@pytest.mark.parametrize("price", ["4000.00", "60000.00", "100000.00"])
def test_a_poor_price_pays_rank_by_rank_and_the_rest_stays_owed(desk: Desk, price: str) -> None:
    sale = in_arrears(desk).sold(price)
    sale.pay(price)

    told = sale.settle(costs=[COST, OWED_COST], taxes=[TAX])

    books, paid = balanced(sale), by_claim(sale)
    assert told["surplus"] == ZERO and told["shortfall"] == loan(desk, sale.loan_no).outstanding > 0
    assert sum(line.paid for line in sale.lines()) == Decimal(price)
    assert -books["bank"] == Decimal("120000.00") + Decimal("3000.00") + told["to_others"] - Decimal(price)
    first_short = next(line.rank for line in sale.lines() if line.paid < line.amount)
    assert all(line.paid == 0 for line in sale.lines() if line.rank > first_short)
    owed = paid["loan_principal"][0] - paid["loan_principal"][1]
    assert books["principal_receivable"] == owed


def test_equal_ranks_share_what_does_not_suffice(desk: Desk) -> None:
    sale = in_arrears(desk).sold("2500.00")
    sale.pay("2500.00")

    sale.settle(costs=[COST, OWED_COST], taxes=[TAX])

    found = by_claim(sale)
    assert (found["loan_cost"][1], found["cost"][1], found["tax"][1]) == (Decimal("1500.00"), Decimal("1000.00"), ZERO)
    assert balanced(sale)["cost_receivable"] == Decimal("1500.00")


def test_a_creditor_registered_earlier_goes_before_the_loan_and_a_later_one_after(desk: Desk) -> None:
    before = {"payee": "钱塘银行", "amount": "50000.00", "standing": "before", "voucher_no": "R-1"}
    after = {"payee": "宁波某公司", "amount": "90000.00", "standing": "after", "voucher_no": "R-2"}
    sale = in_arrears(desk).sold("190000.00")
    sale.pay("190000.00")

    told = sale.settle(creditors=[after, before])

    found = by_claim(sale)
    assert found["creditor_before"][1] == Decimal("50000.00")
    assert found["loan_principal"][1] == Decimal("120000.00")
    assert ZERO < found["creditor_after"][1] < Decimal("90000.00") and told["surplus"] == ZERO


def test_the_debtor_pays_no_penalty_for_the_days_between_money_and_distribution(desk: Desk) -> None:
    sale = in_arrears(desk).sold("60000.00")
    sale.pay("60000.00")

    told = sale.settle(SOLD + timedelta(days=9), costs=[COST])

    with desk.app.app_context(), reading() as session:
        (receipt,) = loans.receipts(session, loan(desk, sale.loan_no).id)
    assert (receipt.number, receipt.value_on, receipt.amount) == (sale.number, SOLD, told["to_loan"])
    assert balanced(sale).get("cost_receivable", ZERO) == ZERO


def test_money_that_the_debtor_paid_after_the_sale_lowers_the_loans_claim(desk: Desk) -> None:
    sale = in_arrears(desk).sold("180000.00")
    sale.pay("180000.00")
    sale.pay("20000.00", serial="S-2", on=SOLD + timedelta(days=2), remark=sale.loan_no)

    told = sale.settle(SOLD + timedelta(days=3))

    assert loan(desk, sale.loan_no).state == "settled"
    assert "overpayments" not in balanced(sale)
    assert told["to_loan"] < Decimal("120000.00")


def test_a_price_for_goods_of_a_debt_that_was_paid_meanwhile_is_the_owners_less_costs(desk: Desk) -> None:
    sale = in_arrears(desk).sold("180000.00")
    sale.pay("180000.00")
    sale.pay(f"{loan(desk, sale.loan_no).outstanding + 5000:f}", serial="S-2", remark=sale.loan_no)

    told = sale.settle(costs=[COST, OWED_COST], taxes=[TAX])

    assert told["to_loan"] == told["shortfall"] == ZERO
    assert told["surplus"] == Decimal("180000.00") - Decimal("6800.00") == -balanced(sale)["disposal_surplus"]


def test_nothing_is_distributed_before_the_whole_price_is_there(desk: Desk) -> None:
    sale = in_arrears(desk).sold("60000.00")
    sale.pay("59999.00")

    with pytest.raises(OperationRefused) as refused:
        sale.settle()

    assert refused.value.code == "NotAllowed" and sale.lines() == []


def test_proceeds_are_distributed_once(desk: Desk) -> None:
    sale = in_arrears(desk).sold("60000.00")
    sale.pay("60000.00")
    sale.settle()
    before = balanced(sale)

    with pytest.raises(OperationRefused):
        sale.settle()

    assert balanced(sale) == before


def test_a_claim_that_the_table_does_not_rank_stops_the_distribution(desk: Desk) -> None:
    sale = in_arrears(desk).sold("60000.00")
    sale.pay("60000.00")

    with pytest.raises(OperationRefused) as refused:
        sale.settle(taxes=[TAX], ranks=[one for one in RANKS if one["claim"] != "tax"])

    assert "tax" in refused.value.text.of("en")


def test_a_distribution_that_is_refused_late_leaves_nothing_behind(desk: Desk) -> None:
    sale = in_arrears(desk).sold("60000.00")
    sale.pay("60000.00")
    before = balanced(sale)

    with pytest.raises(OperationRefused):
        sale.settle(costs=[COST, COST | {"amount": "1.00"}])

    assert balanced(sale) == before and sale.row().state == "sold"
