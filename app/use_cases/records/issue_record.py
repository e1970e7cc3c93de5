"""Issues a case's decision record: a PDF that is kept under its hash, and an audit entry that names both hashes."""

from __future__ import annotations

from app.gateways import clock, files
from app.storage import audit
from app.storage.database import reading, unit_of_work
from app.texts import LANGUAGES
from app.use_cases.permissions import Actor
from app.use_cases.records.decision_record import decision_record
from app.use_cases.records.record_pdf import record_pdf
from app.use_cases.records.show_record import ISSUED, readable_case


def issue_record(actor: Actor, number: str, language: str) -> str:
    """The SHA-256 (hex) of the PDF in `language` (zh where it is none of the product's); it is kept for good.

    The same record gives the same file, so issuing it again adds an entry and no second file. Raises Forbidden without
    the right, NotFound for a case of somebody else.
    """
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    with reading() as session:
        record = decision_record(session, readable_case(session, actor, number))
    sha256 = files.put(record_pdf(record, chosen))
    with unit_of_work() as session:
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb=ISSUED,
            target=number,
            detail={"language": chosen, "record": record.sha256, "file": sha256},
            at=clock.real_now(),
        )
    return sha256
