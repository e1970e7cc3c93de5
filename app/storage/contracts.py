"""Contracts of a case and their signatures, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.cases import LoanCase
from app.storage.column_types import Id, PlainJson, UtcDateTime
from app.storage.database import Model

OPEN, IN_FORCE, LAPSED = "open", "in_force", "lapsed"


class Contract(Model):
    """One document that parties of a case sign. `state`: open (signatures are missing), in_force, or lapsed.

    `reference` names the call that made it, so that a repeated call makes no second one. `content` is what is printed,
    personal values as references; `document_sha256` is the file as it stands, with the signatures made so far.
    """

    __tablename__ = "contract"
    __table_args__ = (UniqueConstraint("reference", "kind"), Index("ix_contract_case", "case_id", "id"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("loan_case.id"))
    kind: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(60))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"))
    state: Mapped[str] = mapped_column(String(12), default=OPEN)
    content: Mapped[Any] = mapped_column(PlainJson)
    document_sha256: Mapped[str] = mapped_column(String(64))
    generated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_force_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lapsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ContractSignature(Model):
    """The place of one party's signature; who signed, with which certificate, and the file's hashes around it."""

    __tablename__ = "contract_signature"
    __table_args__ = (
        UniqueConstraint("contract_id", "capacity"),
        UniqueConstraint("contract_id", "position"),
        Index("ix_contract_signature_organisation", "organisation_id", "contract_id"),
        Index("ix_contract_signature_certificate", "certificate_serial"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    position: Mapped[int] = mapped_column(Integer)
    capacity: Mapped[str] = mapped_column(String(30))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    certificate_serial: Mapped[str | None] = mapped_column(String(64))
    authority: Mapped[str | None] = mapped_column(String(200))
    sha256_before: Mapped[str | None] = mapped_column(String(64))
    sha256_after: Mapped[str | None] = mapped_column(String(64))


def of_case(session: Session, case_id: int) -> list[Contract]:
    """All contracts of a case, oldest first."""
    return list(session.scalars(select(Contract).where(Contract.case_id == case_id).order_by(Contract.id)))


def of_call(session: Session, reference: str) -> list[Contract]:
    """What one call of an operation made, in the order in which it did."""
    return list(session.scalars(select(Contract).where(Contract.reference == reference).order_by(Contract.id)))


def of_case_for(session: Session, case_number: str, organisation_id: int | None) -> list[Contract]:
    """The contracts of a case that the organisation signs, oldest first; all of them for None."""
    query = select(Contract).join(LoanCase, LoanCase.id == Contract.case_id).where(LoanCase.number == case_number)
    query = query.order_by(Contract.id)
    return list(session.scalars(query if organisation_id is None else query.where(_signs(organisation_id))))


def visible(session: Session, number: str, organisation_id: int | None) -> Contract | None:
    """The contract with this number if the organisation is to sign it; None as organisation sees every contract."""
    query = select(Contract).where(Contract.number == number)
    return session.scalar(query if organisation_id is None else query.where(_signs(organisation_id)))


def locked(session: Session, contract_id: int) -> Contract:
    """The contract as it is now; whoever else wants to write it waits."""
    query = select(Contract).where(Contract.id == contract_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def signatures(session: Session, contract_ids: Iterable[int]) -> list[ContractSignature]:
    """The places for signatures of contracts, in their order."""
    query = select(ContractSignature).where(ContractSignature.contract_id.in_(list(contract_ids)))
    return list(session.scalars(query.order_by(ContractSignature.contract_id, ContractSignature.position)))


def with_document(session: Session, sha256: str) -> Contract | None:
    """The contract whose file was exactly this one at some time, signed or not yet."""
    at_some_time = exists().where(
        ContractSignature.contract_id == Contract.id,
        (ContractSignature.sha256_before == sha256) | (ContractSignature.sha256_after == sha256),
    )
    return session.scalar(select(Contract).where((Contract.document_sha256 == sha256) | at_some_time))


def with_certificate(session: Session, serials: Iterable[str]) -> Contract | None:
    """A contract that was signed with one of these certificates."""
    query = select(Contract).join(ContractSignature, ContractSignature.contract_id == Contract.id)
    return session.scalar(query.where(ContractSignature.certificate_serial.in_(list(serials))).limit(1))


def _signs(organisation_id: int) -> Any:
    return exists().where(
        ContractSignature.contract_id == Contract.id, ContractSignature.organisation_id == organisation_id
    )
