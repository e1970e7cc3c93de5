"""The administrator's list of people, the page of one, and the form for a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.administration.list_people import PAGE_SIZE, PeopleFound, PersonLine, Place
from app.use_cases.administration.show_person import Offered, PersonShown
from app.web.page_models import Chip, Choice, Empty, Fact, Link, Pager, Tag
from app.web.pages.account_page import SessionRow, session_rows
from app.web.pages.shared import pager

FILTERS = {
    "": Text("全部", "All"),
    "active": Text("在用", "Active"),
    "locked": Text("已锁定", "Locked"),
    "inactive": Text("已停用", "Shut"),
}
STATES = {
    "active": Tag("green", Text("在用", "Active")),
    "locked": Tag("amber", Text("输错锁定", "Locked")),
    "inactive": Tag("grey", Text("已停用", "Shut")),
}
FIRST_PASSWORD = Tag("blue", Text("待改初始密码", "First password"))


@dataclass(frozen=True)
class PersonRow:
    login: str
    name: Text
    url: str
    places: tuple[Place, ...]
    seen_at: datetime | None
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class PeoplePage:
    """`role` is the key and name of the role that is asked for; `without_role` drops it."""

    query: str
    state: str
    role_key: str
    role: Text | None
    without_role: str
    chips: tuple[Chip, ...]
    organisations: tuple[Choice, ...]
    rows: tuple[PersonRow, ...]
    pager: Pager
    empty: Empty


@dataclass(frozen=True)
class PlaceChoice:
    """An organisation with the roles that fit it, each as the value that the form sends."""

    organisation: Text
    roles: tuple[Choice, ...]


@dataclass(frozen=True)
class NewPersonPage:
    entered: Mapping[str, str]
    places: tuple[PlaceChoice, ...]
    error: Text | None


@dataclass(frozen=True)
class HeldRow:
    organisation: Text
    organisation_url: str
    role: Text
    end_url: str


@dataclass(frozen=True)
class PersonPage:
    person: PersonShown
    facts: tuple[Fact, ...]
    tags: tuple[Tag, ...]
    held: tuple[HeldRow, ...]
    places: tuple[PlaceChoice, ...]
    sessions: tuple[SessionRow, ...]
    move_url: str | None
    audit_url: str | None


def people_page(
    found: PeopleFound, query: str, state: str, organisation_id: int | None, role: str, page: int
) -> PeoplePage:
    """The list; its chips count what the search found."""

    def address(**changes: Any) -> str:
        asked = {"q": query, "state": state, "organisation": organisation_id, "role": role} | changes
        return url_for("people.index", **{key: value for key, value in asked.items() if value})

    chips = tuple(
        Chip(
            key or "all", name, found.counts[key], key == state, address(state=key), "amber" if key == "locked" else ""
        )
        for key, name in FILTERS.items()
    )
    everywhere = Choice("", Text("全部机构", "All organisations"), organisation_id is None)
    places = (everywhere, *(Choice(str(id_), name, id_ == organisation_id) for id_, name in found.organisations))
    empty = Empty(
        Text("没有符合条件的用户", "Nobody matches"),
        Text("换个关键词，或者去掉筛选条件。", "Try other words, or drop the filters."),
        Link(Text("查看全部", "Show everybody"), url_for("people.index")),
    )
    return PeoplePage(
        query,
        state,
        role,
        found.role,
        address(role=None),
        chips,
        places,
        tuple(_row(line) for line in found.lines),
        pager(page, PAGE_SIZE, found.total, lambda number: address(page=number)),
        empty,
    )


def _row(line: PersonLine) -> PersonRow:
    tags = (STATES[line.state], *((FIRST_PASSWORD,) if line.is_new and line.state != "inactive" else ()))
    return PersonRow(line.login, line.name, url_for("people.show", person_id=line.id), line.places, line.seen_at, tags)


def new_person_page(places: Sequence[Offered], entered: Mapping[str, str], error: Text | None = None) -> NewPersonPage:
    """What was typed is kept, the password never."""
    kept = {key: entered.get(key, "") for key in ("login", "name_zh", "name_en", "place")}
    return NewPersonPage(kept, _choices(places, kept["place"]), error)


def person_page(
    person: PersonShown, places: Sequence[Offered], move_url: str | None = None, audit_url: str | None = None
) -> PersonPage:
    """One person, with what may be done now; the addresses are of moving the work and of the audit search."""
    facts = (
        Fact(Text("账号", "Login"), person.login, "code"),
        Fact(Text("英文名", "Name in English"), person.name.en),
        Fact(Text("创建", "Created"), person.created_at, "moment"),
        Fact(Text("最近使用", "Last seen"), person.seen_at, "moment"),
        Fact(Text("手上待办", "Claimed tasks"), person.open_tasks, "count"),
    )
    tags = (STATES[person.state], *((FIRST_PASSWORD,) if person.must_change_password else ()))
    held = tuple(
        HeldRow(
            one.organisation,
            url_for("organisations.show", organisation_id=one.organisation_id),
            one.role,
            url_for("people.end_role", person_id=person.id, membership_id=one.id),
        )
        for one in person.held
    )
    return PersonPage(
        person, facts, tags, held, _choices(places, ""), session_rows(person.sessions), move_url, audit_url
    )


def _choices(places: Sequence[Offered], chosen: str) -> tuple[PlaceChoice, ...]:
    return tuple(
        PlaceChoice(
            place.organisation,
            tuple(
                Choice(value, name, value == chosen)
                for key, name in place.roles
                if (value := f"{place.organisation_id}:{key}")
            ),
        )
        for place in places
        if place.roles
    )
