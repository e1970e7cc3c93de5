"""The section on the ratios that rules and reviewers had before them, as they were stored with the last evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.assessment.ratios import RATIOS
from app.texts import Text
from app.use_cases.records.case_rows import CaseRows
from app.use_cases.records.record import DASH, Grid, Part, Section, Words, heads, joined

VARIABLE = "ratios"
UNITS = {"percent": "%", "days": " 天", "times": ""}
UNITS_EN = {"percent": "%", "days": " days", "times": ""}
POSITIONS = {
    "better": Text("优于同业", "better than its sector"),
    "around": Text("与同业相当", "around its sector"),
    "worse": Text("弱于同业", "worse than its sector"),
}


def ratios_of(rows: CaseRows) -> Section:
    """The ratios by period beside the sector, and which inputs were missing; empty where no rule had any."""
    found = [row.variables[VARIABLE] for row in rows.file.traces if _has_ratios(row.variables)]
    return Section("ratios", Text("财务比率", "Ratios"), (_part(found[-1]),) if found else ())


def _has_ratios(variables: Any) -> bool:
    return isinstance(variables, Mapping) and isinstance(variables.get(VARIABLE), Mapping)


def _part(stored: Mapping[str, Any]) -> Part:
    years, by_year, sector = stored.get("years") or [], stored.get("by_year") or {}, stored.get("sector") or {}
    lines = tuple(
        (
            ratio.label,
            ratio.formula,
            *(_shown(value, ratio.unit) for value in by_year[name]),
            POSITIONS.get(str(sector.get(name)), DASH),
        )
        for name, ratio in RATIOS.items()
        if name in by_year and len(by_year[name]) == len(years)
    )
    titles = heads(
        ("比率", "Ratio"), ("算法", "Formula"), *((str(year), str(year)) for year in years), ("同业", "Sector")
    )
    widths = (3, 6, *(2 for _year in years), 3)
    missing = [Text(str(one.get("zh")), str(one.get("en"))) for one in stored.get("missing") or []]
    note = Text(f"最近一期 {stored.get('period') or '—'}", f"newest period {stored.get('period') or '—'}")
    blocks = [Grid(titles, lines, widths, tuple(range(2, 2 + len(years))))] if lines else []
    told = [Words(Text("缺少的资料", "Missing inputs"), joined(missing, "、", ", "))] if missing else []
    return Part(Text(""), note, (*blocks, *told))


def _shown(value: Any, unit: str) -> Text:
    if not isinstance(value, int | Decimal):
        return DASH
    return Text(f"{value:,}{UNITS[unit]}", f"{value:,}{UNITS_EN[unit]}")
