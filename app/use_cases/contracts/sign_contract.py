"""Signs a contract for an organisation: the signature is made outside any transaction and recorded in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.gateways import clock, e_signature, files
from app.gateways.e_signature import Signatory, Signed
from app.moment import Moment
from app.storage import audit, contracts
from app.storage.cases import LoanCase
from app.storage.contracts import Contract, ContractSignature
from app.storage.database import reading, unit_of_work
from app.storage.history import HistoryEntry
from app.storage.organisations import Organisation
from app.storage.outbox import OutboxRow
from app.texts import Text
from app.use_cases.administration.fresh_log_in import require_fresh
from app.use_cases.contracts.contract_access import MESSAGE, VERB, place_of, require_turn
from app.use_cases.contracts.generate_contracts import signature_key
from app.use_cases.contracts.kinds import KINDS
from app.use_cases.instances.advance import MAX_ATTEMPTS
from app.use_cases.instances.wake import add_outbox
from app.use_cases.permissions import Actor, require

ROUNDS = 3  # parties that sign at the same moment: each of the others can come between once


@dataclass(frozen=True)
class Asked:
    """What is signed: the file as it stands, and who signs it where."""

    contract_id: int
    place_id: int
    document_sha256: str
    signatory: Signatory
    reason: str


@dataclass(frozen=True)
class SignedContract:
    """What was done: `in_force` when this was the last signature."""

    number: str
    in_force: bool


def sign_contract(actor: Actor, number: str, *, logged_in_at: datetime) -> SignedContract:
    """The actor signs for the organisation it acts for; `logged_in_at` is when the password was last given.

    Raises NotFound, Forbidden, FreshLogInNeeded, SignatureServiceUnavailable, or Conflict: signed already, lapsed, not
    yet this party's turn. Nobody sees a signature before it is recorded; a crash on the way leaves the contract as it
    was. Where another party signed meanwhile, the new document is signed.
    """
    require(VERB, actor)
    for _ in range(ROUNDS):
        moment = clock.moment()
        with reading() as session:
            asked = _asked(session, actor, number)
        require_fresh(logged_in_at)
        made = e_signature.current().sign(files.get(asked.document_sha256), asked.signatory, asked.reason, moment.now)
        sha256 = files.put(made.content)
        with unit_of_work() as session:
            recorded = _record(session, actor, asked, made, sha256, moment)
        if recorded is not None:
            return recorded
    raise Conflict(
        "各方正在同时签署，请稍后再签一次。", "Other parties are signing at this moment; please sign again shortly."
    )


def _asked(session: Session, actor: Actor, number: str) -> Asked:
    contract = contracts.visible(session, number, actor.case_scope)
    if contract is None:
        raise NotFound
    places = contracts.signatures(session, [contract.id])
    place = place_of(places, actor.organisation_id)
    if place is None:
        raise NotFound
    require_turn(session, contract, places, place)
    organisation = session.get_one(Organisation, actor.organisation_id)
    signatory = Signatory(
        person=actor.name_zh,
        organisation=organisation.name_zh,
        credit_code=organisation.unified_social_credit_code or "",
        capacity=place.capacity,
        place=place.position,
    )
    return Asked(contract.id, place.id, contract.document_sha256, signatory, f"签署{KINDS[contract.kind].name.zh}")


def _record(
    session: Session, actor: Actor, asked: Asked, made: Signed, sha256: str, moment: Moment
) -> SignedContract | None:
    """Writes the signature; None where another party's came first, so that this one covers an old document."""
    contract = contracts.locked(session, asked.contract_id)
    places = contracts.signatures(session, [contract.id])
    place = next(one for one in places if one.id == asked.place_id)
    require_turn(session, contract, places, place)
    if contract.document_sha256 != asked.document_sha256:
        return None
    place.person_id, place.signed_at = actor.person_id, moment.now
    place.certificate_serial, place.authority = made.certificate_serial, made.authority
    place.sha256_before, place.sha256_after = asked.document_sha256, sha256
    contract.document_sha256 = sha256
    if all(one.signed_at is not None for one in places):
        contract.state, contract.in_force_at = contracts.IN_FORCE, moment.now
    _tell(session, actor, contract, place, moment)
    return SignedContract(contract.number, contract.state == contracts.IN_FORCE)


def _tell(session: Session, actor: Actor, contract: Contract, place: ContractSignature, moment: Moment) -> None:
    case = session.get_one(LoanCase, contract.case_id)
    key = signature_key(contract.number, place.capacity)
    payload = {
        "case_number": case.number,
        "contract_number": contract.number,
        "kind": contract.kind,
        "capacity": place.capacity,
        "in_force": contract.state == contracts.IN_FORCE,
    }
    message = OutboxRow(
        kind="message",
        name=MESSAGE,
        case_id=case.id,
        payload={"key": key, "payload": payload},
        headers={},
        max_attempts=MAX_ATTEMPTS,
        created_at=moment.now,
    )
    add_outbox(session, message)
    kind = KINDS[contract.kind].name
    words = Text(f"签署《{kind.zh}》{contract.number}", f"Signed the {kind.en.lower()} {contract.number}")
    session.add(
        HistoryEntry(
            case_id=case.id,
            kind="signed",
            name_zh=words.zh,
            name_en=words.en,
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            round=case.round,
            at=moment.now,
        )
    )
    audit.record(
        session,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        verb="sign_contract",
        target=key,
        detail={"certificate": place.certificate_serial, "before": place.sha256_before, "after": place.sha256_after},
        at=clock.real_now(),
    )
