"""Rows 112 and 113: what is known of a firm, what is missing, and the ratios of its three statements."""

from __future__ import annotations

from typing import Any

from app.web.pages.ratio_pane import DRAWN
from tests import desk as people
from tests.assessment.statements import statement
from tests.desk import Desk
from tests.web.visitor import Visitor, words

YEARS = (("2023-12-31", "0.81"), ("2024-12-31", "0.9"), ("2025-12-31", "1"))


def entered(*rows: dict[str, Any]) -> dict[str, Any]:
    """Statements as a browser posts them."""
    return {"with_statements": "on", "statements": [{key: str(value) for key, value in row.items()} for row in rows]}


def sheet(desk: Desk, number: str, language: str = "zh") -> str:
    task = desk.task(number, "initial_review")
    return (
        Visitor(desk, people.REVIEWER, language=language).get(f"/tasks/{task.id}?tab=finances").get_data(as_text=True)
    )


def test_row_112_missing_inputs_are_named(desk: Desk) -> None:
    """Missing inputs named."""
    rows = [statement(day, factor) for day, factor in YEARS[1:]]
    rows[-1] = statement(*YEARS[-1], inventory_yuan=None, interest_yuan=None)
    number = desk.at_initial_review(registered_capital_yuan="", **entered(*rows))

    page = words(sheet(desk, number))

    assert "缺少的资料 基本情况：注册资本 财务：利息费用（2025） 经营：存货（2025）" in page.replace("： ", "：")
    assert "征信报告" not in page.split("缺少的资料")[1].split("主要比率")[0]


def test_row_113_ratios_are_worked_out_from_three_statements(desk: Desk) -> None:
    """Ratios page from three statements."""
    rows = [statement(day, factor) for day, factor in YEARS]
    number = desk.at_initial_review(requested_amount="6000000.00", **entered(*rows))

    page = sheet(desk, number)

    read = words(page)
    assert "制造业 · 员工 86 人" in read
    assert "流动比率（倍） 1.50 1.50 1.50 → 持平 1.3 行业中段" in read
    assert "营业收入增长率（%） — 11.11 11.11" in read
    assert "偿债备付率（倍） 1.61 1.61 1.61" in read
    assert "来源：2023 企业自编，未经审计" in read
    assert page.count('class="spark"') == len(DRAWN[:4])
