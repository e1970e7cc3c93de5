"""What a loan costs a year, interest and fees, never lies above the cap: at the offer and at the contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.gateways import clock
from app.lending.schedule import plan
from app.lending.yearly_cost import costs_more, yearly_cost_percent
from app.storage.database import reading, unit_of_work
from app.storage.limits import FunderStanding
from app.use_cases.ledger_check.check_ledger import check_ledger
from app.use_cases.offers.lawful_price import RateAboveCap, Terms, require_lawful
from tests.desk import Desk
from tests.use_cases.loans.lent import lent

ON = date(2026, 11, 23)
SMALL_LOAN = "small_loan"


def standing(desk: Desk, funder_type: str, since: date = date(2020, 1, 1)) -> None:
    """From then on Zhijiang is a lender of that type."""
    with desk.app.app_context(), unit_of_work() as session:
        session.add(
            FunderStanding(
                funder_id=desk.organisation("zhijiang").id,
                valid_from=since,
                funder_type=funder_type,
                net_capital=Decimal("800000000.00"),
                recorded_at=clock.real_now(),
            )
        )


def price(desk: Desk, number: str, rate: str, on: date = ON) -> Any:
    terms = Terms(Decimal("1000000.00"), Decimal(rate), 12, "interest_monthly")
    with desk.app.app_context(), reading() as session:
        return require_lawful(session, desk.case(number), terms, on)


@pytest.mark.parametrize(
    ("funder_type", "highest", "over"),
    [("bank", "24", "24.01"), ("small_loan", "11.4", "11.6"), ("private", "12", "12.01")],
)
def test_the_cap_is_that_of_the_type_of_funder(desk: Desk, funder_type: str, highest: str, over: str) -> None:
    number = desk.start()
    standing(desk, funder_type)
    price(desk, number, highest)
    with pytest.raises(RateAboveCap):
        price(desk, number, over)


def test_a_refusal_says_the_figure_the_cap_and_the_rule(desk: Desk) -> None:
    number = desk.start()
    standing(desk, "private")
    with pytest.raises(RateAboveCap) as refused:
        price(desk, number, "15")
    assert "年化 15.00%，超过上限 12.00%" in refused.value.text.zh and "四倍" in refused.value.text.zh
    assert "15.00% a year, above the cap of 12.00%" in refused.value.text.of("en")


def test_the_cap_of_a_day_is_four_times_the_rate_quoted_then(desk: Desk) -> None:
    number = desk.start()
    standing(desk, "private")
    assert price(desk, number, "15.4", date(2020, 8, 20)).cap.percent == Decimal("15.40")
    with pytest.raises(RateAboveCap):
        price(desk, number, "15.4", date(2022, 9, 1))


def test_fees_count_in_the_yearly_cost_and_leave_the_principal_whole(desk: Desk) -> None:
    number = desk.start()
    standing(desk, SMALL_LOAN)
    found = price(desk, number, "8")
    assert [(fee["key"], fee["amount"]) for fee in found.fees] == [("service", Decimal("5000.00"))]
    assert Decimal("8.5") < found.all_in_percent < Decimal("8.6")  # half a percent of the amount, paid at once


@pytest.mark.parametrize("method", ["equal_instalment", "equal_principal", "interest_monthly", "bullet"])
@pytest.mark.parametrize("fees", [Decimal(0), Decimal("3000.00")])
def test_one_discounting_says_the_same_as_the_search(method: str, fees: Decimal) -> None:
    rows = plan(Decimal("500000.00"), Decimal("9.7"), 18, method, ON)
    cost = yearly_cost_percent(Decimal("500000.00"), rows, ON, fees)
    for percent, more in ((cost - Decimal("0.01"), True), (cost, False), (cost + Decimal("0.01"), False)):
        assert costs_more(Decimal("500000.00"), rows, ON, fees, percent) is more


@pytest.mark.violates(18)
def test_an_auditor_finds_a_loan_that_costs_more_than_was_lawful(desk: Desk) -> None:
    number = lent(desk, rate="24.60", method="interest_monthly")
    with desk.app.app_context():
        found = next(one for one in check_ledger() if one.number == 18)
    assert [one.where for one in found.violations] == [number] and "24.60%" in found.violations[0].text.zh
