"""A contract for its parties: what it is, who has signed, and whether the reader is to sign now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import NotFound
from app.gateways import clock, files
from app.storage import audit, contracts, people
from app.storage.cases import LoanCase
from app.storage.contracts import Contract, ContractSignature
from app.storage.database import reading, unit_of_work
from app.texts import Text
from app.use_cases.contracts.contract_access import VERB, asked_for, organisation_names, place_of, waits_for
from app.use_cases.contracts.kinds import CAPACITIES, KINDS
from app.use_cases.permissions import Actor, may


@dataclass(frozen=True)
class SignaturePlace:
    """One party's signature; `person` and `signed_at` are None while it is missing."""

    title: Text
    organisation: Text
    person: Text | None
    signed_at: datetime | None
    certificate_serial: str | None
    sha256_after: str | None
    mine: bool


@dataclass(frozen=True)
class ContractLine:
    """A contract in a list; `to_sign` where the reader may sign it now."""

    number: str
    name: Text
    state: str
    signed: int
    signatures: int
    to_sign: bool


@dataclass(frozen=True)
class ContractDetail:
    """A contract with its places for signatures; `waiting` names who signs before the reader may, `early` says that no
    process asks for the reader's signature yet.
    """

    line: ContractLine
    case_number: str
    amount: str
    generated_at: datetime
    ended_at: datetime | None
    places: tuple[SignaturePlace, ...]
    waiting: tuple[Text, ...]
    early: bool


def show_contract(actor: Actor, number: str) -> ContractDetail:
    """The contract; NotFound for everybody but its parties and those who see every case."""
    with reading() as session:
        contract = contracts.visible(session, number, actor.case_scope)
        if contract is None:
            raise NotFound
        places = contracts.signatures(session, [contract.id])
        case = session.get_one(LoanCase, contract.case_id)
        mine = _unsigned(contract, places, actor)
        before = waits_for(places, mine) if mine else []
        asked = asked_for(session, [(contract, mine)] if mine else [])
        return ContractDetail(
            line=_line(contract, places, actor, asked),
            case_number=case.number,
            amount=contract.content["terms"]["amount"],
            generated_at=contract.generated_at,
            ended_at=contract.in_force_at or contract.lapsed_at,
            places=_places(session, places, actor),
            waiting=tuple(CAPACITIES[place.capacity] for place in before),
            early=mine is not None and not before and mine.id not in asked,
        )


def list_contracts(actor: Actor, case_number: str) -> tuple[ContractLine, ...]:
    """The contracts of a case that the actor's organisation signs; all of them for those who see every case."""
    with reading() as session:
        found = contracts.of_case_for(session, case_number, actor.case_scope)
        every = contracts.signatures(session, [one.id for one in found])
        places = {one.id: [place for place in every if place.contract_id == one.id] for one in found}
        mine = [(one, place) for one in found if (place := _unsigned(one, places[one.id], actor))]
        asked = asked_for(session, mine)
    return tuple(_line(one, places[one.id], actor, asked) for one in found)


def open_document(actor: Actor, number: str) -> bytes:
    """The contract's PDF as it stands, noted in the audit log; NotFound as for show_contract."""
    with unit_of_work() as session:
        contract = contracts.visible(session, number, actor.case_scope)
        if contract is None:
            raise NotFound
        audit.record(
            session,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            verb="open_contract",
            target=contract.number,
            detail={"sha256": contract.document_sha256},
            at=clock.real_now(),
        )
    # read and hashed after the unit: on SQLite everybody's writes wait for an open one
    return files.get(contract.document_sha256)


def _line(
    contract: Contract, places: Sequence[ContractSignature], actor: Actor, asked: Collection[int]
) -> ContractLine:
    mine = _unsigned(contract, places, actor)
    now = mine is not None and mine.id in asked and not waits_for(places, mine) and may(VERB, actor)
    signed = sum(place.signed_at is not None for place in places)
    return ContractLine(contract.number, KINDS[contract.kind].name, contract.state, signed, len(places), now)


def _places(session: Session, places: Sequence[ContractSignature], actor: Actor) -> tuple[SignaturePlace, ...]:
    names = organisation_names(session, places)
    who = people.names(session, {place.person_id for place in places if place.person_id is not None})
    found = []
    for place in places:
        person = who.get(place.person_id or 0)
        found.append(
            SignaturePlace(
                title=CAPACITIES[place.capacity],
                organisation=names[place.organisation_id].name,
                person=Text(person.name_zh, person.name_en) if person else None,
                signed_at=place.signed_at,
                certificate_serial=place.certificate_serial,
                sha256_after=place.sha256_after,
                mine=place.organisation_id == actor.organisation_id,
            )
        )
    return tuple(found)


def _unsigned(contract: Contract, places: Sequence[ContractSignature], actor: Actor) -> ContractSignature | None:
    """The place of an open contract where the actor's organisation has not signed yet."""
    mine = place_of(places, actor.organisation_id)
    return mine if contract.state == contracts.OPEN and mine is not None and mine.signed_at is None else None
