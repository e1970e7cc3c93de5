"""Says of a contract who signed it, when, and whether anything was changed since; of a file the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from app.errors import NotFound
from app.gateways import e_signature, files
from app.gateways.e_signature import FoundSignature
from app.storage import contracts
from app.storage.database import reading
from app.use_cases.permissions import Actor

Verdict = Literal["unchanged", "changed", "unknown_signer", "unsigned"]
# far more than a contract has: checking takes time that grows with the file
MAX_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class ContractCheck:
    """`number` of the contract that is known here, else None; the signatures in the order in which they were made."""

    verdict: Verdict
    number: str | None
    signatures: tuple[FoundSignature, ...]


def verify_contract(actor: Actor, number: str) -> ContractCheck:
    """Checks the file that is kept; NotFound for whoever may not see the contract."""
    with reading() as session:
        contract = contracts.visible(session, number, actor.case_scope)
        places = contracts.signatures(session, [contract.id]) if contract else []
    if contract is None:
        raise NotFound
    try:
        content = files.get(contract.document_sha256)
    except (ValueError, FileNotFoundError):  # what lies on the disk is not what was signed
        return ContractCheck("changed", contract.number, ())
    signed = [place.certificate_serial for place in places if place.signed_at is not None]
    if not signed:
        return ContractCheck("unsigned", contract.number, ())
    found = e_signature.current().verify(content)
    same = sorted(one.certificate_serial for one in found.signatures) == sorted(filter(None, signed))
    verdict: Verdict = verdict_of(found.signatures, found.unchanged)
    return ContractCheck(verdict if same else "changed", contract.number, found.signatures)


def verify_document(content: bytes) -> ContractCheck:
    """Checks any signed PDF, by its signatures and by what this product keeps; raises NoSignedDocument.

    A file that was signed here counts as unchanged only if it is, byte for byte, one that is kept here: the bytes that
    hold a signature are covered by no signature.
    """
    found = e_signature.current().verify(content)
    verdict = verdict_of(found.signatures, found.unchanged)
    serials = [one.certificate_serial for one in found.signatures if one.state == "valid"]
    with reading() as session:
        kept = contracts.with_document(session, hashlib.sha256(content).hexdigest())
        signed_here = contracts.with_certificate(session, serials)
    if verdict == "unchanged" and kept is None and signed_here is not None:
        verdict = "changed"
    return ContractCheck(verdict, kept.number if kept else None, found.signatures)


def verdict_of(signatures: tuple[FoundSignature, ...], unchanged: bool) -> Verdict:
    """The worst that can be said of any signature."""
    states = {one.state for one in signatures}
    if "changed" in states or (not unchanged and states == {"valid"}):
        return "changed"
    return "unknown_signer" if "unknown_signer" in states else "unchanged"
