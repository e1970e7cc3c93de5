"""Searches the audit log, entry by entry in words, newest first; or gives what was found for an export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.errors import Refused
from app.gateways import clock
from app.moment import BUSINESS_ZONE
from app.storage import audit
from app.storage.audit import AuditEntry
from app.storage.database import reading, unit_of_work
from app.storage.organisations import Organisation
from app.storage.people import Person
from app.texts import Text
from app.use_cases.administration.audit_detail import Details, Names
from app.use_cases.administration.audit_words import SYSTEM, act_words
from app.use_cases.administration.list_people import like
from app.use_cases.permissions import Actor, require

PAGE_SIZE = 50
MOST_EXPORTED = 10_000
EARLIEST, LATEST = date(1970, 1, 1), date(9999, 1, 1)  # days beyond these have no moment in every zone


@dataclass(frozen=True)
class AuditFilter:
    """What is asked for; empty asks for everything. `person` is a part of login or name, `target` a number (of a
    case with all that hangs on it, a payment, a contract ...), days are in Chinese time, both included."""

    person: str = ""
    organisation_id: int | None = None
    verb: str = ""
    target: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class AuditLine:
    """One entry in words; `at` is real time, `number` its place in the organisation's chain."""

    id: int
    number: int
    at: datetime
    person_id: int | None
    login: str
    who: Text
    organisation: Text
    act: Text
    target: Text
    case_number: str
    details: Details


@dataclass(frozen=True)
class AuditFound:
    """A page of entries; `older` and `newer` are the keys of the neighbouring pages."""

    lines: tuple[AuditLine, ...]
    older: int | None
    newer: int | None
    organisations: tuple[tuple[int, Text], ...]


def search_audit(
    actor: Actor, wanted: AuditFilter, *, before: int | None = None, after: int | None = None
) -> AuditFound:
    """The entries before (older than) or after (newer than) the one with this id; raises Forbidden."""
    require("view_audit", actor)
    with reading() as session:
        query = select(AuditEntry).where(*_conditions(wanted)).limit(PAGE_SIZE + 1)
        if after is not None:
            rows = list(session.scalars(query.where(AuditEntry.id > after).order_by(AuditEntry.id)))
            more_newer, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE][::-1]
            more_older = True
        else:
            older = query if before is None else query.where(AuditEntry.id < before)
            rows = list(session.scalars(older.order_by(AuditEntry.id.desc())))
            more_older, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
            more_newer = before is not None
        lines = _lines(session, rows)
        places = session.scalars(select(Organisation).order_by(Organisation.id)).all()
    return AuditFound(
        lines,
        lines[-1].id if lines and more_older else None,
        lines[0].id if lines and more_newer else None,
        tuple((place.id, place.name) for place in places),
    )


def export_audit(actor: Actor, wanted: AuditFilter) -> tuple[AuditLine, ...]:
    """Every entry that the filter finds, newest first; the export itself is recorded.

    Raises Forbidden, or Refused for more than 10,000.
    """
    require("view_audit", actor)
    with reading() as session:
        query = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.id.desc()).limit(MOST_EXPORTED + 1)
        rows = session.scalars(query).all()
        if len(rows) > MOST_EXPORTED:
            raise Refused(
                f"符合条件的超过 {MOST_EXPORTED} 条，请缩小日期范围再导出。",
                f"More than {MOST_EXPORTED} entries match; please narrow the dates before exporting.",
            )
        lines = _lines(session, rows)
    with unit_of_work() as session:
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="export_audit",
            target="audit",
            detail={"entries": len(lines)},
            at=clock.real_now(),
        )
    return lines


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.person.strip():
        pattern = like(wanted.person.strip())
        named = (Person.login.ilike(pattern, escape="/"), Person.name_zh.ilike(pattern, escape="/"))
        people = select(Person.id).where(or_(*named, Person.name_en.ilike(pattern, escape="/")))
        found.append(AuditEntry.person_id.in_(people))
    if wanted.organisation_id is not None:
        found.append(AuditEntry.organisation_id == wanted.organisation_id)
    if wanted.verb:
        found.append(AuditEntry.verb == wanted.verb)
    if wanted.target.strip():
        number = wanted.target.strip()
        whole = like(number).removeprefix("%")
        found.append(or_(AuditEntry.target == number, AuditEntry.target.like(whole, escape="/")))
    if wanted.first is not None:
        found.append(AuditEntry.at >= _midnight(wanted.first))
    if wanted.last is not None:
        found.append(AuditEntry.at < _midnight(min(wanted.last, LATEST) + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(min(max(day, EARLIEST), LATEST), time(), BUSINESS_ZONE)


def _lines(session: Session, entries: Sequence[AuditEntry]) -> tuple[AuditLine, ...]:
    names = Names(session, entries)
    return tuple(_line(names, entry) for entry in entries)


def _line(names: Names, entry: AuditEntry) -> AuditLine:
    person = names.people.get(entry.person_id or 0)
    head = entry.target.partition("/")[0]
    return AuditLine(
        entry.id,
        entry.sequence,
        entry.at,
        entry.person_id,
        person.login if person is not None else "",
        names.person(entry.person_id) or SYSTEM,
        names.organisations.get(entry.organisation_id, Text("平台", "Platform")),
        act_words(entry.verb),
        names.target(entry),
        head if head.startswith("LN") and head[2:].isdigit() else "",
        names.details(entry),
    )
