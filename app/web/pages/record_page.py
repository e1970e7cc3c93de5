"""The page of a decision record: its sections with addresses of their own, and what was issued of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.texts import Text
from app.use_cases.records.record import Record, Section
from app.use_cases.records.record_pdf import WORDS
from app.use_cases.records.show_record import IssuedFile, ShownRecord
from app.web.page_models import Tag
from app.web.texts import language

HASH = re.compile("[0-9a-f]{24,64}")
LANGUAGE_NAMES = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}
SAME = Tag("green", Text("与本页一致", "same as this page"))
EARLIER = Tag("grey", Text("此后又有办理", "the case went on since"))


@dataclass(frozen=True)
class IssuedLine:
    """A PDF that was issued; `tag` says whether the case went on since."""

    sha256: str
    language: Text
    person: str
    at: datetime
    tag: Tag
    url: str


@dataclass(frozen=True)
class RecordPage:
    """`about` says what the record is made of; `issue_url` takes the language in which to issue it."""

    number: str
    case_url: str
    company: Text
    funder: Text
    product: Text
    outcome: Text
    last_at: datetime
    sha256: str
    about: Text
    sections: tuple[Section, ...]
    issued: tuple[IssuedLine, ...]
    issue_url: str


def record_page(shown: ShownRecord) -> RecordPage:
    """The page in both languages; facts and tables are drawn as they stand in the record."""
    record = shown.record
    return RecordPage(
        number=record.number,
        case_url=url_for("cases.show", case_number=record.number),
        company=record.company,
        funder=record.funder,
        product=record.product,
        outcome=record.outcome,
        last_at=record.last_at,
        sha256=record.sha256,
        about=WORDS["about"],
        sections=record.sections,
        issued=tuple(_line(record, one) for one in shown.issued),
        issue_url=url_for("records.issue", case_number=record.number),
    )


def _line(record: Record, one: IssuedFile) -> IssuedLine:
    return IssuedLine(
        one.sha256,
        LANGUAGE_NAMES.get(one.language, Text(one.language)),
        one.person.of(language()),
        one.at,
        SAME if one.record_sha256 == record.sha256 else EARLIER,
        url_for("records.document", case_number=record.number, sha256=one.sha256),
    )


def is_hash(words: str) -> bool:
    """Whether a value is a hash or a fingerprint, which is set small and may break anywhere."""
    return HASH.fullmatch(words) is not None
