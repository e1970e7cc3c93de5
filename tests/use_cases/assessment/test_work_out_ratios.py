"""The operation that gives a diagram the borrower's ratios."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.gateways import clock
from app.storage.database import reading
from app.use_cases.assessment.work_out_ratios import work_out_ratios
from app.use_cases.operation import Call
from tests.desk import Desk


def ratios_of(desk: Desk, number: str, **inputs: Any) -> dict[str, Any]:
    case = desk.case(number)
    with desk.app.app_context(), reading() as session:
        found: dict[str, Any] = work_out_ratios(session, Call(1, case, inputs, {}, clock.moment()), None)["ratios"]
        return found


def test_an_application_without_statements_gives_what_its_figures_allow_and_names_what_is_missing(desk: Desk) -> None:
    ratios = ratios_of(desk, desk.at_initial_review())
    assert ratios["debt_to_assets_percent"] == Decimal("48.94")
    assert ratios["dscr"] is None
    assert [one["key"] for one in ratios["missing"]] == ["statements"]
    around = {"debt_to_assets_percent": "around", "net_margin_percent": "around"}
    assert ratios["sector"] == around | {"return_on_equity_percent": "better"}


def test_ratios_in_the_bad_quarter_of_the_sector_are_counted(desk: Desk) -> None:
    ratios = ratios_of(desk, desk.at_initial_review(total_liabilities_yuan="25000000.00"))
    assert ratios["sector"]["debt_to_assets_percent"] == "worse"
    assert (ratios["sector_better"], ratios["sector_worse"]) == (1, 1)


def test_a_firm_whose_industry_is_not_known_is_compared_with_nobody(desk: Desk) -> None:
    ratios = ratios_of(desk, desk.start())
    assert ratios["sector"] == {} and ratios["sector_worse"] is None


def test_reports_that_are_not_there_are_named_until_somebody_obtains_them(desk: Desk) -> None:
    draft = desk.start()
    assert {one["key"] for one in ratios_of(desk, draft)["missing"]} >= {"bureau", "risk", "statements", "industry"}
    assert "bureau" not in {one["key"] for one in ratios_of(desk, draft, bureau={"queries_6m": 0})["missing"]}
