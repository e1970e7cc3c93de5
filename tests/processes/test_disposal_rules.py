"""The tables of a disposal, on examples that recovery people can check with pen and paper."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from app.use_cases.disposals.disposal_input import CLAIMS, WAYS
from tests.processes.rule_tables import decide

RECEIPT = "warehouse_receipt"


def way(value: str, *, kind: str = RECEIPT, perishable: bool | None = False) -> dict[str, Any]:
    given = {"disposal": {"kind": kind}, "valuation": {"lower": Decimal(value)}, "perishable": perishable}
    found: dict[str, Any] = decide("disposal_route", given)
    return found


@pytest.mark.parametrize(("perishable", "days"), [(True, 3), (False, 15), (None, 15)])
def test_the_notice_is_short_for_perishable_goods_only(perishable: bool | None, days: int) -> None:
    assert decide("disposal_notice", {"perishable": perishable}) == days


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("200000.00", "company"),
        ("200000.01", "agreed"),
        ("1000000.00", "agreed"),
        ("1000000.01", "auction"),
    ],
)
def test_the_lower_value_decides_the_way_of_a_warehouse_receipt(value: str, expected: str) -> None:
    assert way(value)["way"] == expected


def test_small_collateral_of_another_kind_is_offered_at_an_agreed_price() -> None:
    assert way("150000.00", kind="equipment")["way"] == "agreed"


def test_perishable_goods_of_any_value_are_sold_at_once() -> None:
    assert {way(value, perishable=True)["way"] for value in ("1.00", "5000000.00")} == {"sale"}


def test_every_way_has_all_its_figures_and_an_operation_that_knows_it() -> None:
    for value, kind, perishable in product(("1.00", "900000.00", "9000000.00"), (RECEIPT, "x"), (True, False, None)):
        found = way(value, kind=kind, perishable=perishable)
        assert found["way"] in WAYS
        assert all(0 < found[part] <= 100 for part in ("agreed_percent", "reserve_percent", "sale_percent"))
        assert found["cut_percent"] == 20 and found["rounds"] >= 1 and found["auction_days"] >= 3


def test_costs_come_first_then_taxes_earlier_creditors_interest_principal_and_later_creditors() -> None:
    rows = decide("proceeds_waterfall", {"disposal": {"kind": RECEIPT}})
    ranks = {row["claim"]: row["rank"] for row in rows}
    assert set(ranks) == set(CLAIMS) and len(rows) == len(CLAIMS)
    assert ranks["cost"] == ranks["loan_cost"] == 1
    order = ["loan_cost", "tax", "creditor_before", "loan_interest", "loan_principal", "creditor_after"]
    assert sorted(order, key=ranks.__getitem__) == order
