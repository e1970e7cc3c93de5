"""The administrator's list of organisations, the page of one, and the form for a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.administration.create_organisation import PLATFORM
from app.use_cases.administration.list_organisations import PAGE_SIZE, Member, OrganisationsFound, OrganisationShown
from app.use_cases.administration.organisation_kinds import KINDS, kind_name
from app.web.page_models import Chip, Choice, Empty, Fact, Link, Pager, Tag
from app.web.pages.people_page import STATES
from app.web.pages.shared import pager


@dataclass(frozen=True)
class OrganisationRow:
    name: Text
    url: str
    kind: Text
    credit_code: str
    people: int


@dataclass(frozen=True)
class OrganisationsPage:
    query: str
    kind: str
    chips: tuple[Chip, ...]
    rows: tuple[OrganisationRow, ...]
    pager: Pager
    empty: Empty


@dataclass(frozen=True)
class MemberRow:
    name: Text
    login: str
    url: str
    roles: tuple[Text, ...]
    tag: Tag


@dataclass(frozen=True)
class OrganisationPage:
    name: Text
    facts: tuple[Fact, ...]
    members: tuple[MemberRow, ...]
    products: tuple[Text, ...]
    new_person_url: str


@dataclass(frozen=True)
class NewOrganisationPage:
    entered: Mapping[str, str]
    kinds: tuple[Choice, ...]
    error: Text | None


def organisations_page(found: OrganisationsFound, query: str, kind: str, page: int) -> OrganisationsPage:
    """The list; its chips count what the search found."""

    def address(**changes: Any) -> str:
        asked = {"q": query, "kind": kind} | changes
        return url_for("organisations.index", **{key: value for key, value in asked.items() if value})

    every = {"": Text("全部", "All")} | KINDS
    chips = tuple(
        Chip(key or "all", name, found.counts.get(key, 0), key == kind, address(kind=key))
        for key, name in every.items()
        if not key or found.counts.get(key) or key == kind
    )
    empty = Empty(
        Text("没有符合条件的机构", "No organisation matches"),
        Text("换个关键词，或者去掉筛选条件。", "Try other words, or drop the filters."),
        Link(Text("查看全部", "Show all"), url_for("organisations.index")),
    )
    rows = tuple(
        OrganisationRow(
            line.name,
            url_for("organisations.show", organisation_id=line.id),
            kind_name(line.kind),
            line.credit_code or "",
            line.people,
        )
        for line in found.lines
    )
    pages = pager(page, PAGE_SIZE, found.total, lambda number: address(page=number))
    return OrganisationsPage(query, kind, chips, rows, pages, empty)


def organisation_page(found: OrganisationShown) -> OrganisationPage:
    """One organisation."""
    facts = (
        Fact(Text("类型", "Kind"), kind_name(found.kind)),
        Fact(Text("英文名称", "Name in English"), found.name.en),
        Fact(Text("统一社会信用代码", "Credit code"), found.credit_code, "code"),
        Fact(Text("创建", "Created"), found.created_at, "moment"),
        Fact(Text("人员", "People"), len(found.members), "count"),
    )
    return OrganisationPage(
        found.name,
        facts,
        tuple(_member(one) for one in found.members),
        found.products,
        url_for("people.new", organisation=found.id),
    )


def _member(one: Member) -> MemberRow:
    return MemberRow(one.name, one.login, url_for("people.show", person_id=one.id), one.roles, STATES[one.state])


def new_organisation_page(entered: Mapping[str, str], error: Text | None = None) -> NewOrganisationPage:
    """What was typed is kept; there is one platform, which stands already."""
    kinds = tuple(Choice(key, name, key == entered.get("kind")) for key, name in KINDS.items() if key != PLATFORM)
    return NewOrganisationPage(
        {key: entered.get(key, "") for key in ("name_zh", "name_en", "credit_code")}, kinds, error
    )
