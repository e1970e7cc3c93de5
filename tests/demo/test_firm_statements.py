"""The demo's statements: what the application form takes, of every firm and on any day of its year."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.forms import parse_form
from app.moment import Moment
from app.use_cases.demo.demo_data import demo_data
from app.use_cases.demo.firm_statements import firm_statements, period_ends
from tests.forms.form_files import MOMENT

FORM = parse_form((Path(__file__).parents[2] / "forms" / "working-capital-application.form").read_bytes())
FIRMS = sorted(demo_data()["statements"])
TODAY = date(2026, 11, 22)


def amounts(row: dict[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in row.items() if name.endswith("_yuan")}


@pytest.mark.parametrize("firm", FIRMS)
def test_the_form_finds_no_fault_in_a_firms_statements(firm: str) -> None:
    facts = {key: value for key, value in demo_data()["firms"][firm].items() if not key.endswith("_yuan")}
    for days in (0, 90, 180, 300):
        on = TODAY - timedelta(days=days)
        asked: dict[str, Any] = facts | {"requested_amount": "6000000", "statements": firm_statements(firm, on)}
        errors = FORM.check(asked, {}, Moment(MOMENT.now - timedelta(days=days), on)).errors
        found = [error for error in errors if error.path.startswith(("statements", "revenue", "total", "profit"))]
        assert found == [], (on, found)


@pytest.mark.parametrize("firm", FIRMS)
def test_assets_are_liabilities_and_equity_and_flows_explain_the_change_of_cash(firm: str) -> None:
    rows = [amounts(row) for row in firm_statements(firm, TODAY)]
    for before, now in pairwise(rows):
        flows = now["operating_cash_yuan"] + now["investing_cash_yuan"] + now["financing_cash_yuan"]
        assert flows == now["cash_yuan"] - before["cash_yuan"]
        assert now["total_assets_yuan"] == now["total_liabilities_yuan"] + now["equity_yuan"]
        assert all(value >= 0 for name, value in now.items() if "cash_yuan" not in name and name != "profit_yuan"), now


def test_the_last_full_year_earns_what_the_firm_is_known_for() -> None:
    facts = demo_data()["firms"]["qingxi"]
    year = next(row for row in firm_statements("qingxi", TODAY) if row["ended_on"] == "2025-12-31")
    assert (year["revenue_yuan"], year["profit_yuan"]) == (facts["revenue_yuan"], facts["profit_yuan"])


def test_a_firm_may_have_no_statements() -> None:
    assert firm_statements("fengmao", TODAY) == []


@pytest.mark.parametrize(
    ("on", "ends"),
    [
        (date(2026, 11, 22), ["2023-12-31", "2024-12-31", "2025-12-31", "2026-09-30"]),
        (date(2026, 4, 10), ["2023-12-31", "2024-12-31", "2025-12-31"]),
        (date(2026, 1, 5), ["2022-12-31", "2023-12-31", "2024-12-31", "2025-09-30"]),
    ],
)
def test_a_period_is_stated_once_its_books_are_closed(on: date, ends: list[str]) -> None:
    assert [one.isoformat() for one in period_ends(on)] == ends
