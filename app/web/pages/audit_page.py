"""The page of the audit log, its check, and its rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from app.texts import Text
from app.use_cases.administration.audit_words import ACTS
from app.use_cases.administration.search_audit import AuditFilter, AuditFound, AuditLine
from app.use_cases.administration.verify_audit import CheckedChain
from app.use_cases.permissions import Actor, may
from app.web.page_models import Choice, Empty, Link
from app.web.present import local

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class AuditRow:
    id: int
    at: datetime
    who: Text
    login: str
    who_url: str | None
    organisation: Text
    act: Text
    target: Text
    target_url: str | None
    details: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True)
class AuditPage:
    """`asked` is what stands in the form's fields."""

    asked: dict[str, str]
    verbs: tuple[Choice, ...]
    organisations: tuple[Choice, ...]
    rows: tuple[AuditRow, ...]
    older_url: str | None
    newer_url: str | None
    export_url: str
    is_filtered: bool
    empty: Empty


@dataclass(frozen=True)
class ChainsPage:
    chains: tuple[CheckedChain, ...]
    broken: int
    entries: int


def audit_page(actor: Actor, found: AuditFound, wanted: AuditFilter) -> AuditPage:
    """Entries in words with the form that finds others."""
    asked = {
        "person": wanted.person,
        "organisation": str(wanted.organisation_id or ""),
        "verb": wanted.verb,
        "target": wanted.target,
        "first": wanted.first.isoformat() if wanted.first else "",
        "last": wanted.last.isoformat() if wanted.last else "",
    }
    given: dict[str, Any] = {key: value for key, value in asked.items() if value}
    acts = sorted(ACTS.items(), key=lambda pair: pair[1].en)
    verbs = [Choice("", Text("全部操作", "All acts"), not wanted.verb)]
    verbs += [Choice(key, name, key == wanted.verb) for key, name in acts]
    places = [Choice("", Text("全部机构", "All organisations"), wanted.organisation_id is None)]
    places += [Choice(str(id_), name, id_ == wanted.organisation_id) for id_, name in found.organisations]
    empty = Empty(
        Text("没有符合条件的记录", "No entry matches"),
        Text("放宽日期，或者去掉一个筛选条件。", "Widen the dates, or drop a filter."),
        Link(Text("查看全部", "Show all"), url_for("audit.index")),
    )
    return AuditPage(
        asked,
        tuple(verbs),
        tuple(places),
        tuple(_row(actor, line) for line in found.lines),
        url_for("audit.index", **given, before=found.older) if found.older else None,
        url_for("audit.index", **given, after=found.newer) if found.newer else None,
        url_for("audit.export", **given),
        bool(given),
        empty,
    )


def _row(actor: Actor, line: AuditLine) -> AuditRow:
    people = may("administer_people", actor) and line.person_id is not None
    return AuditRow(
        line.id,
        line.at,
        line.who,
        line.login,
        url_for("people.show", person_id=line.person_id) if people else None,
        line.organisation,
        line.act,
        line.target,
        _case_url(actor, line),
        line.details,
    )


def _case_url(actor: Actor, line: AuditLine) -> str | None:
    if not line.case_number or not may("view_all_cases", actor):
        return None
    return url_for("cases.show", case_number=line.case_number)


def chains_page(chains: tuple[CheckedChain, ...]) -> ChainsPage:
    """What the check found, broken chains first."""
    ordered = tuple(sorted(chains, key=lambda chain: chain.broken_at is None))
    return ChainsPage(
        ordered, len([one for one in chains if one.broken_at is not None]), sum(one.entries for one in chains)
    )


def csv_rows(lines: Iterable[AuditLine], language: str) -> Iterator[list[str]]:
    """Head and rows; a cell that a spreadsheet would take for a formula gets an apostrophe before it."""
    head = ("时间", "姓名", "账号", "机构", "链上序号", "操作", "对象", "详情")
    heads = ("Time", "Name", "Login", "Organisation", "Number in the chain", "Act", "On what", "Detail")
    yield list(heads if language == "en" else head)
    for line in lines:
        detail = "; ".join(f"{label.of(language)}: {value.of(language)}" for label, value in line.details)
        cells: tuple[Any, ...] = (
            f"{local(line.at):%Y-%m-%d %H:%M:%S}",
            line.who.of(language),
            line.login,
            line.organisation.of(language),
            line.number,
            line.act.of(language),
            line.target.of(language),
            detail,
        )
        yield [_plain_cell(str(cell)) for cell in cells]


def _plain_cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
