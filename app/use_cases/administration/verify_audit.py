"""Checks the audit log's chains: that no entry was changed, taken out or put in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from app.gateways import clock
from app.storage import audit
from app.storage.audit import AuditEntry, AuditTail, broken_at
from app.storage.database import reading, unit_of_work
from app.storage.organisations import Organisation
from app.texts import Text
from app.use_cases.permissions import Actor, require


@dataclass(frozen=True)
class BrokenChain:
    """The chain of an organisation (0: the platform itself) no longer holds from this sequence number on."""

    organisation_id: int
    sequence: int


@dataclass(frozen=True)
class CheckedChain:
    """An organisation's chain with its number of entries; `broken_at` is the first entry that does not hold."""

    organisation: Text
    entries: int
    broken_at: int | None


def check_chains(actor: Actor) -> tuple[CheckedChain, ...]:
    """Every chain, looked at in full, for somebody who may see the audit log; the check itself is recorded."""
    require("view_audit", actor)
    with reading() as session:
        counted = select(AuditEntry.organisation_id, func.count()).group_by(AuditEntry.organisation_id)
        counts = {row[0]: row[1] for row in session.execute(counted)}
        broken = {chain.organisation_id: chain.sequence for chain in broken_chains(session)}
        names = {row.id: row.name for row in session.scalars(select(Organisation))}
    found = tuple(
        CheckedChain(names.get(id_, Text("平台自身", "The platform itself")), counts.get(id_, 0), broken.get(id_))
        for id_ in sorted(set(counts) | set(broken))
    )
    with unit_of_work() as session:
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="verify_audit",
            target="audit",
            detail={"chains": len(found), "broken": len(broken), "entries": sum(counts.values())},
            at=clock.real_now(),
        )
    return found


def verify_audit() -> list[BrokenChain]:
    """Every chain that is broken; empty when all hold."""
    with reading() as session:
        return broken_chains(session)


def broken_chains(session: Session) -> list[BrokenChain]:
    """The same inside the caller's unit."""
    every = union(select(AuditTail.organisation_id), select(AuditEntry.organisation_id))
    found = ((id_, broken_at(session, id_)) for id_ in sorted(session.scalars(every)))
    return [BrokenChain(id_, sequence) for id_, sequence in found if sequence is not None]
