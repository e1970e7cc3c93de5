"""Names what an assessment of a firm would need and does not have, by the groups that a bank asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.assessment.ratios import Period
from app.assessment.statements import LINES
from app.texts import Text

BASIC = {
    "established_on": Text("成立日期", "Established on"),
    "industry": Text("所属行业", "Industry"),
    "employees": Text("员工人数", "Employees"),
    "registered_capital_yuan": Text("注册资本", "Registered capital"),
}
REPORTS = {
    "bureau": Text("征信报告", "Credit bureau report"),
    "risk": Text("风控报告", "Risk platform report"),
}
# lines of the statements that describe how the firm runs rather than how it stands
OPERATING = frozenset(
    {"receivables_yuan", "inventory_yuan", "payables_yuan", "cost_yuan", "depreciation_yuan", "operating_cash_yuan"}
)
LAST_YEAR = "last_year."


@dataclass(frozen=True)
class Missing:
    """One input that is not there; `group` is basic, financial, operating or credit_history."""

    key: str
    group: str
    name: Text


def missing_inputs(
    application: Mapping[str, Any], periods: Sequence[Period], report_kinds: Collection[str]
) -> tuple[Missing, ...]:
    """What the application's basic facts, the newest statement with the year before it, and the reports lack."""
    basic = [Missing(key, "basic", name) for key, name in BASIC.items() if application.get(key) in (None, "")]
    history = [Missing(key, "credit_history", name) for key, name in REPORTS.items() if key not in report_kinds]
    return (*basic, *_of_statements(periods), *history)


def _of_statements(periods: Sequence[Period]) -> list[Missing]:
    if not periods or periods[-1].statement.ended_on is None:
        return [Missing("statements", "financial", Text("财务报表", "Financial statements"))]
    period = periods[-1].statement.label
    found = []
    for key in periods[-1].lacking:
        line = LINES[key.removeprefix(LAST_YEAR)]
        when = Text("上年", "year before") if key.startswith(LAST_YEAR) else Text(period)
        name = Text(f"{line.zh}（{when.zh}）", f"{line.en} ({when.of('en')})")
        found.append(Missing(key, "operating" if key in OPERATING else "financial", name))
    return found
