"""The analyst's page of what a draft's table would have decided otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for

from app.texts import Text
from app.use_cases.definitions.replay_decision import Replayed, ReplayedCase
from app.use_cases.definitions.show_replay import DraftReplay
from app.web.page_models import Chip, Choice, Fact

SPANS = ((30, Text("近 30 天", "30 days")), (90, Text("近 90 天", "90 days")), (365, Text("近一年", "A year")))
MOST_GROUPS = 20


@dataclass(frozen=True)
class CaseRow:
    """`url` leads to the case for whoever may see it; for the others it has no number."""

    case: ReplayedCase
    number: str | None
    url: str | None
    rows: Text


@dataclass(frozen=True)
class ReplayPage:
    """`bounds` says what of the period was not looked at, `is_unnamed` that some cases are told without number."""

    draft_url: str
    url: str
    name: Text
    decision: str
    decisions: tuple[Choice, ...]
    spans: tuple[Chip, ...]
    since: date
    until: date
    found: Replayed | None
    figures: tuple[Fact, ...]
    bounds: Text | None
    groups: tuple[tuple[Text, Text, int], ...]
    more_groups: int
    cases: tuple[CaseRow, ...]
    more_cases: int
    odd: tuple[CaseRow, ...]
    is_unnamed: bool


def replay_page(shown: DraftReplay) -> ReplayPage:
    """The page of one decision of a draft."""
    found = shown.found
    url = url_for("definitions.replay", draft_id=shown.draft_id)
    decision = found.decision if found else ""
    rows = tuple(_row(case, shown) for case in found.cases) if found else ()
    odd = tuple(_row(case, shown) for case in found.not_reproduced) if found else ()
    return ReplayPage(
        url_for("definitions.draft", draft_id=shown.draft_id),
        url,
        found.name if found else Text(""),
        decision,
        tuple(Choice(key, name, key == decision) for key, name in shown.decisions),
        tuple(_span(shown, days, label, decision) for days, label in SPANS),
        shown.since,
        shown.until,
        found,
        _figures(found) if found else (),
        _bounds(found) if found else None,
        found.groups[:MOST_GROUPS] if found else (),
        len(found.groups[MOST_GROUPS:]) if found else 0,
        rows,
        found.changed - len(rows) if found else 0,
        odd,
        any(row.number is None for row in (*rows, *odd)),
    )


def _span(shown: DraftReplay, days: int, label: Text, decision: str) -> Chip:
    since = shown.until - timedelta(days=days)
    address = url_for("definitions.replay", draft_id=shown.draft_id, since=since.isoformat(), decision=decision or None)
    return Chip(str(days), label, None, since == shown.since, address)


def _figures(found: Replayed) -> tuple[Fact, ...]:
    share = Text(f"{found.changed / found.replayed:.1%}") if found.replayed else None
    others = Text(f"其中 {found.by_other_rules} 次由别的行得出", f"{found.by_other_rules} of them by other rows")
    left = found.seen - found.replayed
    return (
        Fact(Text("可比较的计算", "Compared"), found.replayed, "count"),
        Fact(Text("结果不同", "Another outcome"), found.changed, "count", share),
        Fact(Text("结果相同", "The same outcome"), found.unchanged, "count", others if found.by_other_rules else None),
        Fact(Text("不能比较", "Not comparable"), left, "count"),
    )


def _bounds(found: Replayed) -> Text | None:
    if found.seen == found.stored:
        return None
    return Text(
        f"这段时间有 {found.stored} 次计算，页面只重算了最新的 {found.seen} 次；全部请用命令 flask rules replay。",
        f"Of {found.stored} evaluations in this time the page took the newest {found.seen}; "
        "flask rules replay takes them all.",
    )


def _row(case: ReplayedCase, shown: DraftReplay) -> CaseRow:
    visible = case.case_id in shown.seen_cases
    number = case.case_number if visible else None
    return CaseRow(
        case,
        number,
        url_for("cases.show", case_number=number) if number else None,
        Text(
            f"第 {_numbers(case.rules_then)} 行 → 第 {_numbers(case.rules_now)} 行",
            f"row {_numbers(case.rules_then)} → row {_numbers(case.rules_now)}",
        ),
    )


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "—"
