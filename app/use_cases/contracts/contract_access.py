"""Whose turn it is to sign a contract, and in which words somebody is told that it is not theirs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.errors import Conflict
from app.storage import waiting
from app.storage.contracts import IN_FORCE, LAPSED, Contract, ContractSignature
from app.storage.organisations import Organisation
from app.storage.people import Person
from app.texts import Text
from app.use_cases.contracts.generate_contracts import signature_key
from app.use_cases.contracts.kinds import CAPACITIES, FUNDER

VERB = "sign_contracts"
MESSAGE = "SignatureCompleted"  # what the process that asks for a signature waits for


def place_of(places: Sequence[ContractSignature], organisation_id: int) -> ContractSignature | None:
    """The organisation's place that waits for a signature, else its last one; None where it signs nothing."""
    mine = [place for place in places if place.organisation_id == organisation_id]
    waiting = [place for place in mine if place.signed_at is None]
    return waiting[0] if waiting else mine[-1] if mine else None


def waits_for(places: Sequence[ContractSignature], place: ContractSignature) -> list[ContractSignature]:
    """Whose signatures must be there before this one: the funder signs last, the others in any order."""
    if place.capacity != FUNDER:
        return []
    return [other for other in places if other.capacity != FUNDER and other.signed_at is None]


def asked_for(session: Session, signatures: Sequence[tuple[Contract, ContractSignature]]) -> set[int]:
    """The ids of those places for whose signature a process waits: before it does, the contract may still change."""
    keys = {place.id: signature_key(contract.number, place.capacity) for contract, place in signatures}
    found = waiting.keys_waited_for(session, MESSAGE, keys.values()) if keys else set()
    return {place_id for place_id, key in keys.items() if key in found}


def require_turn(
    session: Session, contract: Contract, places: Sequence[ContractSignature], place: ContractSignature
) -> None:
    """Raises Conflict where the contract is ended, this party has signed, others sign before it, or its process has not
    come to signing.
    """
    if place.signed_at is not None:
        by = _person(session, place.person_id)
        raise Conflict(
            f"贵方已由{by.zh}签署了这份合同，不用再签。",
            f"{by.of('en')} has signed this contract for your organisation; nothing more is to be signed.",
            by=by.zh,
            at=place.signed_at,
        )
    if contract.state == LAPSED:
        raise Conflict(
            "这份合同已经失效，不能再签署。", "This contract has lapsed; nobody can sign it.", at=contract.lapsed_at
        )
    assert contract.state != IN_FORCE, "a contract in force has all its signatures"
    before = waits_for(places, place)
    if before:
        who = [Text(CAPACITIES[one.capacity].zh, CAPACITIES[one.capacity].en.lower()) for one in before]
        raise Conflict(
            f"资金方最后签署，还在等：{'、'.join(one.zh for one in who)}。",
            f"The funder signs last; still to sign: {', '.join(one.en for one in who)}.",
        )
    if not asked_for(session, [(contract, place)]):
        raise Conflict(
            "合同还在准备，没有轮到签署，轮到时会有待办和通知。",
            "The contract is still being prepared. When it is to be signed there is a task, and you are told.",
        )


def organisation_names(session: Session, places: Sequence[ContractSignature]) -> dict[int, Organisation]:
    """The organisations of the places by id."""
    return {id_: session.get_one(Organisation, id_) for id_ in {place.organisation_id for place in places}}


def _person(session: Session, person_id: int | None) -> Text:
    person = session.get(Person, person_id) if person_id is not None else None
    return Text(person.name_zh, person.name_en) if person else Text("他人", "somebody")
