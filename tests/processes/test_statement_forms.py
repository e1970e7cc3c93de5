"""The statements in each product's application form: when they are wanted, what is refused, what follows from them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.forms import Form, parse_form
from tests.assessment.statements import statement
from tests.forms.form_files import MOMENT
from tests.processes import answers

FORMS = Path(__file__).parents[2] / "forms"
APPLICATIONS = {
    "working-capital": answers.WORKING_CAPITAL,
    "trade-order": answers.TRADE_ORDER,
    "warehouse-receipt": answers.WAREHOUSE_RECEIPT,
}
THREE_YEARS = [statement(f"{year}-12-31") for year in (2023, 2024, 2025)]
LARGE = {"requested_amount": "6000000.00"}


def form(product: str = "working-capital") -> Form:
    return parse_form((FORMS / f"{product}-application.form").read_bytes())


def rows(*given: dict[str, Any]) -> dict[str, Any]:
    return {"with_statements": "on", "statements": [{key: str(value) for key, value in row.items()} for row in given]}


def checked(product: str = "working-capital", **changes: Any) -> Any:
    return form(product).check(APPLICATIONS[product] | changes, {}, MOMENT)


def faults(**changes: Any) -> dict[str, str]:
    return {error.path: error.text.zh for error in checked(**changes).errors}


@pytest.mark.parametrize("product", APPLICATIONS)
def test_balanced_statements_are_taken_and_the_four_figures_are_theirs(product: str) -> None:
    half = statement("2026-06-30", total_assets_yuan="30000000", equity_yuan="16100000", revenue_yuan="1")
    half["profit_yuan"] = "0"
    found = checked(product, **rows(*THREE_YEARS, half), revenue_yuan="1.00", total_assets_yuan="2.00")
    assert found.errors == ()
    assert found.data["revenue_yuan"] == Decimal("42660000.00")
    assert found.data["total_assets_yuan"] == Decimal("30000000.00")


def test_a_small_application_needs_no_statements_and_those_behind_an_empty_box_do_not_count() -> None:
    found = checked(**rows(*THREE_YEARS) | {"with_statements": ""}, revenue_yuan="1.00")
    assert found.errors == () and "statements" not in found.data
    assert found.data["revenue_yuan"] == Decimal("1.00")


@pytest.mark.parametrize(
    ("given", "established_on", "refused"),
    [
        ([], "2017-03-08", True),
        (THREE_YEARS, "2017-03-08", False),
        (THREE_YEARS[1:], "2017-03-08", True),
        (THREE_YEARS[1:], "2023-05-01", False),
        ([statement(f"{year}-12-31") for year in (2021, 2022, 2023)], "2017-03-08", True),
    ],
)
def test_a_large_application_needs_three_years_or_all_of_a_younger_firm(
    given: list[Any], established_on: str, refused: bool
) -> None:
    found = faults(**LARGE, **rows(*given), established_on=established_on)
    assert list(found) == (["statements"] if refused else [])
    assert not refused or "最近 3 个完整年度" in found["statements"]


@pytest.mark.parametrize(
    ("line", "entry", "told"),
    [
        ("equity_yuan", "14499999.99", "现在相差 0.01 元"),
        ("current_assets_yuan", "15000000", "流动资产不会比它少"),
        ("total_liabilities_yuan", "11000000", "负债合计不会少于流动负债"),
        ("profit_yuan", "42660000.01", "净利润高于营业收入"),
        ("ended_on", "2025-12-30", "应为月末最后一天"),
        ("ended_on", "2024-12-31", "每期只填一次"),
        ("ended_on", "2027-12-31", ""),
        ("revenue_yuan", "-1", ""),
    ],
)
def test_statements_that_do_not_agree_are_refused_at_the_field(line: str, entry: str, told: str) -> None:
    changed = statement(**{line: entry})
    if line == "total_liabilities_yuan":
        changed["equity_yuan"] = "17400000"
    found = faults(**rows(*THREE_YEARS[:2], changed))
    assert f"statements[2].{line}" in found
    assert told in found[f"statements[2].{line}"]


def test_a_line_that_banks_can_do_without_may_stay_empty() -> None:
    assert faults(**rows(statement(inventory_yuan="", interest_yuan="", depreciation_yuan=""))) == {}
