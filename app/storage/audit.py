"""The audit log: hash-chained per organisation, its tail locked as the last statement of a unit."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.plain import dumps
from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model, before_commit, upsert

FIRST_HASH = "0" * 64
HASHED = ("organisation_id", "sequence", "person_id", "verb", "target", "detail", "at")


class AuditEntry(Model):
    """Who did what to what; `hash` covers the entry and the hash before it, so a changed or missing row shows."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "sequence"),
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_target", "target"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(BigInteger)
    sequence: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    verb: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(100))
    detail: Mapped[Any | None] = mapped_column(PlainJson)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditTail(Model):
    """The last entry of an organisation's chain; organisation 0 is the platform."""

    __tablename__ = "audit_tail"
    organisation_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


def record(
    session: Session,
    *,
    organisation_id: int | None,
    person_id: int | None,
    verb: str,
    target: str,
    detail: Any,
    at: datetime,
) -> None:
    """Notes an act; the chain is written when the unit commits. `at` is real time, never a moved business clock."""
    session.info.setdefault("audit", []).append(
        {
            "organisation_id": organisation_id or 0,
            "person_id": person_id,
            "verb": verb,
            "target": target,
            "detail": detail,
            "at": at,
        }
    )


def entry_hash(previous: str, values: dict[str, Any]) -> str:
    """The SHA-256 (hex) over the previous hash and the entry's own values."""
    own = {key: values[key] for key in HASHED} | {"at": values["at"].isoformat()}
    return hashlib.sha256(previous.encode() + dumps(own)).hexdigest()


@before_commit
def _write_chain(session: Session) -> None:
    noted = session.info.pop("audit", [])
    for organisation_id in sorted({entry["organisation_id"] for entry in noted}):
        _extend(session, organisation_id, [entry for entry in noted if entry["organisation_id"] == organisation_id])


def _extend(session: Session, organisation_id: int, noted: list[dict[str, Any]]) -> None:
    query = select(AuditTail.sequence, AuditTail.hash).where(AuditTail.organisation_id == organisation_id)
    tail = session.execute(query.with_for_update()).first()
    if tail is None:  # of two units with an organisation's first entry, one waits here for the other
        begun = upsert(session, AuditTail).values(organisation_id=organisation_id, sequence=0, hash=FIRST_HASH)
        session.execute(begun.on_conflict_do_nothing())
        tail = session.execute(query.with_for_update()).one()
    sequence, last = tail.sequence, tail.hash
    rows = []
    for entry in noted:
        sequence += 1
        values = entry | {"sequence": sequence, "previous_hash": last}
        values["hash"] = last = entry_hash(last, values)
        rows.append(values)
    session.execute(insert(AuditEntry), rows)
    session.execute(
        update(AuditTail).where(AuditTail.organisation_id == organisation_id).values(sequence=sequence, hash=last)
    )


def broken_at(session: Session, organisation_id: int) -> int | None:
    """The sequence number at which an organisation's chain no longer holds, or None when it holds to its tail."""
    last, expected = FIRST_HASH, 0
    columns = (*(getattr(AuditEntry, name) for name in HASHED), AuditEntry.previous_hash, AuditEntry.hash)
    query = select(*columns).where(AuditEntry.organisation_id == organisation_id).order_by(AuditEntry.sequence)
    for *own, previous, found in session.execute(query.execution_options(yield_per=500)):
        expected += 1
        values = dict(zip(HASHED, own, strict=True))
        if values["sequence"] != expected or previous != last or found != entry_hash(last, values):
            return expected
        last = found
    tail = session.get(AuditTail, organisation_id)
    if (tail.sequence if tail else 0) != expected or (tail and tail.hash != last):
        return expected + 1
    return None
