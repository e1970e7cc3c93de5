"""Works out the borrower's financial ratios from the statements of its application, for rules and reviewers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.assessment.comparison import Benchmark, positions
from app.assessment.ratios import RATIOS, Period, work_out
from app.assessment.statements import read_statements
from app.storage import reports
from app.texts import Text
from app.use_cases.applications.application_data import application_data
from app.use_cases.assessment.missing_inputs import Missing, missing_inputs
from app.use_cases.assessment.sector_benchmarks import sector_benchmarks
from app.use_cases.operation import Call, Operation


def work_out_ratios(session: Session, call: Call, _reply: Any) -> dict[str, Any]:
    """{"ratios": {...}}: a flat set of ratios of the newest period, and what stands behind them.

    By name, Decimal or null: current_ratio, quick_ratio, debt_to_equity, interest_cover, dscr, operating_cash_to_debt
    (times); debt_to_assets_percent, gross_margin_percent, net_margin_percent, return_on_assets_percent,
    return_on_equity_percent, revenue_growth_percent, profit_growth_percent (percent); receivable_days, inventory_days,
    payable_days, cash_conversion_days (days). `app/assessment/ratios.py` defines them.
    Besides: period ("2025", "2026-06", "" without statements), audit (audited | tax | own | ""), statements (their
    number), years (labels, oldest first), by_year {ratio: its values in that order}, missing [{key, group, zh, en}] and
    missing_count; against the table sector_benchmark sector {ratio: better | around | worse}, sector_better and
    sector_worse (their numbers, null for a section that the table does not have). The drawn inputs `bureau` and `risk`
    say that such a report is there though it was obtained by hand.
    """
    application = application_data(session, call.case)
    periods = work_out(read_statements(application))
    kinds = {report.kind for report in reports.of_case(session, call.case.id)}
    kinds |= {kind for kind, drawn in call.inputs.items() if drawn is not None}  # a report may have come by hand
    missing = missing_inputs(application, periods, kinds)
    benchmarks = sector_benchmarks(session, application.get("industry"), call.moment.business_on)
    return {"ratios": ratio_facts(periods, missing, benchmarks)}


def ratio_facts(
    periods: Sequence[Period], missing: Sequence[Missing], benchmarks: Mapping[str, Benchmark]
) -> dict[str, Any]:
    """What tables read, as `work_out_ratios` documents it."""
    newest = periods[-1] if periods else None
    values: Mapping[str, Any] = newest.values if newest else dict.fromkeys(RATIOS)
    sides = positions(newest, benchmarks) if newest else {}
    return {
        **values,
        "period": newest.statement.label if newest else "",
        "audit": newest.statement.audit if newest else "",
        "statements": sum(period.statement.ended_on is not None for period in periods),
        "years": [period.statement.label for period in periods],
        "by_year": {name: [period.values[name] for period in periods] for name in RATIOS},
        "missing": [{"key": one.key, "group": one.group, "zh": one.name.zh, "en": one.name.en} for one in missing],
        "missing_count": len(missing),
        "sector": sides,
        "sector_better": list(sides.values()).count("better") if benchmarks else None,
        "sector_worse": list(sides.values()).count("worse") if benchmarks else None,
    }


WORK_OUT_RATIOS = Operation("work_out_ratios", Text("计算财务比率", "work out the ratios"), work_out_ratios)
