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
    assert ratios["sector_worse"] is None


def test_a_sector_drawn_into_the_step_is_compared_with(desk: Desk) -> None:
    sector = [{"ratio": "debt_to_assets_percent", "lower": 20, "median": 30, "upper": 40}]
    ratios = ratios_of(desk, desk.at_initial_review(), sector=sector)
    assert ratios["sector"] == {"debt_to_assets_percent": "worse"}
    assert (ratios["sector_better"], ratios["sector_worse"]) == (0, 1)


def test_reports_that_are_not_there_are_named_until_somebody_obtains_them(desk: Desk) -> None:
    draft = desk.start()
    assert {one["key"] for one in ratios_of(desk, draft)["missing"]} >= {"bureau", "risk", "statements", "industry"}
    assert "bureau" not in {one["key"] for one in ratios_of(desk, draft, bureau={"queries_6m": 0})["missing"]}
