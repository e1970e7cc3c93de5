"""What needs a reviewer's judgement: signs in reports and figures that no rule stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.assessment.ratios import RATIOS, work_out
from app.assessment.statements import AUDITS, read_statements
from app.storage.reports import ExternalReport
from app.texts import Text
from app.use_cases.cases.case_file import CaseFile

MANY_ENQUIRIES = 6
LOW_RISK_SCORE = 65
HIGH_DEBT_PERCENT = 70
FALLING_REVENUE_PERCENT = -20
# ratios that ask for a word of the reviewer
FIGURES: dict[str, Callable[[Decimal], bool]] = {
    "debt_to_assets_percent": lambda value: value >= HIGH_DEBT_PERCENT,
    "interest_cover": lambda value: value < 1,
    "dscr": lambda value: value < 1,
    "revenue_growth_percent": lambda value: value <= FALLING_REVENUE_PERCENT,
}


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
    periods = work_out(read_statements(given))
    if not periods:
        return
    newest, values = periods[-1].statement, periods[-1].values
    source = AUDITS.get(newest.audit, AUDITS[""])
    reason = Text(f"{newest.label} {source.zh}".strip(), f"{newest.label} {source.of('en')}".strip())
    for name, is_sign in FIGURES.items():
        value = values[name]
        if value is not None and is_sign(value):
            told, unit = RATIOS[name].label, "%" if RATIOS[name].unit == "percent" else ""
            figure = f"{value:f}{unit}".replace("-", "−")
            text = Text(f"{told.zh} {figure}", f"{told.of('en')} {figure}")
            yield ForJudgement("amber", text, reason, "finances")
    if newest.lines.get("profit_yuan", 0) < 0:
        yield ForJudgement("amber", Text("最近一期亏损", "A loss in the latest period"), reason, "finances")
    if newest.lines.get("operating_cash_yuan", 0) < 0:
        text = Text("经营活动现金净流出", "Operations use up cash")
        yield ForJudgement("amber", text, reason, "finances")
