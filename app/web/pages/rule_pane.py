"""Why the system proposed what it did: each decision of a case for whoever reviews it."""

from __future__ import annotations

from collections.abc import Sequence

from app.use_cases.cases.case_file import CaseFile
from app.use_cases.cases.contributions import Contribution
from app.use_cases.cases.explain_decisions import Explained, TableVersion, explain_decisions
from app.use_cases.permissions import may
from app.web.pages.definition_pages import address
from app.web.session import actor
from app.web.task_models import Points, RuleTrace


def rule_traces(file: CaseFile) -> tuple[RuleTrace, ...]:
    """The newest evaluation of each decision with its table, its points and those before it."""
    is_analyst = may("edit_definitions", actor()) or may("publish_definitions", actor())
    return tuple(_trace(one, is_analyst) for one in explain_decisions(file.traces))


def _trace(one: Explained, is_analyst: bool) -> RuleTrace:
    return RuleTrace(one, _version_url(one.version) if is_analyst and one.version else None, _bars(one.contributions))


def _version_url(version: TableVersion) -> str:
    return f"{address(version.path)}#version-{version.number}"


def _bars(points: Sequence[Contribution]) -> tuple[Points, ...]:
    longest = max((abs(value) for one in points for value in (one.points, one.most or one.points)), default=0)
    return tuple(
        Points(one, "amber" if one.points < 0 else "blue", int(abs(one.points) * 100 / longest) if longest else 0)
        for one in points
    )
