"""Checks the audit log's chains: that no entry was changed, taken out or put in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from app.storage.audit import AuditEntry, AuditTail, broken_at
from app.storage.database import reading


@dataclass(frozen=True)
class BrokenChain:
    """The chain of an organisation (0: the platform itself) no longer holds from this sequence number on."""

    organisation_id: int
    sequence: int


def verify_audit() -> list[BrokenChain]:
    """Every chain that is broken; empty when all hold."""
    with reading() as session:
        return broken_chains(session)


def broken_chains(session: Session) -> list[BrokenChain]:
    """The same inside the caller's unit."""
    every = union(select(AuditTail.organisation_id), select(AuditEntry.organisation_id))
    found = ((id_, broken_at(session, id_)) for id_ in sorted(session.scalars(every)))
    return [BrokenChain(id_, sequence) for id_, sequence in found if sequence is not None]
