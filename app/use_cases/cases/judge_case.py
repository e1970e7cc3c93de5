"""What needs a reviewer's judgement: signs in reports and figures that no rule stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.storage.reports import ExternalReport
from app.texts import Text
from app.use_cases.cases.case_file import CaseFile

MANY_ENQUIRIES = 6
LOW_RISK_SCORE = 65
HIGH_DEBT_PERCENT = 70


@dataclass(frozen=True)
class ForJudgement:
    """One sign with its figure; `tone` amber or blue, `tab` where it is shown in full."""

    tone: str
    text: Text
    reason: Text | None
    tab: str | None


def judge_case(file: CaseFile) -> tuple[ForJudgement, ...]:
    """The signs of a case, most telling first; none is a refusal, people decide."""
    newest: dict[str, ExternalReport] = {row.kind: row for row in file.reports}
    found = [*_of_risk(newest.get("risk")), *_of_bureau(newest.get("bureau")), *_of_finances(file.application)]
    return tuple(sorted(found, key=lambda one: one.tone != "amber"))


def _of_risk(report: ExternalReport | None) -> Iterator[ForJudgement]:
    if report is None:
        return
    score, lawsuits = report.data.get("score"), report.data.get("lawsuits_open", 0)
    reason = Text(report.source_zh, report.source_en)
    if isinstance(score, int) and score < LOW_RISK_SCORE:
        yield ForJudgement(
            "amber",
            Text(f"风险分 {score}，低于 {LOW_RISK_SCORE}", f"Risk score {score}, below {LOW_RISK_SCORE}"),
            reason,
            "reports",
        )
    if report.data.get("flags"):
        count = len(report.data["flags"])
        yield ForJudgement("amber", Text(f"有 {count} 个风险信号", _of(count, "warning sign")), reason, "reports")
    if lawsuits:
        yield ForJudgement("amber", Text(f"未结诉讼 {lawsuits} 件", _of(lawsuits, "open lawsuit")), reason, "reports")


def _of(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _of_bureau(report: ExternalReport | None) -> Iterator[ForJudgement]:
    if report is None:
        return
    reason = Text(report.source_zh, report.source_en)
    overdue, enquiries = report.data.get("overdue_days_max", 0), report.data.get("queries_6m", 0)
    if overdue:
        yield ForJudgement(
            "amber",
            Text(f"历史最长逾期 {overdue} 天", f"Longest overdue so far {_of(overdue, 'day')}"),
            reason,
            "reports",
        )
    if enquiries >= MANY_ENQUIRIES:
        yield ForJudgement(
            "blue",
            Text(f"近 6 个月征信查询 {enquiries} 次", f"{enquiries} credit enquiries in 6 months"),
            reason,
            "reports",
        )


def _of_finances(given: dict[str, Any]) -> Iterator[ForJudgement]:
    assets, debts, profit = (given.get(key) for key in ("total_assets_yuan", "total_liabilities_yuan", "profit_yuan"))
    reason = Text("申请人填报，未经审计", "As stated by the applicant, not audited")
    if isinstance(assets, Decimal) and isinstance(debts, Decimal) and assets > 0:
        percent = (debts / assets * 100).quantize(Decimal("0.1"))
        if percent >= HIGH_DEBT_PERCENT:
            yield ForJudgement("amber", Text(f"资产负债率 {percent}%", f"Debt is {percent}% of assets"), reason, None)
    if isinstance(profit, Decimal) and profit < 0:
        yield ForJudgement("amber", Text("近一年亏损", "A loss in the last year"), reason, None)
