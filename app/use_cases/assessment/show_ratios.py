"""The financial sheet of a case: the ratios of its statements by period, beside the sector, with what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.assessment.comparison import Benchmark, trend
from app.assessment.ratios import RATIOS, Ratio, work_out
from app.assessment.statements import LINES, Statement, read_statements
from app.moment import Moment
from app.storage.database import reading
from app.texts import Text
from app.use_cases.assessment.missing_inputs import Missing, missing_inputs
from app.use_cases.assessment.sector_benchmarks import sector_benchmarks
from app.use_cases.cases.case_file import CaseFile

GROUPS = (
    (
        Text("偿债", "Solvency"),
        (
            "current_ratio",
            "quick_ratio",
            "debt_to_assets_percent",
            "debt_to_equity",
            "interest_cover",
            "dscr",
            "operating_cash_to_debt",
        ),
    ),
    (
        Text("盈利", "Profitability"),
        ("gross_margin_percent", "net_margin_percent", "return_on_assets_percent", "return_on_equity_percent"),
    ),
    (
        Text("营运", "Operations"),
        ("receivable_days", "inventory_days", "payable_days", "cash_conversion_days"),
    ),
    (Text("成长", "Growth"), ("revenue_growth_percent", "profit_growth_percent")),
)


@dataclass(frozen=True)
class RatioLine:
    """A ratio over the periods; `trend` is up, down, flat or "" of the newest against the one before.

    `improves` says whether that trend is for the better, None where neither side is; `position` against the sector is
    better, around, worse or "".
    """

    ratio: Ratio
    values: tuple[Decimal | None, ...]
    trend: str
    improves: bool | None
    benchmark: Benchmark | None
    position: str


@dataclass(frozen=True)
class AmountLine:
    """A line of the statements over the periods in yuan; `change_percent` is of the last full year."""

    name: Text
    values: tuple[Decimal | None, ...]
    change_percent: Decimal | None


@dataclass(frozen=True)
class RatioSheet:
    """Everything a reviewer sees of the figures; `given_at` and `given_by` of the application that stated them."""

    statements: tuple[Statement, ...]
    groups: tuple[tuple[Text, tuple[RatioLine, ...]], ...]
    amounts: tuple[AmountLine, ...]
    missing: tuple[Missing, ...]
    industry: Text | None
    employees: Decimal | int | None
    given_at: datetime
    given_by: Text | None

    @property
    def lines(self) -> tuple[RatioLine, ...]:
        """All ratios in order."""
        return tuple(line for _, lines in self.groups for line in lines)

    @property
    def worse(self) -> int:
        """How many ratios stand in the bad quarter of the sector."""
        return sum(line.position == "worse" for line in self.lines)


def show_ratios(file: CaseFile) -> RatioSheet | None:
    """The sheet of a case that somebody may see; None before an application states any figures.

    The sector is that of the table in force on the day on which the application was given.
    """
    given = file.applications()
    if not given:
        return None
    answered, data = given[-1], given[-1].answer.data
    periods = work_out(read_statements(data))
    if not periods:
        return None
    with reading() as session:
        on = Moment.at(answered.answer.at).business_on
        benchmarks = sector_benchmarks(session, data.get("industry"), on)
    values = {name: tuple(period.values[name] for period in periods) for name in RATIOS}
    statements = tuple(period.statement for period in periods)
    return RatioSheet(
        statements=statements,
        groups=tuple(
            (name, tuple(_line(values[one], benchmarks, RATIOS[one]) for one in ones)) for name, ones in GROUPS
        ),
        amounts=tuple(_amounts(statements)),
        missing=missing_inputs(data, periods, {report.kind for report in file.reports}),
        industry=_industry(answered.form.fields, data),
        employees=data.get("employees"),
        given_at=answered.answer.at,
        given_by=file.person(answered.answer.person_id),
    )


def _line(values: tuple[Decimal | None, ...], benchmarks: Mapping[str, Benchmark], ratio: Ratio) -> RatioLine:
    newest, before = values[-1], values[-2] if len(values) > 1 else None
    direction, benchmark = trend(before, newest), benchmarks.get(ratio.name)
    improves = (
        None if direction in ("", "flat") or not ratio.better else (direction == "up") == (ratio.better == "high")
    )
    position = benchmark.position(ratio, newest) if benchmark and newest is not None else ""
    return RatioLine(ratio, values, direction, improves, benchmark, position)


def _amounts(statements: tuple[Statement, ...]) -> list[AmountLine]:
    """The lines that any period gives; their change is of the two newest full years that follow each other."""
    years = [one for one in statements if one.is_full_year and one.ended_on]
    pair = years[-2:] if len(years) > 1 and _follow(years[-2], years[-1]) else []
    found = []
    for key, name in LINES.items():
        values = tuple(one.lines.get(key) for one in statements)
        if any(value is not None for value in values):
            found.append(AmountLine(name, values, _change([one.lines.get(key) for one in pair])))
    return found


def _follow(before: Statement, after: Statement) -> bool:
    return bool(before.ended_on and after.ended_on and after.ended_on.year - before.ended_on.year == 1)


def _change(pair: list[Decimal | None]) -> Decimal | None:
    if len(pair) < 2 or pair[0] is None or pair[1] is None or pair[0] <= 0:
        return None
    return (pair[1] - pair[0]) * 100 / pair[0]


def _industry(fields: Any, data: Mapping[str, Any]) -> Text | None:
    """The industry in the form's words."""
    labels = {option.value: option.label for part in fields if part.path == "industry" for option in part.options}
    return labels.get(str(data.get("industry")))
