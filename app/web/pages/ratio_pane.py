"""The financial sheet in words and drawings: key ratios over time, all ratios beside the sector, the statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.assessment.ratios import Ratio
from app.assessment.statements import AUDITS, Statement
from app.texts import Text
from app.use_cases.assessment.show_ratios import RatioLine, RatioSheet
from app.web import present
from app.web.page_models import Tag
from app.web.pages.shared import person

DRAWN = ("debt_to_assets_percent", "current_ratio", "dscr", "interest_cover", "net_margin_percent", "receivable_days")
MOST_DRAWN = 4
UNITS = {"times": Text("倍", "×"), "percent": Text("%", "%"), "days": Text("天")}
ARROWS = {"up": "↑", "down": "↓", "flat": "→"}
DIRECTIONS = {"up": Text("上升", "rising"), "down": Text("下降", "falling"), "flat": Text("持平", "steady")}
POSITIONS = {
    "better": Tag("green", Text("优于行业", "Better")),
    "around": Tag("grey", Text("行业中段", "Around")),
    "worse": Tag("amber", Text("弱于行业", "Worse")),
}

INPUT_GROUPS = {
    "basic": Text("基本情况", "Basic"),
    "financial": Text("财务", "Financial"),
    "operating": Text("经营", "Operating"),
    "credit_history": Text("信用记录", "Credit history"),
}


@dataclass(frozen=True)
class DrawnRatio:
    """A ratio as a line over its periods; the bound is the sector's quartile on the bad side."""

    label: Text
    shown: Text
    points: tuple[tuple[str, Decimal], ...]
    bound: Decimal | None
    bound_label: Text
    bound_side: str
    over: bool


@dataclass(frozen=True)
class RatioRow:
    """A line of the table; `tone` colours the arrow: green to the better, amber to the worse."""

    label: Text
    formula: Text
    values: tuple[str, ...]
    arrow: str
    direction: Text | None
    tone: str
    median: str
    quartiles: str
    position: Tag | None


@dataclass(frozen=True)
class AmountRow:
    label: Text
    values: tuple[str, ...]
    change: Decimal | None


@dataclass(frozen=True)
class Source:
    period: Text
    audit: Text


@dataclass(frozen=True)
class Finances:
    """`stated` is a sheet of the application's four figures only, without statements."""

    periods: tuple[Text, ...]
    drawn: tuple[DrawnRatio, ...]
    groups: tuple[tuple[Text, tuple[RatioRow, ...]], ...]
    amounts: tuple[AmountRow, ...]
    missing: tuple[tuple[Text, tuple[Text, ...]], ...]
    sources: tuple[Source, ...]
    size: tuple[Text, ...]
    stated: bool
    given_at: datetime
    given_by: str
    worse: int


def finances(sheet: RatioSheet) -> Finances:
    """The sheet as its page shows it."""
    periods = tuple(period_name(one) for one in sheet.statements)
    drawn = [_drawn(line, sheet.statements) for line in _chosen(sheet)]
    return Finances(
        periods=periods,
        drawn=tuple(drawn),
        groups=tuple((name, tuple(_row(line) for line in lines)) for name, lines in sheet.groups),
        amounts=tuple(
            AmountRow(one.name, tuple(_ten_thousands(value) for value in one.values), one.change_percent)
            for one in sheet.amounts
        ),
        missing=_missing(sheet),
        sources=tuple(
            Source(period, AUDITS.get(one.audit, AUDITS[""]))
            for period, one in zip(periods, sheet.statements, strict=True)
        ),
        size=_size(sheet),
        stated=all(one.ended_on is None for one in sheet.statements),
        given_at=sheet.given_at,
        given_by=person(sheet.given_by),
        worse=sheet.worse,
    )


def period_name(one: Statement) -> Text:
    """2025, or 2026.1–6 for the months of a part of a year."""
    if one.ended_on is None:
        return Text("近一年", "Last year")
    if one.is_full_year:
        return Text(one.label)
    return Text(f"{one.ended_on.year}.1–{one.months}")


def _chosen(sheet: RatioSheet) -> list[RatioLine]:
    by_name = {line.ratio.name: line for line in sheet.lines}
    known = [by_name[name] for name in DRAWN if by_name[name].values[-1] is not None]
    return known[:MOST_DRAWN]


def _drawn(line: RatioLine, statements: tuple[Statement, ...]) -> DrawnRatio:
    high, mark = line.ratio.better == "high", line.benchmark
    points = tuple(
        (one.label[2:] if "-" in one.label else one.label, value)
        for one, value in zip(statements, line.values, strict=True)
        if value is not None
    )
    bound = None if mark is None else mark.lower if high else mark.upper
    words = f"{bound:f}" if bound is not None else ""
    return DrawnRatio(
        label=line.ratio.label,
        shown=_with_unit(line.values[-1], line.ratio.unit),
        points=points,
        bound=bound,
        bound_label=Text(
            f"行业{'下' if high else '上'}四分位 {words}", f"sector {'lower' if high else 'upper'} quartile {words}"
        ),
        bound_side="min" if high else "max",
        over=line.position == "worse",
    )


def _row(line: RatioLine) -> RatioRow:
    mark = line.benchmark
    return RatioRow(
        label=_label(line.ratio),
        formula=line.ratio.formula,
        values=tuple(_number(value) for value in line.values),
        arrow=ARROWS.get(line.trend, ""),
        direction=DIRECTIONS.get(line.trend),
        tone="muted" if line.improves is None else "green" if line.improves else "amber",
        median=_number(mark.median) if mark else present.DASH,
        quartiles=f"{_number(mark.lower)}–{_number(mark.upper)}" if mark else "",
        position=POSITIONS.get(line.position),
    )


def _label(ratio: Ratio) -> Text:
    """The name with its unit; English names of days say it themselves."""
    unit = UNITS[ratio.unit]
    return Text(f"{ratio.label.zh}（{unit.zh}）", f"{ratio.label.en} ({unit.en})" if unit.en else ratio.label.en)


def _number(value: Decimal | None) -> str:
    return present.DASH if value is None else f"{value:,f}".replace("-", "−")


def _with_unit(value: Decimal | None, unit: str) -> Text:
    number = _number(value)
    return {
        "percent": Text(f"{number}%"),
        "days": Text(f"{number} 天", f"{number} days"),
        "times": Text(number),
    }[unit]


def _ten_thousands(value: Decimal | None) -> str:
    """Yuan in 万元 with one place."""
    return present.DASH if value is None else _number((value / 10000).quantize(Decimal("0.1")))


def _missing(sheet: RatioSheet) -> tuple[tuple[Text, tuple[Text, ...]], ...]:
    by_group = {key: tuple(one.name for one in sheet.missing if one.group == key) for key in INPUT_GROUPS}
    return tuple((INPUT_GROUPS[key], names) for key, names in by_group.items() if names)


def _size(sheet: RatioSheet) -> tuple[Text, ...]:
    """Industry and size of the firm, as far as known."""
    found = [sheet.industry] if sheet.industry else []
    if sheet.employees is not None:
        found.append(Text(f"员工 {sheet.employees} 人", f"{sheet.employees} employees"))
    return tuple(found)
