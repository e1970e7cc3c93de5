"""The financial sheet on pages: as a reviewer and a colleague with the case read it, with and without statements."""

from __future__ import annotations

from tests import desk as people
from tests.assessment.statements import statement
from tests.desk import Desk
from tests.web.visitor import Visitor, words

SMALL = {"requested_amount": "400000.00"}


def test_a_case_without_statements_shows_the_ratios_of_its_four_figures_and_says_what_is_missing(desk: Desk) -> None:
    number = desk.at_initial_review(**SMALL)
    task = desk.task(number, "initial_review")
    page = words(Visitor(desk, people.REVIEWER, language="en").get(f"/tasks/{task.id}?tab=finances"))
    assert "Missing inputs Financial: Financial statements" in page
    assert "Debt to assets (%) 48.94" in page and "as stated by the applicant, not audited" in page


def test_the_case_page_has_the_sheet_too_and_no_statements_among_the_facts(desk: Desk) -> None:
    rows = [statement("2024-12-31", "0.9"), statement(audit="audited", revenue_yuan="30000000")]
    given = [{key: str(value) for key, value in row.items()} for row in rows]
    number = desk.at_initial_review(with_statements="on", statements=given, **SMALL)
    visitor, task = Visitor(desk, people.REVIEWER), desk.task(number, "initial_review")

    case, overview = words(visitor.get(f"/cases/{number}")), words(visitor.get(f"/tasks/{task.id}?tab=overview"))

    assert "营业收入增长率（%） — −21.86" in case and "2025 经审计" in case
    assert "应收票据及应收账款" not in overview
    assert "营业收入增长率 −21.86%" in overview and "2025 经审计" in overview
    assert "30,000,000.00" in overview
