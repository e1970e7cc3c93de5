"""The section on what outside sources answered: from whom, when, under which number, and the figures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.storage.reports import ExternalReport
from app.texts import Text
from app.use_cases.parties.report_words import LABELS, REPORT_NAMES, WORDS
from app.use_cases.records.case_rows import CaseRows
from app.use_cases.records.record import DASH, Fact, Facts, Part, Section, fact, fingerprint, joined, moment

YES, NO, NONE = Text("是", "yes"), Text("否", "no"), Text("无", "none")


def reports_of(rows: CaseRows) -> Section:
    """Each answer of an outside source: from whom, when, under which number, and its figures."""
    parts = tuple(_report(rows, row) for row in rows.file.reports)
    return Section("reports", Text("外部数据", "Outside sources"), parts)


def _report(rows: CaseRows, row: ExternalReport) -> Part:
    facts = [Fact(LABELS[key][0], _value(value, LABELS[key][1])) for key, value in row.data.items() if key in LABELS]
    facts += [
        fact("来源", "Source", Text(row.source_zh, row.source_en)),
        fact("来源编号", "Source's number", row.reference),
        fact("取得", "Received", moment(row.at)),
        fact("原文指纹", "Fingerprint of the answer", fingerprint(row.data)),
    ]
    if row.entered_by is not None:
        facts.append(fact("手工录入", "Entered by hand by", rows.person(row.entered_by, row.at)))
    return Part(REPORT_NAMES.get(row.kind, Text(row.kind)), Text(""), (Facts(tuple(facts)),))


def _value(value: Any, kind: str) -> Text:
    if value is None:
        return DASH
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return joined(_value(one, kind) for one in value) if value else NONE
    if isinstance(value, Mapping):
        return joined((_value(one, kind) for one in value.values()), "，", ", ")
    if isinstance(value, int | Decimal):
        unit = {"money": "元", "percent": "%"}.get(kind, "")
        number = f"{value:,.2f}" if kind == "money" else f"{value:,}"
        return Text(f"{number} {unit}".strip(), f"CNY {number}" if kind == "money" else f"{number}{unit}")
    return WORDS.get(str(value), Text(str(value)))
