"""The decision records of many cases by their hashes, so that two installations can be compared line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from app.errors import NotFound
from app.storage import cases
from app.storage.cases import LoanCase
from app.storage.database import reading
from app.use_cases.records.decision_record import decision_record
from app.use_cases.records.record import Record
from app.use_cases.records.record_pdf import record_pdf


@dataclass(frozen=True)
class Digest:
    """A case's number, the SHA-256 of its record and that of the record's PDF (hex)."""

    number: str
    record: str
    pdf: str


def record_of(number: str) -> Record:
    """The record of any case, for an operator at a terminal; NotFound where there is no such case."""
    with reading() as session:
        case = cases.visible(session, number, None)
        if case is None:
            raise NotFound
        return decision_record(session, case)


def list_records(language: str) -> Iterator[Digest]:
    """A digest of every case by number, its PDF in this language, each read in a unit of its own."""
    with reading() as session:
        numbers = list(session.scalars(select(LoanCase.number).order_by(LoanCase.number)))
    for number in numbers:
        record = record_of(number)
        yield Digest(number, record.sha256, hashlib.sha256(record_pdf(record, language)).hexdigest())
