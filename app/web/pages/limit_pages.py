"""The pages of credit limits: the list with bars, one limit with its history, a change, and a firm's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.applications.milestones import milestone
from app.use_cases.credit_limits.limit_input import APPROVED, KINDS, NET_CAPITAL, PROPOSED, REFUSED
from app.use_cases.credit_limits.list_limits import (
    EXPIRED,
    FROZEN,
    NOT_YET,
    PAGE_SIZE,
    VALID,
    LimitLine,
    LimitList,
)
from app.use_cases.credit_limits.propose_change import FREEZE, SET, THAW
from app.use_cases.credit_limits.show_limit import ChangeShown, Holder, LimitShown, waits
from app.use_cases.credit_limits.show_own_limits import OwnLimit
from app.use_cases.permissions import Actor, may
from app.web.page_models import Chip, Choice, Empty, Fact, Link, Pager, Tag
from app.web.pages.shared import pager
from app.web.texts import language

STATES = {
    VALID: Tag("green", Text("有效", "In force")),
    FROZEN: Tag("red", Text("已冻结", "Frozen")),
    EXPIRED: Tag("amber", Text("已到期", "Ended")),
    NOT_YET: Tag("grey", Text("未生效", "Not yet")),
}
DECISIONS = {
    PROPOSED: Tag("amber", Text("待审批", "Waits for approval")),
    APPROVED: Tag("green", Text("已生效", "Approved")),
    REFUSED: Tag("grey", Text("已退回", "Refused")),
}
ACTIONS = {SET: Text("设定", "Set"), FREEZE: Text("冻结", "Freeze"), THAW: Text("解冻", "Thaw")}
TIGHT, FULL = 80, 100


@dataclass(frozen=True)
class LimitRow:
    """`percent` of the limit that is used, `tone` the bar's colour."""

    url: str
    kind: Text
    whose: str
    funder: str
    total: Decimal
    used: Decimal
    left: Decimal
    percent: int
    tone: str
    state: Tag
    until: Any


@dataclass(frozen=True)
class WaitingRow:
    url: str
    kind: Text
    whose: str
    action: Text
    total: Decimal | None


@dataclass(frozen=True)
class LimitListPage:
    """`all_funders` adds the column of the bank, `new_url` is None for who may propose nothing."""

    query: str
    kind: str
    chips: tuple[Chip, ...]
    rows: tuple[LimitRow, ...]
    waiting: tuple[WaitingRow, ...]
    net_capital: Decimal | None
    pager: Pager
    empty: Empty
    all_funders: bool
    new_url: str | None


@dataclass(frozen=True)
class HolderRow:
    number: str
    url: str | None
    firm: str
    state: Tag
    amount: Decimal
    freed: Decimal


@dataclass(frozen=True)
class ChangeRow:
    """A change as a line of history, or by itself; `may_decide` shows the buttons, `own` says why it does not."""

    id: int
    kind: Text
    whose: str
    action: Text
    total: Decimal | None
    dates: Text
    reason: str
    state: Tag
    proposer: str
    proposed_at: Any
    decider: str
    decided_at: Any
    remark: str
    waits: bool
    may_decide: bool
    own: bool


@dataclass(frozen=True)
class LimitPage:
    """`change_url` is None for who may propose nothing."""

    id: int
    row: LimitRow
    figures: tuple[Fact, ...]
    frozen_reason: str
    holders: tuple[HolderRow, ...]
    changes: tuple[ChangeRow, ...]
    change_url: str | None


@dataclass(frozen=True)
class NewLimitPage:
    entered: Mapping[str, str]
    kinds: tuple[Choice, ...]
    error: Text | None


@dataclass(frozen=True)
class OwnLimitCard:
    row: LimitRow
    suppliers: tuple[tuple[str, Decimal, int, int], ...]


