"""The guard before money: every contract of the case is in force, and each signature still holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.gateways import e_signature, files
from app.storage import contracts
from app.texts import Text
from app.use_cases.contracts.kinds import LOAN
from app.use_cases.contracts.verify_contract import verdict_of
from app.use_cases.operation import Call, Operation, OperationRefused


@dataclass(frozen=True)
class Kept:
    """A contract's file as its row names it."""

    number: str
    sha256: str


def _prepare(session: Session, call: Call) -> list[Kept]:
    found = [one for one in contracts.of_case(session, call.case.id) if one.state == contracts.IN_FORCE]
    return [Kept(one.number, one.document_sha256) for one in found]


def _ask(kept: list[Kept]) -> list[Kept]:
    """Those whose signatures do not hold."""
    return [one for one in kept if not _holds(one)]


def _holds(one: Kept) -> bool:
    try:
        found = e_signature.current().verify(files.get(one.sha256))
    except (ValueError, FileNotFoundError, e_signature.NoSignedDocument):
        return False
    return verdict_of(found.signatures, found.unchanged) == "unchanged"


def require_contracts(session: Session, call: Call, broken: list[Kept]) -> dict[str, Any]:
    """{"contracts": numbers in force}; error NotSigned while a signature is missing, ContractChanged where one fails.

    Lapsed contracts do not count; without a loan contract in force nothing is signed.
    """
    there = contracts.of_case(session, call.case.id)
    missing = [one.number for one in there if one.state == contracts.OPEN]
    signed = [one for one in there if one.state == contracts.IN_FORCE]
    if missing or not any(one.kind == LOAN for one in signed):
        raise OperationRefused(
            "NotSigned",
            f"合同还没有全部签署：{'、'.join(missing) or '没有生效的借款合同'}。",
            f"Not every contract is signed: {', '.join(missing) or 'no loan contract is in force'}.",
        )
    if broken:
        numbers = [one.number for one in broken]
        raise OperationRefused(
            "ContractChanged",
            f"合同文件在签署后被改动：{'、'.join(numbers)}。",
            f"A contract was changed after it was signed: {', '.join(numbers)}.",
        )
    return {"contracts": [one.number for one in signed]}


REQUIRE_CONTRACTS = Operation(
    "require_contracts", Text("核验合同签署", "check the signatures"), require_contracts, prepare=_prepare, ask=_ask
)
