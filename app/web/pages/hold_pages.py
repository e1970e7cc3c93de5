"""Pages of compliance holds: the list, one hold with the form that decides it, and the card on a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.compliance.list_holds import PAGE_SIZE, HoldDetail, HoldLine, HoldList
from app.use_cases.permissions import Actor, may
from app.web.page_models import Chip, Empty, Fact, Pager, Tag
from app.web.pages.shared import pager

STATES = {
    "open": Tag("amber", Text("暂缓中", "On hold")),
    "cleared": Tag("green", Text("已解除", "Cleared")),
    "upheld": Tag("red", Text("维持暂缓", "Upheld")),
}
CHIPS = {"open": Text("待处理", "To decide"), "cleared": Text("已解除", "Cleared"), "upheld": Text("维持", "Upheld")}
LISTS = {
    "sanctions": Text("制裁名单", "Sanctions list"),
    "pep": Text("政治公众人物", "Politically exposed persons"),
    "aml": Text("反洗钱名单", "Money laundering list"),
}
PARTIES = {
    "borrower": Text("借款人", "Borrower"),
    "legal_representative": Text("法定代表人", "Legal representative"),
    "owner": Text("股东或受益人", "Owner"),
    "guarantor": Text("担保人", "Guarantor"),
    "core_enterprise": Text("核心企业", "Core enterprise"),
    "payee": Text("收款人", "Payee"),
    "named": Text("其他", "Other"),
}
CLEAR = "clear"
DECISIONS = {CLEAR: Text("同意解除", "cleared it"), "uphold": Text("维持暂缓", "upheld it")}
SCREENED, BY = Text("名单筛查", "List screening"), Text("合规人员", "Compliance officer")
CONFIDENTIAL = Text("原因仅合规人员可见", "The reason is for compliance officers only")


@dataclass(frozen=True)
class HitRow:
    """One hit of a screening."""

    party: Text
    name: str
    list: Text
    entry: str
    similarity: str
    reason: Text


@dataclass(frozen=True)
class OpinionRow:
    """What somebody said of a hold."""

    person: Text
    decision: Text
    reason: str
    evidence: str
    at: datetime


@dataclass(frozen=True)
class HoldRow:
    """A hold in a list or on a case; `url` is for who may decide it, `reason` too."""

    case_number: str
    company: str
    case_url: str
    source: Text
    reason: Text
    state: Tag
    opened_at: datetime
    closed_at: datetime | None
    progress: Text | None
    url: str | None


@dataclass(frozen=True)
class HoldListPage:
    """Holds of a bank by state, newest first."""

    chips: tuple[Chip, ...]
    rows: tuple[HoldRow, ...]
    pager: Pager
    empty: Empty | None


@dataclass(frozen=True)
class HoldPage:
    """One hold: `barred` says why the reader may not decide it, None shows the form with what was typed."""

    row: HoldRow
    facts: tuple[Fact, ...]
    hits: tuple[HitRow, ...]
    opinions: tuple[OpinionRow, ...]
    barred: Text | None
    task_url: str | None
    action_url: str
    error: Text | None
    decision: str
    reason: str
    evidence: str


@dataclass(frozen=True)
class HoldCard:
    """The holds on a case page and the address that opens one, None for who may not."""

    rows: tuple[HoldRow, ...]
    open_url: str | None


def hold_list_page(found: HoldList, chosen: str, page: int) -> HoldListPage:
    """The officers' list."""

    def address(**changes: Any) -> str:
        return url_for("compliance.index", **{"show": chosen} | changes)

    chips = tuple(
        Chip(key, name, found.counts.get(key, 0), key == chosen, address(show=key), "amber" if key == "open" else "")
        for key, name in CHIPS.items()
    )
    empty = Empty(
        Text("没有这样的暂缓", "No such hold"),
        Text(
            "名单筛查命中、或合规人员在案卷里提出暂缓时，会列在这里。",
            "A hit of the screening, or a hold that an officer places on a case, is listed here.",
        ),
        None,
    )
    return HoldListPage(
        chips,
        tuple(_row(line, with_words=True) for line in found.lines),
        pager(page, PAGE_SIZE, found.total, lambda number: address(page=number)),
        None if found.lines else empty,
    )


def hold_card(actor: Actor, lines: tuple[HoldLine, ...], case_number: str) -> HoldCard | None:
    """The card of a case; None where there is nothing to show and nothing to do."""
    officer = may("manage_holds", actor)
    if not lines and not officer:
        return None
    return HoldCard(
        tuple(_row(line, with_words=officer) for line in lines),
        url_for("compliance.place", case_number=case_number) if officer else None,
    )


def hold_page(detail: HoldDetail, error: Text | None, typed: dict[str, str]) -> HoldPage:
    """One hold, and what was typed where it was refused."""
    line = detail.line
    facts = [
        Fact(Text("提出", "Placed by"), line.opened_by or SCREENED),
        Fact(Text("时间", "Since"), line.hold.opened_at, "moment"),
        Fact(
            Text("解除需要", "To clear it"),
            Text("一位合规人员", "one officer")
            if line.hold.persons_needed == 1
            else Text("两位不同的合规人员", "two different officers"),
        ),
    ]
    return HoldPage(
        row=_row(line, with_words=True),
        facts=tuple(facts),
        hits=tuple(_hit(hit) for hit in (line.hold.findings or {}).get("hits", [])),
        opinions=tuple(
            OpinionRow(who, DECISIONS[one.decision], one.reason, one.evidence, one.at) for one, who in line.opinions
        ),
        barred=detail.barred,
        task_url=url_for("tasks.show", task_id=detail.task_id) if detail.task_id is not None else None,
        action_url=url_for("compliance.decide", hold_id=line.hold.id),
        error=error,
        decision=typed.get("decision", ""),
        reason=typed.get("reason", ""),
        evidence=typed.get("evidence", ""),
    )


def _row(line: HoldLine, *, with_words: bool) -> HoldRow:
    hold, case = line.hold, line.case
    said = sum(one.decision == CLEAR for one, _ in line.opinions)
    half = hold.state == "open" and said and hold.persons_needed > 1
    return HoldRow(
        case.number,
        case.applicant_name,
        url_for("cases.show", case_number=case.number),
        SCREENED if hold.source == "screening" else (line.opened_by or BY if with_words else BY),
        Text(hold.reason, hold.reason_en) if with_words else CONFIDENTIAL,
        STATES[hold.state],
        hold.opened_at,
        hold.closed_at,
        Text(f"{said}/{hold.persons_needed} 人已同意", f"{said} of {hold.persons_needed} cleared it") if half else None,
        url_for("compliance.show", hold_id=hold.id) if with_words else None,
    )


def _hit(hit: dict[str, Any]) -> HitRow:
    percent = hit.get("similarity")
    return HitRow(
        PARTIES.get(str(hit.get("party")), PARTIES["named"]),
        str(hit.get("name") or ""),
        LISTS.get(str(hit.get("list")), Text(str(hit.get("list") or ""))),
        " ".join(str(hit[key]) for key in ("entry", "entry_name") if hit.get(key)),
        f"{percent}%" if percent is not None else "",
        Text(str(hit.get("reason") or ""), str(hit.get("reason_en") or hit.get("reason") or "")),
    )
