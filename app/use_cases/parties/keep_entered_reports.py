"""Keeps reports that a person obtained by hand where a source was silent, with who typed them in and from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.storage.reports import ExternalReport
from app.use_cases.instances.run import Run

HOW, ENTERED, SOURCE = "how_", "entered", "source"
YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Entry:
    """One report on the form: the end of the field that says how it was obtained, its kind, and field -> fact."""

    field: str
    kind: str
    facts: Mapping[str, str]


ENTRIES = (
    Entry("risk", "risk", {"risk_score": "score"}),
    Entry(
        "bureau",
        "bureau",
        {name: name for name in ("overdue_days_max", "queries_6m", "open_loans", "balance_yuan")},
    ),
    Entry("registry", "enterprise", {"status": "status", "abnormal": "abnormal"}),
    Entry(
        "court",
        "court",
        {
            "cases_open": "cases_open",
            "enforced": "enforced",
            "dishonest": "dishonest",
            "court_amount_yuan": "amount_yuan",
        },
    ),
)
FIELDS = frozenset(
    {SOURCE, *(HOW + entry.field for entry in ENTRIES), *(name for one in ENTRIES for name in one.facts)}
)


def keep_entered_reports(run: Run, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Stores a report for each that the answers say was entered; nothing joins the task's variables."""
    assert run.actor is not None
    said = str(answers.get(SOURCE) or "")
    for entry in ENTRIES:
        if answers.get(HOW + entry.field) != ENTERED:
            continue
        facts = {fact: _plain(answers.get(name)) for name, fact in entry.facts.items() if answers.get(name) is not None}
        run.session.add(
            ExternalReport(
                case_id=run.case.id,
                kind=entry.kind,
                source_zh=f"人工录入（{run.actor.name_zh}）",
                source_en=f"Entered by hand ({run.actor.name_en})",
                reference=said[:80],
                data=facts | {"by_hand": True, "source_note": said},
                at=run.moment.now,
                entered_by=run.actor.person_id,
            )
        )
    return {}


def _plain(value: Any) -> Any:
    return YES_NO.get(value, value) if isinstance(value, str) else value
