"""The list of firms and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.administration.organisation_kinds import kind_name
from app.use_cases.applications.milestones import milestone
from app.use_cases.firms.enter_link import VERB
from app.use_cases.firms.firm_alerts import Alert
from app.use_cases.firms.firm_links import LinkLine
from app.use_cases.firms.list_firms import PAGE_SIZE, FirmsFound
from app.use_cases.firms.show_firm import Application, FirmView
from app.use_cases.parties.link_kinds import KINDS
from app.use_cases.parties.report_words import REPORT_NAMES
from app.use_cases.permissions import Actor, may
from app.web.page_models import Chip, Choice, Empty, Fact, Link, Pager, Tag
from app.web.pages.case_page import CAPACITIES
from app.web.pages.firm_graph import Graph, firm_graph
from app.web.pages.loan_words import class_tag, state_tag
from app.web.pages.shared import pager
from app.web.texts import language

SOURCES = {
    "form": Text("申请资料", "An application"),
    "register": Text("工商登记", "The register"),
    "entered": Text("人工录入", "Entered by staff"),
}
LIMITS = {
    "borrower": Text("企业额度", "Borrower limit"),
    "group": Text("集团额度", "Group limit"),
    "core_enterprise": Text("核心企业额度", "Core enterprise limit"),
}


@dataclass(frozen=True)
class FirmRow:
    name: str
    url: str
    kind: Text
    credit_code: str
    applications: int
    outstanding: Decimal
    dpd: int
    matched: str


@dataclass(frozen=True)
class FirmListPage:
    query: str
    kind: str
    chips: tuple[Chip, ...]
    rows: tuple[FirmRow, ...]
    pager: Pager
    empty: Empty


@dataclass(frozen=True)
class AlertRow:
    tone: str
    text: Text
    on: date | None
    url: str | None


@dataclass(frozen=True)
class LinkRow:
    words: Text
    name: str
    url: str | None
    number: str
    share: Decimal | None
    since: date | None
    source: Text
    note: str
    ended: date | None
    end_url: str | None


@dataclass(frozen=True)
class LoanLine:
    number: str
    url: str | None
    funder: str
    state: Tag
    asset_class: Tag
    outstanding: Decimal
    overdue: Decimal
    dpd: int


@dataclass(frozen=True)
class CaseLine:
    number: str
    url: str
    words: str
    amount: Decimal | None
    status: Tag
    at: datetime


@dataclass(frozen=True)
class LimitLine:
    name: Text
    funder: str
    total: Decimal
    used: Decimal
    left: Decimal


@dataclass(frozen=True)
class FirmPage:
    """`entering` is what stands in the form for a new link, None for who may not enter one."""

    name: Text
    kind: Text
    facts: tuple[Fact, ...]
    alerts: tuple[AlertRow, ...]
    graph: Graph | None
    links: tuple[LinkRow, ...]
    group: tuple[tuple[str, str], ...]
    loans: tuple[LoanLine, ...]
    applications: tuple[CaseLine, ...]
    others: tuple[CaseLine, ...]
    guarantees: tuple[tuple[CaseLine, Decimal], ...]
    limits: tuple[LimitLine, ...]
    documents: tuple[tuple[str, str, str, datetime], ...]
    reports: tuple[tuple[Text, Text, str, datetime, str], ...]
    contacts: tuple[tuple[str, Text, str], ...]
    notices: tuple[tuple[Text, str, datetime], ...]
    kinds: tuple[Choice, ...]
    entering: Mapping[str, str] | None
    error: Text | None
    all_funders: bool


def firm_list_page(found: FirmsFound, words: str, kind: str, page: int) -> FirmListPage:
    """The list; its chips count what the search found by kind."""

    def address(**changes: Any) -> str:
        asked = {"q": words, "kind": kind} | changes
        return url_for("firms.index", **{key: value for key, value in asked.items() if value})

    kinds = ["", *sorted(key for key in found.counts if key)]
    names = {"": Text("全部", "All")}
    chips = tuple(
        Chip(key or "all", names.get(key) or kind_name(key), found.counts.get(key, 0), key == kind, address(kind=key))
        for key in kinds
    )
    empty = Empty(
        Text("没有找到企业", "No firm was found"),
        Text(
            "按名称查本机构有往来的企业；完整的信用代码可查平台上任何企业，完整的身份证号或手机号可查相关企业。",
            "A name finds firms that you have to do with; a whole credit code finds any firm here, and a person's "
            "whole identity card or mobile number the firms behind which that person stands.",
        ),
        Link(Text("看全部企业", "See all firms"), url_for("firms.index")),
    )
    rows = tuple(
        FirmRow(
            one.name.of(language()),
            url_for("firms.show", firm_id=one.id),
            kind_name(one.kind),
            one.credit_code or "",
            one.applications,
            one.outstanding,
            one.dpd,
            one.matched,
        )
        for one in found.lines
    )
    return FirmListPage(
        words, kind, chips, rows, pager(page, PAGE_SIZE, found.total, lambda number: address(page=number)), empty
    )


def firm_page(
    actor: Actor, view: FirmView, entering: Mapping[str, str] | None = None, error: Text | None = None
) -> FirmPage:
    """The page; `entering` and `error` where a link could not be entered as typed."""
    firm, enters = view.firm, may(VERB, actor)
    controlling = frozenset(view.controlling)
    kinds = tuple(
        Choice(kind.key, kind.name, kind.key == (entering or {}).get("kind")) for kind in KINDS.values() if kind.entered
    )
    return FirmPage(
        name=firm.name,
        kind=kind_name(firm.kind),
        facts=_facts(view),
        alerts=tuple(_alert(actor, one) for one in view.alerts),
        graph=firm_graph(firm.name, view.links, controlling),
        links=tuple(_link(firm.id, one, enters) for one in view.links),
        group=tuple((one.name.of(language()), url_for("firms.show", firm_id=one.id)) for one in view.group),
        loans=tuple(_loan(actor, loan, funder) for loan, funder in view.loans),
        applications=tuple(_case(one, one.product) for one in view.applications),
        others=tuple(_case(one, _in_case(one)) for one in view.others),
        guarantees=tuple((_case(one, one.borrower), one.outstanding) for one in view.guarantees),
        limits=tuple(
            LimitLine(LIMITS[one.kind], funder.of(language()), one.total, one.used, one.total - one.used)
            for one, funder in view.limits
        ),
        documents=tuple(
            (one.filename, url_for("documents.show", document_id=one.id), number, one.at)
            for one, number in view.documents
        ),
        reports=tuple(
            (
                REPORT_NAMES.get(one.kind, Text(one.kind, one.kind)),
                Text(one.source_zh, one.source_en),
                one.reference,
                one.at,
                url_for("cases.show", case_number=number),
            )
            for one, number in view.reports
        ),
        contacts=tuple((one.name.of(language()), one.role, one.number) for one in view.contacts),
        notices=tuple((Text(one.text_zh, one.text_en), number, one.at) for one, number in view.notices),
        kinds=kinds,
        entering=(entering or {}) if enters else None,
        error=error,
        all_funders=actor.case_scope is None,
    )


def _facts(view: FirmView) -> tuple[Fact, ...]:
    running = [loan for loan, _ in view.loans if loan.outstanding]
    return (
        Fact(Text("统一社会信用代码", "Credit code"), view.firm.unified_social_credit_code, "code"),
        Fact(Text("申请", "Applications"), len(view.applications), "count"),
        Fact(Text("未还（元）", "Outstanding (CNY)"), sum((loan.outstanding for loan in running), Decimal(0)), "money"),
        Fact(Text("最长逾期（天）", "Longest overdue (days)"), max((loan.dpd for loan in running), default=0), "count"),
        Fact(Text("关联企业", "Group"), len(view.group), "count"),
    )


def _alert(actor: Actor, one: Alert) -> AlertRow:
    url = None
    if one.loan_number and may("view_ledger", actor):
        url = url_for("loans.show", number=one.loan_number)
    elif one.case_number:
        url = url_for("cases.show", case_number=one.case_number)
    return AlertRow(one.tone, one.text, one.on, url)


def _link(firm_id: int, one: LinkLine, enters: bool) -> LinkRow:
    who = one.entered_by.of(language()) if one.entered_by else ""
    return LinkRow(
        words=one.words,
        name=one.other.of(language()),
        url=url_for("firms.show", firm_id=one.other_id) if one.other_id else None,
        number=one.number,
        share=one.share,
        since=one.since_on,
        source=SOURCES.get(one.source, Text(one.source, one.source)),
        note=" · ".join(part for part in (one.case_number, who, one.reason) if part),
        ended=one.ended_on,
        end_url=url_for("firms.end_link_now", firm_id=firm_id, link_id=one.id) if enters and one.is_own else None,
    )


def _loan(actor: Actor, loan: Any, funder: Text) -> LoanLine:
    url = url_for("loans.show", number=loan.number) if may("view_ledger", actor) else None
    owed, due = loan.outstanding, loan.overdue
    return LoanLine(loan.number, url, funder.of(language()), state_tag(loan), class_tag(loan), owed, due, loan.dpd)


def _case(one: Any, words: Text) -> CaseLine:
    case, state = one.case, milestone(one.case.milestone)
    url = url_for("cases.show", case_number=case.number)
    return CaseLine(case.number, url, words.of(language()), case.amount, Tag(state.tone, state.name), case.created_at)


def _in_case(one: Application) -> Text:
    role = CAPACITIES.get(one.capacity) or kind_name(one.capacity)
    return Text(f"{role.zh}：{one.borrower.zh}", f"{role.of('en')}: {one.borrower.of('en')}")
