"""The audit log shows every change made behind its back."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import delete, insert, select, update

from app.gateways import clock
from app.storage import audit
from app.storage.audit import AuditEntry, AuditTail
from app.storage.database import reading, unit_of_work
from app.use_cases.administration.verify_audit import BrokenChain, verify_audit


def write(*verbs: str, organisation_id: int = 7) -> None:
    for verb in verbs:
        with unit_of_work() as session:
            audit.record(
                session,
                organisation_id=organisation_id,
                person_id=1,
                verb=verb,
                target="LN1",
                detail={"n": 1},
                at=clock.real_now(),
            )


def test_untouched_chains_hold(installation: Flask) -> None:
    write("a", "b", "c")
    write("d", organisation_id=8)
    assert verify_audit() == []


def test_a_changed_entry_is_found(installation: Flask) -> None:
    write("a", "b", "c")
    with unit_of_work() as session:
        session.execute(update(AuditEntry).where(AuditEntry.sequence == 2).values(person_id=2))
    assert verify_audit() == [BrokenChain(7, 2)]


def test_a_deleted_entry_is_found(installation: Flask) -> None:
    write("a", "b", "c")
    with unit_of_work() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.sequence == 2))
    assert verify_audit() == [BrokenChain(7, 2)]


def test_a_deleted_last_entry_is_found(installation: Flask) -> None:
    write("a", "b", "c")
    with unit_of_work() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.sequence == 3))
    assert verify_audit() == [BrokenChain(7, 3)]


def test_an_inserted_entry_is_found(installation: Flask) -> None:
    write("a", "b", "c")
    with unit_of_work() as session:
        last = session.scalars(select(AuditEntry).where(AuditEntry.sequence == 3)).one()
        values = {
            "organisation_id": 7,
            "sequence": 4,
            "person_id": 1,
            "verb": "x",
            "target": "LN1",
            "detail": None,
            "at": clock.real_now(),
            "previous_hash": last.hash,
        }
        session.execute(insert(AuditEntry).values(**values, hash=audit.entry_hash(last.hash, values)))
    assert verify_audit() == [BrokenChain(7, 5)]


def test_a_chain_whose_tail_was_taken_away_is_found(installation: Flask) -> None:
    write("a")
    with unit_of_work() as session:
        session.execute(delete(AuditTail))
    assert [chain.organisation_id for chain in verify_audit()] == [7]


def test_several_acts_of_one_unit_are_chained_in_order(installation: Flask) -> None:
    with unit_of_work() as session:
        for verb in ("one", "two"):
            audit.record(
                session, organisation_id=None, person_id=None, verb=verb, target="", detail=None, at=clock.real_now()
            )
    with reading() as session:
        assert list(session.scalars(select(AuditEntry.verb).order_by(AuditEntry.sequence))) == ["one", "two"]
