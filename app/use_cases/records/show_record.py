"""Shows a case's decision record to those who may read it, with the files that were issued of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.gateways import files
from app.storage import cases
from app.storage.audit import AuditEntry
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.storage.past_names import PERSON, Names, names_of
from app.texts import Text
from app.use_cases.permissions import Actor, require
from app.use_cases.records.decision_record import decision_record
from app.use_cases.records.record import Record

VERB, ISSUED = "view_records", "issue_record"


@dataclass(frozen=True)
class IssuedFile:
    """A PDF that was issued: its hash and that of the record it shows, by whom and when (real time)."""

    sha256: str
    record_sha256: str
    language: str
    person: Text
    at: datetime


@dataclass(frozen=True)
class ShownRecord:
    """The record as it is made now, and what was issued of it before, the newest first."""

    record: Record
    issued: tuple[IssuedFile, ...]


def readable_case(session: Session, actor: Actor, number: str) -> LoanCase:
    """The case whose record the actor may read; Forbidden without the right, NotFound for another funder's case."""
    require(VERB, actor)
    case = cases.visible(session, number, actor.case_scope)
    if case is None:
        raise NotFound
    return case


def show_record(actor: Actor, number: str) -> ShownRecord:
    """The record of a case of one's own funder, or of any case for who sees every case."""
    with reading() as session:
        case = readable_case(session, actor, number)
        return ShownRecord(decision_record(session, case), _issued(session, actor, number))


def open_issued(actor: Actor, number: str, sha256: str) -> bytes:
    """The bytes of a PDF that was issued of this case; NotFound for any other file."""
    with reading() as session:
        readable_case(session, actor, number)
        if sha256 not in {one.sha256 for one in _issued(session, actor, number)}:
            raise NotFound
    return files.get(sha256)


def _issued(session: Session, actor: Actor, number: str) -> tuple[IssuedFile, ...]:
    query = select(AuditEntry).where(AuditEntry.target == number, AuditEntry.verb == ISSUED)
    if actor.case_scope is not None:
        query = query.where(AuditEntry.organisation_id == actor.case_scope)
    rows = list(session.scalars(query.order_by(AuditEntry.id.desc())))
    names = names_of(session, {row.person_id for row in rows if row.person_id}, set(), set())
    return tuple(_issued_file(row, names) for row in rows)


def _issued_file(row: AuditEntry, names: Names) -> IssuedFile:
    assert isinstance(row.detail, dict), "issue_record wrote it"
    person = names.then(PERSON, row.person_id or 0, row.at) or Text("")
    return IssuedFile(row.detail["file"], row.detail["record"], row.detail["language"], person, row.at)
