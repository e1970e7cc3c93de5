"""What the firms of a sector have for ratios, by the table in force on a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.assessment.comparison import Benchmark, read_benchmarks
from app.errors import NotFound
from app.use_cases.definitions.rules_in_force import rules_in_force

TABLE = "sector_benchmark"


def sector_benchmarks(session: Session, industry: object, on: date) -> Mapping[str, Benchmark]:
    """The benchmarks by ratio of a section of industry ("C"); {} where the table has none, or none is published."""
    try:
        rule = rules_in_force(session, [TABLE], on)[TABLE]
    except NotFound:
        return {}
    return read_benchmarks(rule.decide({"industry": industry}))