def limit_list_page(actor: Actor, found: LimitList, words: str, kind: str, page: int) -> LimitListPage:
    """The list; its chips count what the search found."""

    def address(**changes: Any) -> str:
        asked = {"q": words, "kind": kind} | changes
        return url_for("limits.index", **{key: value for key, value in asked.items() if value})

    names = {"": Text("全部", "All")} | {key: name for key, name in KINDS.items() if key != NET_CAPITAL}
    chips = tuple(
        Chip(key or "all", name, found.counts.get(key, 0), key == kind, address(kind=key))
        for key, name in names.items()
    )
    empty = Empty(
        Text("没有找到额度", "No limit was found"),
        Text("换个关键词，或者去掉筛选。", "Try other words, or drop the filter."),
        Link(Text("看全部额度", "See all limits"), url_for("limits.index")),
    )
    waiting = tuple(
        WaitingRow(
            url_for("limits.change", change_id=one.change.id),
            KINDS[one.change.kind],
            one.whose.of(language()),
            ACTIONS[one.change.action],
            one.change.total,
        )
        for one in found.waiting
    )
    return LimitListPage(
        words,
        kind,
        chips,
        tuple(_row(line) for line in found.lines),
        waiting,
        found.net_capital,
        pager(page, PAGE_SIZE, found.total, lambda number: address(page=number)),
        empty,
        actor.case_scope is None,
        url_for("limits.new") if may("propose_limits", actor) else None,
    )


def _row(line: LimitLine) -> LimitRow:
    limit, here = line.limit, language()
    percent = int(limit.used * 100 / limit.total) if limit.total else 0
    tone = "red" if percent >= FULL else "amber" if percent >= TIGHT else "blue"
    return LimitRow(
        url_for("limits.show", limit_id=limit.id),
        KINDS[limit.kind],
        line.whose.of(here),
        line.funder.of(here),
        limit.total,
        limit.used,
        limit.left,
        percent,
        tone,
        STATES[line.state],
        limit.valid_until,
    )


def limit_page(actor: Actor, found: LimitShown) -> LimitPage:
    """One limit; what it says of cases links to those that the person may open."""
    limit, row = found.line.limit, _row(found.line)
    figures = (
        Fact(Text("总额", "Total"), row.total, "money"),
        Fact(Text("已用", "Used"), row.used, "money"),
        Fact(Text("剩余", "Left"), row.left, "money"),
    )
    asked: dict[str, Any] = {"kind": limit.kind, "subject": found.typed, "total": f"{limit.total:f}"}
    opens = may("view_cases", actor) or may("view_all_cases", actor)
    return LimitPage(
        limit.id,
        row,
        figures,
        limit.frozen_reason,
        tuple(_holder(one, opens) for one in found.holders),
        tuple(change_page(actor, one) for one in found.changes),
        url_for("limits.new", **asked) if may("propose_limits", actor) else None,
    )


def _holder(one: Holder, opens: bool) -> HolderRow:
    state = milestone(one.milestone)
    url = url_for("cases.show", case_number=one.case_number) if opens else None
    return HolderRow(one.case_number, url, one.firm.of(language()), Tag(state.tone, state.name), one.amount, one.freed)


def change_page(actor: Actor, found: ChangeShown) -> ChangeRow:
    """A change with its two persons, and whether the person at the page may decide it."""
    change, here = found.change, language()
    own = change.proposed_by == actor.person_id
    first, last = change.valid_from, change.valid_until
    return ChangeRow(
        change.id,
        KINDS[change.kind],
        found.whose.of(here),
        ACTIONS[change.action],
        change.total,
        Text(f"{first or '即日'} 至 {last or '长期'}", f"from {first or 'now'} to {last or 'no end'}"),
        change.reason,
        DECISIONS[change.state],
        found.proposer.of(here),
        change.proposed_at,
        found.decider.of(here) if found.decider else "",
        change.decided_at,
        change.remark,
        waits(change),
        waits(change) and may("approve_limits", actor) and not own,
        own,
    )


def new_limit_page(entered: Mapping[str, str], error: Text | None = None) -> NewLimitPage:
    """What was typed is kept."""
    names = ("kind", "subject", "total", "valid_from", "valid_until", "reason")
    kinds = tuple(Choice(key, name, key == entered.get("kind")) for key, name in KINDS.items())
    return NewLimitPage({key: entered.get(key, "") for key in names}, kinds, error)


def own_limits_page(found: tuple[OwnLimit, ...]) -> tuple[OwnLimitCard, ...]:
    """A card for each funder."""
    return tuple(
        OwnLimitCard(
            _row(one.line),
            tuple(
                (each.name.of(language()), each.amount, each.loans, _percent(each.amount, one.line.limit.total))
                for each in one.suppliers
            ),
        )
        for one in found
    )


def _percent(part: Decimal, whole: Decimal) -> int:
    return int(part * 100 / whole) if whole else 0
